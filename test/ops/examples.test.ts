// The example of every row is run as a user would type it, and what it prints is compared with what the row says.

import { describe, expect, it } from 'vitest';
import { array_repr } from '../../src/array/format/repr.ts';
import { NDArray } from '../../src/array/ndarray.ts';
import * as np from '../../src/index.ts';
import type { ElementwiseRow } from '../../src/ops/define.ts';
import { elementwise } from '../../src/ops/rows.ts';

const show = (x: unknown): string =>
  x instanceof NDArray ? array_repr(x) : Array.isArray(x) ? `[${x.map(show).join(', ')}]` : String(x);

describe('examples', () => {
  const rows: readonly [string, ElementwiseRow][] = Object.entries(elementwise);
  it.each(rows)('%s', (_, { example: [call, prints] }) => {
    const result: unknown = new Function('np', `return ${call}`)(np);
    expect(show(result)).toBe(prints);
  });

  it('shows the function that it is an example of', () => {
    for (const [name, { example }] of rows) expect(example[0]).toContain(`np.${name}(`);
  });
});
