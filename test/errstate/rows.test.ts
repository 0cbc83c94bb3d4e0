// Every row says which faults it can meet: on the edges of every dtype each declared kind occurs in some loop, and a row
// that declares none makes no NaN and no infinity out of finite numbers.
import { describe, expect, it } from 'vitest';
import { ufuncs } from '../../src/array/ufuncs.ts';
import type { DType } from '../../src/dtype/dtype.ts';
import { dtypeList } from '../../src/dtype/dtype.ts';
import { callUfunc } from '../../src/exec/call.ts';
import * as np from '../../src/index.ts';
import { kindsOfBits } from '../../src/kernel/faults.ts';
import { type ElementwiseRow, loopsOf, possibleFaults } from '../../src/ops/define.ts';
import { elementwise, elementwiseNames } from '../../src/ops/rows.ts';
import { place } from '../sweep/_layouts.ts';
import { edges, elementsOf } from '../sweep/_values.ts';

/** All edges of a dtype but those that are not finite, in every combination. */
function operands(ins: readonly DType[]): np.NDArray[] {
  const lists = ins.map((d) => edges(d));
  const size = lists.reduce((n, l) => n * l.length, 1);
  return lists.map((list, i) => {
    const repeat = lists.slice(i + 1).reduce((n, l) => n * l.length, 1);
    const values = Array.from({ length: size }, (_, k) => list[Math.floor(k / repeat) % list.length]);
    return place(elementsOf(ins[i], values), [size], 'contiguous').array as np.NDArray; // made by the registered class
  });
}

describe.each(elementwiseNames.filter((name) => elementwise[name].nin <= 2))('%s', (name) => {
  const row: ElementwiseRow = elementwise[name];
  it('meets what it declares, and nothing else', () => {
    const met = new Set<string>();
    const declared = new Set<string>();
    for (const types of loopsOf(row)) {
      const possible = kindsOfBits(possibleFaults(types));
      for (const kind of possible) declared.add(kind);
      const call: np.ErrorCall = (_words, _bit, { kind }) => {
        expect(possible, `${name} of ${types.ins.map((d) => d.name)}`).toContain(kind);
        met.add(kind);
      };
      const x = operands(types.ins);
      if (row.refuses !== undefined && types.ins[row.refuses.operand].kind === 'i') np.absolute(x[1], { out: x[1] });
      const results = np.errstate({ all: 'call', call }, () => {
        try {
          return callUfunc(ufuncs[name], x);
        } catch (error) {
          if (error instanceof np.ArgumentError) return []; // the least integer has no absolute value
          throw error;
        }
      });
      if (possible.length > 0 || types.ins[0].kind !== 'f') continue;
      const finite = x.map((a) => np.isfinite(a)).reduce((a, b) => np.logical_and(a, b));
      for (const r of Array.isArray(results) ? results : [results]) {
        if (r.dtype.kind !== 'f') continue;
        const odd = np.logical_and(finite, np.logical_not(np.isfinite(r)));
        expect(np.any(odd), `${name} of ${types.ins.map((d) => d.name)}: finite operands, ${r}`).toBe(false);
      }
    }
    expect([...met].sort()).toEqual([...declared].sort());
  });
});

it('there are dtypes of every kind', () => {
  expect(new Set(dtypeList.map((d) => d.kind)).size).toBe(5);
});
