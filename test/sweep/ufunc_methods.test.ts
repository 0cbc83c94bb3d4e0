// Methods of every row of two operands: reduce, accumulate and reduceat give the same bits for every layout and agree with
// one another, outer is the call on broadcast operands, at is the call into out where no position comes twice.

import { describe, expect, it } from 'vitest';
import { at } from '../../src/array/ufunc/at.ts';
import { outer } from '../../src/array/ufunc/outer.ts';
import { accumulate, reduce } from '../../src/array/ufunc/reduce.ts';
import { reduceat } from '../../src/array/ufunc/reduceat.ts';
import { ufuncs } from '../../src/array/ufuncs.ts';
import { DTypeError } from '../../src/base/errors.ts';
import { type DType, dtypeList } from '../../src/dtype/dtype.ts';
import { ArrayBase } from '../../src/exec/array_base.ts';
import { toArray } from '../../src/exec/coerce.ts';
import { callBinary } from '../../src/exec/direct.ts';
import * as np from '../../src/index.ts';
import type { ElementwiseRow } from '../../src/ops/define.ts';
import { elementwise, elementwiseNames } from '../../src/ops/rows.ts';
import { gather, layoutNames, place } from './_layouts.ts';
import { range } from './_subject.ts';
import { type Elements, firstDifference, sample, seedOf, take } from './_values.ts';
import { full } from './_verdict.ts';

const SHAPE = [3, 4, 5];
const SIZE = 60;
const names = elementwiseNames.filter((name) => {
  const row: ElementwiseRow = elementwise[name];
  return row.nin === 2 && row.nout === undefined && row.fixed === undefined;
});

const asArray = (x: unknown): ArrayBase => (x instanceof ArrayBase ? x : toArray(x, 'sweep'));

function expectSame(got: unknown, want: unknown, what: string): void {
  const [a, b] = [gather(asArray(got)), gather(asArray(want))];
  expect(`${a.d.name} ${asArray(got).shape}`, what).toBe(`${b.d.name} ${asArray(want).shape}`);
  expect(firstDifference(a, b), what).toBe(-1);
}

// Elements that the row takes as second operand too.
function elementsFor(name: (typeof names)[number], d: DType): Elements {
  const row: ElementwiseRow = elementwise[name];
  const e = sample(d, SIZE, seedOf(`${name}${d.name}`), row.domain);
  if (row.refuses === undefined || d.kind !== 'i') return e;
  const positive = range(SIZE).filter((i) => Number(e.raw[i]) >= 0);
  return take(
    e,
    range(SIZE, (i) => positive[i % positive.length]),
  );
}

function sweep(name: (typeof names)[number], d: DType): void {
  const u = ufuncs[name];
  const e = elementsFor(name, d);
  const plain = place(e, SHAPE, 'contiguous').array;
  const free = u.row.folds !== undefined;
  for (const axis of full ? [0, 1, 2] : [0, 2]) {
    const reduced = reduce(u, plain, axis);
    const running = accumulate(u, plain, axis);
    const whole = reduceat(u, plain, [0], axis);
    const each = reduceat(u, plain, [2, 1], axis);
    for (const layout of layoutNames) {
      const a = place(e, SHAPE, layout).array;
      const what = `${name}(${d.name}) axis ${axis} ${layout}`;
      expectSame(reduce(u, a, axis), reduced, `reduce ${what}`);
      expectSame(accumulate(u, a, axis), running, `accumulate ${what}`);
      expectSame(reduceat(u, a, [0], axis), whole, `reduceat ${what}`);
      expectSame(reduceat(u, a, [2, 1], axis), each, `reduceat ${what}`);
    }
    // From left to right the last of the running results is the reduction; float16 is carried wider than it is stored.
    if (free || d.half) continue;
    const index = range(3).map((k) => (k === axis ? -1 : ':'));
    expectSame(running.get(...index), reduced, `last of ${name}`);
    expectSame(np.squeeze(whole, axis), reduced, `${name} reduceat from 0`);
  }
  const [x, y] = [take(e, range(6)), take(e, range(7))];
  const [p, q] = [place(x, [2, 3], 'fortran').array, place(y, [7], 'strided').array];
  const pairs = outer(u, p, q);
  const column = place(x, [2, 3, 1], 'contiguous').array;
  expectSame(pairs, callBinary(u, column, place(y, [7], 'contiguous').array), `${name}.outer`);
  const result = asArray(callBinary(u, q, q));
  if (result.dtype !== d) return;
  const changed = place(y, [7], 'contiguous').array;
  at(u, changed, [6n, 0n, 3n, 1n, 2n, 5n, 4n], asArray(np.asarray(q as np.NDArray).get([6, 0, 3, 1, 2, 5, 4])));
  expectSame(changed, result, `${name}.at`);
}

describe('methods of rows', () => {
  it.each(names)('%s', (name) => {
    let taken = 0;
    const chosen = seedOf(name);
    np.errstate({ all: 'ignore' }, () => {
      for (const d of dtypeList) {
        try {
          ufuncs[name].reduction.of(ufuncs[name].reduction.accumulate?.(d) ?? d);
        } catch (error) {
          if (error instanceof DTypeError) continue;
          throw error;
        }
        // Kernels are what takes time: a quarter of the dtypes, others for other rows, unless all are asked for.
        if (taken++ > 0 && !full && (chosen + d.id) % 4 !== 0) continue;
        sweep(name, d);
      }
    });
    expect(taken).toBeGreaterThan(0);
  });
});
