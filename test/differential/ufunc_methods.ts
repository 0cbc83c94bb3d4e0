// Random cases of ufunc methods: every row of two operands, by reduce, accumulate, reduceat, outer and at.

import type { NDArray } from '../../src/array/ndarray.ts';
import type { UfuncObject } from '../../src/array/ufunc/object.ts';
import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import * as np from '../../src/index.ts';
import type { ElementwiseRow } from '../../src/ops/define.ts';
import { elementwise } from '../../src/ops/rows.ts';
import { below, pick, type Random } from '../sweep/_values.ts';
import { type Argument, type Case, float, Inputs, mixed, plain, randomShape, type Tolerance, value } from './_case.ts';
import type { NumpyOracle } from './_oracle.ts';

const rows: Readonly<Record<string, ElementwiseRow>> = elementwise;
const published: Readonly<Record<string, unknown>> = { ...np };

/** float16 is carried in float32 and rounded once; complex folds other than sums differ by rounding at every step. */
const takes = (name: string, d: DType): boolean =>
  !d.half && (d.kind !== 'c' || name === 'add' || name === 'subtract') && !(d.kind !== 'f' && name === 'float_power');

// Ordinary sizes: results of long folds stay finite. Powers and quotients of powers are left to short rows.
const few = new Set(['power', 'float_power', 'left_shift', 'multiply', 'divide', 'floor_divide', 'remainder', 'fmod']);

function toleranceOf(row: ElementwiseRow, name: string, count: number): Tolerance {
  const exact = name === 'maximum' || name === 'minimum' || name === 'fmax' || name === 'fmin';
  const budget = (row.ulp?.f64 ?? (name === 'add' || name === 'multiply' ? 1 : 0)) * 4 * (count + 1);
  return exact
    ? { zeros: true }
    : { ulp: () => budget, absolute: name === 'add' ? count * 40 : budget * 40, zeros: true };
}

export function* ufuncMethodCases(random: Random, numpy: NumpyOracle): Generator<Case> {
  const names = Object.keys(rows).filter((n) => {
    const { nin, nout, fixed } = rows[n];
    return nin === 2 && nout === undefined && fixed === undefined && numpy.ufuncs.has(n);
  });
  for (;;) {
    const name = pick(random, names);
    const row = rows[name];
    const method = pick(random, ['reduce', 'reduce', 'accumulate', 'reduceat', 'outer', 'at'] as const);
    const d = pick(
      random,
      dtypeList.filter((t) => takes(name, t)),
    );
    const shape = randomShape(random, 3, few.has(name) ? 24 : 200);
    const inputs = new Inputs(random);
    const low = d.kind === 'i' && row.refuses !== undefined ? 0 : -4;
    const a = inputs.view(shape, (n) => plain(d, n, random, low, 4));
    const args: Argument[] = [a];
    const keywords: Record<string, Argument> = {};
    const axis = shape.length === 0 ? 0 : below(random, shape.length);
    const n = shape[axis] ?? 1;
    let py = '';
    if (method === 'reduce') {
      if (random() < 0.7) keywords.axis = value(axis);
      if (random() < 0.3) keywords.keepdims = value(true);
      const initial = random() < 0.3;
      if (initial) keywords.initial = d.kind === 'f' || d.kind === 'c' ? float(2) : value(d.kind === 'b' ? true : 2);
      if (random() < 0.2 && initial) keywords.where = inputs.view(shape, (k) => mixed(dtypes.bool, k, random));
      // Whole 64-bit results may not fit a JS number.
      if (keywords.axis === undefined && shape.length < 2 && d.kind !== 'f') keywords.keepdims = value(true);
    } else if (method === 'accumulate') keywords.axis = value(axis);
    else if (method === 'reduceat') {
      const starts = Array.from({ length: below(random, 5) + 1 }, () =>
        BigInt(below(random, n + (random() < 0.03 ? 1 : 0))),
      );
      args.push({ py: `np.array([${starts}], dtype=int)`, js: () => np.array(starts) });
      keywords.axis = value(axis);
    } else if (method === 'outer')
      args.push(inputs.view(randomShape(random, 2, 12), (k) => plain(d, k, random, low, 4)));
    else {
      const at = Array.from(
        { length: below(random, 6) + 1 },
        () => below(random, 2 * Math.max(1, shape[0] ?? 1)) - (shape[0] ?? 1),
      );
      args.push({ py: `np.array([${at}])`, js: () => np.array(at.map(BigInt)) });
      args.push(inputs.add(plain(d, 1, random, low, 4), [1]));
    }
    const keys = Object.entries(keywords);
    py = `np.${name}.${method}(${[...args.map((x) => x.py), ...keys.map(([k, x]) => `${k}=${x.py}`)].join(', ')})`;
    if (method === 'at') py = `(lambda a: (np.${name}.at(a, ${args[1].py}, ${args[2].py}), a)[1])(${a.py}.copy())`;
    yield {
      group: 'ufunc_methods',
      py,
      x: inputs.x,
      tolerance: toleranceOf(
        row,
        name,
        shape.reduce((p, k) => p * k, 1),
      ),
      facts: { name, method, dtypes: inputs.x.map((o) => o.e.d), shape },
      ours: (arrays) => {
        const f = published[name] as UfuncObject; // names of rows are those of ufuncs
        const given = args.map((x) => x.js(arrays));
        if (method === 'at') {
          const copy = (given[0] as NDArray).copy();
          f.at(copy, given[1] as NDArray, given[2] as NDArray);
          return copy;
        }
        const options = Object.fromEntries(keys.map(([k, x]) => [k, x.js(arrays)]));
        return Reflect.apply(f[method], f, [...given, ...(keys.length > 0 ? [options] : [])]);
      },
    };
  }
}
