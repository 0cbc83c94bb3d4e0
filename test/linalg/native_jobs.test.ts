// What the native provider adds to LAPACK: stacks matrix by matrix, infos, complex eigenvectors of real matrices, and
// NaN and infinities, which never reach an iteration. Values of all routines are np.linalg.verify's business.
import { beforeAll, describe, expect, it } from 'vitest';
import * as np from '../../src/index.ts';
import { type FieldName, fields } from '../../src/linalg/lapack/language.ts';
import { libraryFor } from '../../src/linalg/provider/choice.ts';
import { anyNonFinite, anyNonFiniteTriangle } from '../../src/linalg/provider/finite.ts';
import { runNative } from '../../src/linalg/provider/native.ts';
import type { Jobs, RoutineName } from '../../src/linalg/provider/routines.ts';
import { addressOf } from '../../src/linalg/stacks.ts';
import { primarySegment, scratch } from '../../src/memory/allocate.ts';
import type { Blas } from '../../src/native/blas.ts';
import { providers, withProvider } from './_providers.ts';

const names = Object.keys(fields) as FieldName[];
const singleOf = (dtype: FieldName) => fields[dtype].width === 4;
const realOf = (dtype: FieldName) => (singleOf(dtype) ? 'float32' : 'float64');
const complexOf = (dtype: FieldName) => (singleOf(dtype) ? 'complex64' : 'complex128');

describe.runIf(providers.includes('native')).each(names)('%s', (dtype) => {
  let blas: Blas;
  beforeAll(() => {
    const found = withProvider('native', () => libraryFor(primarySegment()));
    if (found === null) throw new Error('there was a library a moment ago');
    blas = found;
  });
  /** Runs a routine on a stack; infos. */
  function run<K extends RoutineName>(
    routine: K,
    count: number,
    job: Omit<Jobs[K], 'segment' | 'field' | 'count' | 'info'>,
  ): number[] {
    const info = np.full([count], 99, { dtype: 'int32' });
    const before = scratch.mark();
    const base = { segment: primarySegment(), field: fields[dtype], count, info: addressOf(info) };
    runNative(blas, routine, { ...base, ...job } as unknown as Jobs[K]); // the routine's own names, as the type says
    expect(scratch.mark()).toBe(before);
    return info.tolist() as number[];
  }
  const matrices = (values: number[][][]): np.NDArray => np.array(values).astype(dtype);
  const good = [
    [4, 1],
    [1, 3],
  ];
  const withNaN = [
    [4, Number.NaN],
    [Number.NaN, 3],
  ];
  const infinite = [
    [4, Number.POSITIVE_INFINITY],
    [Number.POSITIVE_INFINITY, 3],
  ];

  it('iterations on NaN and infinities do not converge, and their neighbours in the stack do', () => {
    const stack = () => matrices([good, withNaN, good, infinite]);
    const [w, s] = [np.zeros([4, 2], { dtype: realOf(dtype) }), np.zeros([4, 2], { dtype: realOf(dtype) })];
    const [values, v] = [
      np.zeros([4, 2], { dtype: complexOf(dtype) }),
      np.zeros([4, 2, 2], { dtype: complexOf(dtype) }),
    ];
    const [u, vt] = [stack(), stack()];
    const [a, b, c, d] = [stack(), stack(), stack(), stack()];
    const bad = [0, 1, 0, 1];
    expect(run('eigh', 4, { n: 2, a: addressOf(a), w: addressOf(w), lower: true, vectors: true })).toEqual(bad);
    const full = { m: 2, n: 2, s: addressOf(s), vectors: 'full', u: addressOf(u), vt: addressOf(vt) } as const;
    expect(run('svd', 4, { ...full, a: addressOf(b) })).toEqual(bad);
    expect(run('eig', 4, { n: 2, a: addressOf(c), w: addressOf(values), vectors: true, v: addressOf(v) })).toEqual(bad);
    const right = np.ones([4, 2, 1]).astype(dtype);
    const rank = np.zeros([4], { dtype: 'int32' });
    const least = { m: 2, n: 2, columns: 1, b: addressOf(right), s: addressOf(s), rank: addressOf(rank), rcond: 1e-6 };
    expect(run('leastSquares', 4, { ...least, a: addressOf(d) })).toEqual(bad);
    const greater = 3.5 + Math.sqrt(1.25);
    for (const i of [0, 2]) expect(w.item(i, 1)).toBeCloseTo(greater, 4);
  });

  it('only the triangle that is read has to be finite', () => {
    const a = matrices([
      [
        [4, Number.NaN], // by columns: NaN is below the diagonal
        [1, 3],
      ],
    ]);
    const w = np.zeros([2], { dtype: realOf(dtype) });
    const upper = { n: 2, a: addressOf(a), w: addressOf(w), lower: false, vectors: false };
    expect(anyNonFiniteTriangle(primarySegment(), fields[dtype], addressOf(a), 2, true)).toBe(true);
    expect(run('eigh', 1, upper)).toEqual([0]);
    expect(anyNonFinite(primarySegment(), fields[dtype], addressOf(np.zeros([0])), 0)).toBe(false);
  });

  it('a column of the right side that is not finite spoils itself only', () => {
    const a = matrices([good]);
    const b = np
      .array([
        [5, 4],
        [1, Number.POSITIVE_INFINITY],
        [8, 7],
      ])
      .astype(dtype);
    const [s, rank] = [np.zeros([2], { dtype: realOf(dtype) }), np.zeros([1], { dtype: 'int32' })];
    const job = { m: 2, n: 2, columns: 3, a: addressOf(a), b: addressOf(b), s: addressOf(s), rank: addressOf(rank) };
    expect(run('leastSquares', 1, { ...job, rcond: 1e-6 })).toEqual([0]);
    expect(rank.tolist()).toEqual([2]);
    const real = np.real(b);
    expect(np.isnan(real).tolist()).toEqual([
      [false, false],
      [true, true],
      [false, false],
    ]);
    expect(real.item(0, 0)).toBeCloseTo(1, 4);
    expect(real.item(2, 1)).toBeCloseTo(20 / 11, 4);
  });

  it('says which pivot is 0 and which minor is not positive', () => {
    const singular = [
      [1, 2],
      [2, 4],
    ];
    const negative = [
      [1, 2],
      [2, 1],
    ];
    const [a, b, c] = [matrices([good, singular]), matrices([good, singular]), matrices([good, negative])];
    const right = np.ones([2, 2, 1]).astype(dtype);
    const pivots = np.zeros([2, 2], { dtype: 'int32' });
    expect(run('solve', 2, { n: 2, columns: 1, a: addressOf(a), b: addressOf(right) })).toEqual([0, 2]);
    expect(run('lu', 2, { m: 2, n: 2, a: addressOf(b), pivots: addressOf(pivots) })).toEqual([0, 2]);
    expect(pivots.tolist()).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(run('cholesky', 2, { n: 2, a: addressOf(c), lower: true })).toEqual([0, 2]);
    const d = matrices([good, singular]);
    expect(run('inverse', 2, { n: 2, a: addressOf(d) })).toEqual([0, 2]);
  });

  it('eigenvalues of a rotation are a conjugate pair, with complex eigenvectors', () => {
    // By columns: the matrix [[0, −1, 0], [1, 0, 0], [0, 0, 2]].
    const a = matrices([
      [
        [0, 1, 0],
        [-1, 0, 0],
        [0, 0, 2],
      ],
    ]);
    const w = np.zeros([3], { dtype: complexOf(dtype) });
    const v = np.zeros([3, 3], { dtype: complexOf(dtype) });
    expect(run('eig', 1, { n: 3, a: addressOf(a), w: addressOf(w), vectors: true, v: addressOf(v) })).toEqual([0]);
    const sorted = (np.imag(w).tolist() as number[]).map((x) => Math.round(x * 1e4) / 1e4).sort((x, y) => x - y);
    expect(sorted).toEqual([-1, 0, 1]);
    const norms = np.sum(np.multiply(v, np.conjugate(v)), 1);
    expect(np.allclose(norms, 1, { rtol: 1e-5 })).toBe(true);
  });
});
