// Random calls of elementwise rows: dtypes, broadcasting, views, scalars, out, where, dtype.

import { ufuncs } from '../../src/array/ufuncs.ts';
import { inCategory } from '../../src/dtype/category.ts';
import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import { castScalar, checkScalar } from '../../src/dtype/scalars.ts';
import type { ElementwiseRow } from '../../src/ops/define.ts';
import { type ElementwiseName, elementwise, elementwiseNames, topics } from '../../src/ops/rows.ts';
import { scalarAt } from '../sweep/_oracle.ts';
import { below, type Elements, elementsOf, pick, type Random } from '../sweep/_values.ts';
import {
  type Argument,
  type Case,
  callCase,
  float,
  Inputs,
  mixed,
  partOf,
  randomShape,
  type Tolerance,
  value,
} from './_case.ts';
import type { NumpyOracle } from './_oracle.ts';

/** NumPy's own error comes on top of ours. */
const THEIRS = 4;
/** Complex functions are compositions, there and here; those of two operands are worse conditioned. */
const COMPLEX = [64, 1024];

function toleranceOf(name: string, row: ElementwiseRow): Tolerance {
  const { ulp } = row;
  // Of zeros of both signs NumPy returns one or the other, depending on the vector unit.
  if (name in topics.extrema) return { zeros: true };
  const loose = COMPLEX[row.nin === 1 ? 0 : 1];
  if (ulp === undefined) return { ulp: (d) => (d.kind === 'c' ? loose : 0) };
  return {
    // A logarithm of a sum near 1 crosses zero: its error is that of the sum.
    ...(name.startsWith('logaddexp') && { absolute: 2 }),
    ulp: (d) =>
      d.kind === 'c'
        ? loose
        : d.half
          ? 1
          : Math.ceil(d.lane === 'f32' ? ulp.f32 : ulp.f64) + (ulp.f64 <= 0.5 ? 0 : THEIRS),
  };
}

/** A scalar argument that means the same on both sides, and joins an array of dtype `d` there. */
function scalarArgument(d: DType, e: Elements): Argument {
  const v = castScalar(scalarAt(e, 0), e.d, d);
  if (d.kind === 'f') return float(Number(v));
  return value(checkScalar(v, d, 'case'));
}

export function* elementwiseCases(random: Random, numpy: NumpyOracle): Generator<Case> {
  const names = elementwiseNames.filter((n) => numpy.names.has(n));
  for (;;) {
    const name = pick(random, names);
    const row: ElementwiseRow = elementwise[name];
    const isUfunc = numpy.ufuncs.has(name);
    const one = pick(random, dtypeList);
    const same = random() < 0.6;
    const ds = Array.from({ length: row.nin }, (_, i) => {
      if (row.fixed?.[i] !== undefined) return pick(random, [dtypes.int8, dtypes.int16, dtypes.int32]);
      return same ? one : pick(random, dtypeList);
    });
    const shape = randomShape(random);
    const inputs = new Inputs(random);
    const make = (d: DType) => (n: number) => refusedOut(row, mixed(d, n, random, row.domain));
    const weak = row.nin === 2 && same && row.fixed === undefined && random() < 0.15 ? below(random, 2) : -1;
    const args = ds.map((d, i) =>
      i === weak ? scalarArgument(d, mixed(d, 1, random, row.domain)) : inputs.view(partOf(shape, random), make(d)),
    );
    const keywords: Record<string, Argument> = {};
    const option = random();
    if (isUfunc && row.nout === undefined && weak < 0 && option < 0.25) {
      const full = broadcast(inputs);
      if (full !== undefined) {
        // A result of fewer bits than its out has is off by more of out's last places.
        const d = option < 0.05 && row.ulp === undefined ? pick(random, dtypeList) : resultDType(name, ds, row);
        if (d !== undefined) {
          keywords.out = inputs.add(mixed(d, size(full), random), full);
          if (option < 0.15) keywords.where = inputs.view(partOf(full, random), (n) => mixed(dtypes.bool, n, random));
        }
      }
    } else if (isUfunc && row.nout === undefined && row.fixed === undefined && option < 0.3) {
      keywords.dtype = value(pick(random, dtypeList).name);
    }
    yield callCase('elementwise', name, args, keywords, inputs.x, toleranceOf(name, row), { row, ds, weak, keywords });
  }
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

// Values that a row refuses on some dtypes are left out most of the time: both sides refusing says little.
function refusedOut(row: ElementwiseRow, e: Elements): Elements {
  if (row.refuses === undefined || !inCategory(e.d, row.refuses.on) || e.d.kind === 'u') return e;
  return elementsOf(
    e.d,
    Array.from({ length: e.n }, (_, i) => {
      const v = scalarAt(e, i);
      return typeof v === 'bigint' && v < 0n ? 3n : v;
    }),
  );
}

/** Shape of the inputs as they are seen; undefined where a view changed it. */
function broadcast({ x }: Inputs): number[] | undefined {
  const ndim = Math.max(...x.map((o) => o.shape.length));
  const out = new Array<number>(ndim).fill(1);
  for (const { shape } of x) {
    for (let d = 1; d <= shape.length; d++) {
      const n = shape[shape.length - d];
      if (n === 1) continue;
      if (out[ndim - d] !== 1 && out[ndim - d] !== n) return undefined;
      out[ndim - d] = n;
    }
  }
  return out;
}

/** Dtype that the row computes these operands into. */
function resultDType(name: ElementwiseName, ds: readonly DType[], row: ElementwiseRow): DType | undefined {
  try {
    return ufuncs[name].loop(ds.filter((_, i) => row.fixed?.[i] === undefined)).types.outs[0];
  } catch {
    return undefined; // there is no loop: both sides are to say so
  }
}
