// Products of arrays against NumPy's (fixtures/matmul.json): every dtype, layout and shape rule; then what fixtures cannot
// hold: out, overlap, host operands, casting, errors, NaN.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { array, empty, zeros } from '../../src/array/creation.ts';
import { NDArray, nd } from '../../src/array/ndarray.ts';
import { broadcast_to, swapaxes } from '../../src/array/views.ts';
import { CastError, DTypeError, ShapeError } from '../../src/base/errors.ts';
import { Complex } from '../../src/dtype/complex.ts';
import { asDType, type DTypeName, dtypes } from '../../src/dtype/dtype.ts';
import { castScalar, type Scalar, writeElement } from '../../src/dtype/scalars.ts';
import { elements, wrapTyped } from '../../src/exec/coerce.ts';
import { dot, inner, matmul, vdot } from '../../src/linalg/matmul.ts';

type Case = [
  string,
  number[],
  number[],
  DTypeName,
  DTypeName,
  Layout,
  Layout,
  string,
  number[],
  string,
  (number | string)[],
];
const fixture: { cases: Case[] } = JSON.parse(readFileSync('test/fixtures/matmul.json', 'utf8'));

/** The formula of make_matmul.py. */
function make(shape: readonly number[], dtype: DTypeName, seed: number, scale: string): NDArray {
  const out = empty(shape, { dtype });
  const d = asDType(dtype);
  for (let i = 0; i < out.size; i++) {
    const v = BigInt(((i * 7 + seed) % 11) - 5) * BigInt(scale);
    let x: Scalar = Number(v);
    if (d.kind === 'c') x = new Complex(Number(v), ((i * 5 + seed) % 7) - 3);
    else if (d.kind === 'b') x = v > 0n;
    else if (d.kind !== 'f') x = castScalar(v, dtypes.int64, d);
    writeElement(out.data, i, d, x);
  }
  return out;
}

type Made = (shape: readonly number[]) => NDArray;
const layouts = {
  plain: (shape: number[], made: Made) => made(shape),
  turned: (shape: number[], made: Made) =>
    shape.length > 1 ? swapaxes(made([...shape.slice(0, -2), ...shape.slice(-2).reverse()]), -1, -2) : made(shape),
  flipped: (shape: number[], made: Made) => made(shape).get('...', '::-1'),
  stepped: (shape: number[], made: Made) =>
    made([...shape.slice(0, -1), 2 * shape[shape.length - 1]]).get('...', '::2'),
  stretched: (shape: number[], made: Made) => broadcast_to(made([1, ...shape.slice(1)]), shape),
};
type Layout = keyof typeof layouts;
const functions: Record<string, (a: NDArray, b: NDArray) => NDArray | Scalar> = { matmul, dot, inner, vdot };

function flat(x: NDArray | Scalar): (number | string)[] {
  const values: Scalar[] = x instanceof NDArray ? [...elements(x)] : [x];
  const wide = x instanceof NDArray && x.itemsize === 8 && 'iu'.includes(x.dtype.kind);
  return values.flatMap((v): (number | string)[] =>
    v instanceof Complex ? [v.re, v.im] : wide ? [String(v)] : [Number(v)],
  );
}

describe('against NumPy', () => {
  const groups = new Map<string, Case[]>();
  for (const c of fixture.cases) {
    const key = `${c[0]} ${c[3]}`;
    groups.set(key, [...(groups.get(key) ?? []), c]);
  }
  it.each([...groups])('%s', (_, cases) => {
    for (const [fn, a, b, da, db, la, lb, scale, shape, dtype, want] of cases) {
      const x = layouts[la](a, (s) => make(s, da, 3, scale));
      const y = layouts[lb](b, (s) => make(s, db, 8, scale));
      const got = functions[fn](x, y);
      const line = `${fn}(${da} ${a} ${la}, ${db} ${b} ${lb}) scale ${scale}`;
      expect([line, ...flat(got)]).toEqual([line, ...want.map((w) => (got instanceof NDArray ? w : Number(w)))]);
      if (got instanceof NDArray) expect([line, got.shape, got.dtype.name]).toEqual([line, shape, dtype]);
    }
  });
});

const square = (values: number[], n: number): NDArray => array(values).reshape(n, n);

describe('matmul', () => {
  it('takes nested lists and typed arrays', () => {
    expect(
      matmul(
        [
          [1, 2],
          [3, 4],
        ],
        new Float64Array([5, 6]),
      ).tolist(),
    ).toEqual([17, 39]);
  });
  it('reads operands in host memory', () => {
    const host = nd(wrapTyped(new Float32Array([1, 2, 3, 4, 5, 6]), 'test')).reshape(2, 3);
    expect(matmul(host, host.T).tolist()).toEqual([
      [14, 32],
      [32, 77],
    ]);
    expect(matmul(host.get('::-1'), host.T).tolist()).toEqual([
      [32, 77],
      [14, 32],
    ]);
  });
  it('out: written in place, cast, strided, overlapping', () => {
    const [a, b] = [square([1, 2, 3, 4], 2), square([5, 6, 7, 8], 2)];
    const want = [
      [19, 22],
      [43, 50],
    ];
    const out = zeros([2, 2]);
    expect(matmul(a, b, { out })).toBe(out);
    expect(out.tolist()).toEqual(want);
    expect(matmul(a, b, { out: zeros([2, 2], { dtype: 'float32' }) }).tolist()).toEqual(want);
    const wide = zeros([4, 4]);
    matmul(a, b, { out: wide.get('::2', '::-2') });
    expect(wide.tolist()).toEqual([
      [0, 22, 0, 19],
      [0, 0, 0, 0],
      [0, 50, 0, 43],
      [0, 0, 0, 0],
    ]);
    const same = square([1, 2, 3, 4], 2);
    expect(matmul(same, b, { out: same }).tolist()).toEqual(want);
    const twice = square([1, 2, 3, 4], 2);
    expect(matmul(twice, twice, { out: twice.T }).T.tolist()).toEqual([
      [7, 15],
      [10, 22],
    ]);
    const stack = zeros([3, 2, 2]);
    expect(matmul(broadcast_to(a, [3, 2, 2]), b, { out: stack }).tolist()).toEqual([want, want, want]);
  });
  it('dtype and casting', () => {
    const a = array([[1.5, 2]]);
    expect(matmul(a, a.T, { dtype: 'float32' }).dtype.name).toBe('float32');
    expect(() => matmul(a, a.T, { dtype: 'int32' })).toThrow(CastError);
    expect(matmul(a, a.T, { dtype: 'int32', casting: 'unsafe' }).tolist()).toEqual([[5]]);
    expect(() => matmul(a, a.T, { out: zeros([1, 1], { dtype: 'int8' }) })).toThrow(CastError);
    expect(() => matmul(zeros([1, 1], { dtype: 'uint64' }), zeros([1, 1], { dtype: 'int64' }))).toThrow(DTypeError);
  });
  it('float16 rounds operands and results only', () => {
    const a = array([[2048, 1, 1]], { dtype: 'float16' });
    expect(matmul(a, zeros([3, 1], { dtype: 'float16' }).copy()).tolist()).toEqual([[0]]);
    expect(matmul(a, array([[1], [1], [1]], { dtype: 'float16' })).tolist()).toEqual([[2050]]);
  });
  it('NaN and infinities travel', () => {
    expect(
      matmul(
        [
          [Infinity, 1],
          [NaN, 2],
        ],
        [
          [0, -1],
          [3, 1],
        ],
      ).tolist(),
    ).toEqual([
      [NaN, -Infinity],
      [NaN, NaN],
    ]);
  });
  it('says what does not fit, and how to make it fit', () => {
    const of = (...shape: number[]) => zeros(shape); // unknown to the compiler, which would refuse first
    const [a, b] = [of(2, 3), of(4, 3)];
    expect(() => matmul(a, b)).toThrow(/\(2,3\) and \(4,3\).*3 against 4[\s\S]*b\.mT/);
    expect(() => matmul(of(3, 2), of(3, 4))).toThrow(/a\.mT/);
    expect(() => matmul(of(2, 3, 4), of(3, 4, 5))).toThrow(ShapeError);
    expect(() => matmul(a, 2)).toThrow(/np\.multiply/);
    expect(() => matmul(a, a.T, { out: zeros([2, 3]) })).toThrow(ShapeError);
    expect(() => matmul(a, a.T, { out: broadcast_to(zeros([1, 2]), [2, 2]) })).toThrow(/read-only/);
  });
  it('gives every matrix of a stack, and every order of strides, the same bits', () => {
    const n = 300;
    const values = Array.from({ length: 4 * n }, (_, i) => Math.sin(i * i));
    const [a, b] = [array(values).reshape(4, n), array(values).reshape(n, 4)];
    const one = matmul(a, b).tolist();
    expect(matmul(broadcast_to(a, [2, 4, n]), b.T.copy().T).tolist()).toEqual([one, one]);
  });
});

describe('vdot', () => {
  it('counts elements', () => {
    expect(() => vdot([1, 2], [1, 2, 3])).toThrow(ShapeError);
  });
});
