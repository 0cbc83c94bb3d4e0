// Every row is a public function under its name and aliases: the sweep calls rows, users call functions.

import { expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import type { ElementwiseRow } from '../../src/ops/define.ts';
import type { ReduceRow } from '../../src/ops/reduce/define.ts';
import { reductions } from '../../src/ops/reduce/rows.ts';
import { elementwise } from '../../src/ops/rows.ts';

it('np has every row and alias', () => {
  const published: Readonly<Record<string, unknown>> = { ...np };
  const rows: Readonly<Record<string, ElementwiseRow | ReduceRow>> = { ...elementwise, ...reductions };
  const names = Object.entries(rows).flatMap(([name, row]) => [name, ...(row.aliases ?? [])]);
  expect(names.filter((name) => typeof published[name] !== 'function')).toEqual([]);
});
