// Results of every elementwise function on the edges of every dtype and some random values, against NumPy's
// (fixtures/make_ufunc_values.py). UFUNC_VALUES=file takes another file of that script, with more random values.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asarray, frombuffer } from '../../src/array/creation.ts';
import { NDArray } from '../../src/array/ndarray.ts';
import { ufuncs } from '../../src/array/ufuncs.ts';
import { type Category, inCategory } from '../../src/dtype/category.ts';
import { Complex } from '../../src/dtype/complex.ts';
import { type DTypeName, dtypes } from '../../src/dtype/dtype.ts';
import type { Scalar } from '../../src/dtype/scalars.ts';
import { callUfunc } from '../../src/exec/call.ts';
import { elements } from '../../src/exec/coerce.ts';
import { type ElementwiseName, elementwiseNames } from '../../src/ops/rows.ts';

interface Fixture {
  readonly operands: Readonly<
    Record<DTypeName, { readonly unary: readonly string[]; readonly binary: readonly string[] }>
  >;
  readonly functions: Readonly<Record<string, Partial<Record<DTypeName, readonly (readonly [DTypeName, string])[]>>>>;
}
const path = process.env.UFUNC_VALUES ?? 'test/fixtures/ufunc_values.json';
const fixture: Fixture = JSON.parse(readFileSync(path, 'utf8'));

const decoded = (text: string, dtype: DTypeName): NDArray =>
  asarray(frombuffer(Uint8Array.from(Buffer.from(text, 'base64')), { dtype }), { copy: true });

const digits: Partial<Record<DTypeName, number>> = {
  float16: 11,
  float32: 24,
  complex64: 24,
  float64: 53,
  complex128: 53,
};
const least: Partial<Record<DTypeName, number>> = { float16: 2 ** -24, float32: 2 ** -149, complex64: 2 ** -149 };

/** |x - y| in units in the last place of the greater; NaN equals NaN, an infinity only itself. */
function ulps(x: number, y: number, magnitude: number, dtype: DTypeName): number {
  if (Object.is(x, y) || (Number.isNaN(x) && Number.isNaN(y))) return 0;
  if (x === y) return 0;
  const unit = 2 ** (Math.floor(Math.log2(magnitude)) - (digits[dtype] ?? 53) + 1);
  const d = Math.abs(x - y) / Math.max(unit, least[dtype] ?? 2 ** -1074);
  return Number.isNaN(d) ? Number.POSITIVE_INFINITY : d;
}

function distance(x: Scalar, y: Scalar, dtype: DTypeName, scale: number): number {
  if (x instanceof Complex && y instanceof Complex) {
    const size = (z: Complex) => Math.max(Math.abs(z.re), Math.abs(z.im));
    const magnitude = Math.min(Math.max(size(x), size(y)), Number.MAX_VALUE);
    return Math.max(ulps(x.re, y.re, magnitude || Math.abs(y.re), dtype), ulps(x.im, y.im, magnitude || 1, dtype));
  }
  if (typeof x === 'number' && typeof y === 'number' && digits[dtype] !== undefined) {
    return ulps(x, y, Math.max(Math.abs(x), Math.abs(y), scale), dtype);
  }
  return x === y ? 0 : Number.POSITIVE_INFINITY;
}

interface Decision {
  readonly names: readonly string[];
  readonly on: Category;
  readonly where: (operands: readonly Scalar[]) => boolean;
  readonly reason: string;
}

const isModerate = (x: Scalar): boolean => x instanceof Complex && Math.abs(x.re) < 80 && Number.isFinite(x.im);

/** Where NumPy's answers are not the measure. */
const decisions: readonly Decision[] = [
  {
    names: ['reciprocal'],
    on: 'ints',
    where: ([x]) => Number(x) === 0,
    reason: 'NumPy gives 0 for some integer dtypes and the least integer for others; here 0, as all division by zero',
  },
  {
    names: ['expm1'],
    on: 'complexes',
    where: (operands) => !operands.every(isModerate),
    reason: 'NumPy subtracts 1 from exp without the special cases of C99 Annex G and overflows before the parts do',
  },
  {
    names: ['power', 'float_power'],
    on: 'complexes',
    where: (operands) => operands.some((z) => z instanceof Complex && !Number.isFinite(z.re + z.im)),
    reason: 'NumPy has cases of its own for exponents with NaN parts',
  },
];

const decided = (name: string, from: DTypeName, operands: readonly Scalar[]): boolean =>
  decisions.some((d) => d.names.includes(name) && inCategory(dtypes[from], d.on) && d.where(operands));

/** Complex functions whose errors in NumPy grow with the argument: exp2 multiplies by log 2 first, log1p adds 1 first. */
const inexactInNumPy: Readonly<Record<string, number>> = { exp2: 2000, log1p: 1e6, power: 5000, float_power: 5000 };

/** Functions whose error is measured against the greatest operand: their sums cancel. */
const cancelling: readonly string[] = ['logaddexp', 'logaddexp2'];

const rowNames = new Map<string, ElementwiseName>();
for (const name of elementwiseNames) {
  for (const alias of [name, ...(ufuncs[name].row.aliases ?? [])]) rowNames.set(alias, name);
}

/** Units in the last place between two good answers: NumPy's own error, and this row's. */
const allowed = (name: ElementwiseName, dtype: DTypeName): number => {
  const { ulp } = ufuncs[name].row;
  if (dtype === 'float16') return ulp === undefined ? 0 : 1;
  if (dtype === 'complex64' || dtype === 'complex128') return inexactInNumPy[name] ?? 8;
  return ulp === undefined ? 0 : 4 + Math.max(ulp.f32, ulp.f64);
};

const show = (x: Scalar): string => (Object.is(x, -0) ? '-0' : String(x));

describe('values', () => {
  for (const [name, byDType] of Object.entries(fixture.functions)) {
    it(name, () => {
      const row = rowNames.get(name);
      if (row === undefined) throw new Error(`no row ${name}`);
      const ufunc = ufuncs[row];
      const wrong: string[] = [];
      for (const [from, outs] of Object.entries(byDType) as [DTypeName, (typeof byDType)['bool']][]) {
        const ins = fixture.operands[from][ufunc.nin === 1 ? 'unary' : 'binary'].map((t) => decoded(t, from));
        if (name === 'ldexp')
          ins[1] = asarray(BigInt64Array.from({ length: ins[0].size }, (_, i) => BigInt(i) * 7n - 80n));
        if (name === 'power' && dtypes[from].kind === 'i') {
          const b = ins[1];
          ins[1] = callUfunc(ufuncs.invert, [b], { out: b, where: callUfunc(ufuncs.less, [b, 0]) }) as NDArray;
        }
        const result = callUfunc(ufunc, ins);
        const results = Array.isArray(result) ? result : [result];
        const operands = ins.map((a) => [...elements(a)]);
        for (const [k, [dtype, text]] of (outs ?? []).entries()) {
          const ours = results[k];
          if (!(ours instanceof NDArray)) throw new TypeError('not an array');
          expect(ours.dtype.name).toBe(dtype);
          const [x, y] = [[...elements(ours)], [...elements(decoded(text, dtype))]];
          const tolerance = allowed(row, dtype);
          x.forEach((v, i) => {
            const at = operands.map((o) => o[i]);
            const scale = cancelling.includes(name) ? Math.max(...at.map((o) => Math.abs(Number(o)) || 0)) : 0;
            const d = distance(v, y[i], dtype, Math.min(scale, Number.MAX_VALUE));
            if (d <= tolerance || decided(name, from, at)) return;
            const given = at.map(show).join(', ');
            wrong.push(`${from} ${name}(${given}) = ${show(v)}, NumPy ${show(y[i])} (${d.toPrecision(3)} ulp)`);
          });
        }
      }
      expect(wrong.length > 12 ? [...wrong.slice(0, 12), `${wrong.length} in all`] : wrong).toEqual([]);
    });
  }
});
