// The table of reductions by blocks: what plans name. Each row is in the file of its kind.

import { positionRow } from './positions.ts';
import { againRow, momentRow } from './reductions.ts';
import { distinctRow, summaryRow } from './summary.ts';

export const trees = {
  reduce: againRow,
  moment: momentRow,
  position: positionRow,
  summary: summaryRow,
  distinct: distinctRow,
};
