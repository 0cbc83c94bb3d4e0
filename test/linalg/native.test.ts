// The system's BLAS gives the embedded kernel's products up to rounding, for every dtype, order and stack; what is asked
// for and not there is an error; what is forbidden is not used. Skipped where there is no BLAS (CI has one).
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../src/base/config.ts';
import * as np from '../../src/index.ts';
import { systemBlas } from '../../src/native/blas.ts';

const before = config.get('blas');
const there = (() => {
  config.set('blas', 'auto');
  const found = systemBlas() !== null;
  config.set('blas', before);
  return found;
})();
afterEach(() => {
  config.reset('determinism');
  config.set('blas', before);
});

const N = 150; // 150³ is above what goes to the system's BLAS
const eps = { float32: 2 ** -23, float64: 2 ** -52, complex64: 2 ** -23, complex128: 2 ** -52 } as const;
type Name = keyof typeof eps;

function numbers(shape: number[], dtype: Name, seed: number): np.NDArray {
  const size = shape.reduce((s, d) => s * d, 1);
  const real = np.sin(np.arange(seed, seed + size));
  const values = dtype.startsWith('c') ? np.add(real, np.multiply(np.cos(real), new np.Complex(0, 1))) : real;
  return values.astype(dtype).reshape(shape);
}

const by = (blas: string, f: () => np.NDArray): np.NDArray => {
  config.set('blas', blas);
  return f();
};

describe.runIf(there)('BLAS', () => {
  let a: np.NDArray;
  let b: np.NDArray;
  const cases: [string, () => np.NDArray][] = [
    ['rows by rows', () => np.matmul(a, b)],
    ['rows by columns', () => np.matmul(a, b.T)],
    ['columns by rows', () => np.matmul(a.T, b)],
    ['columns by columns', () => np.matmul(a.T, b.T)],
    ['parts of larger matrices', () => np.matmul(a.get('3:-5', '7:'), b.get('7:', ':140'))],
    ['every other row', () => np.matmul(a.get('::2'), b)],
    ['strides that BLAS does not take', () => np.matmul(a.get(':', '::2'), b.get('::-2'))],
    ['into out', () => np.matmul(a, b, { out: np.empty([N, N], { dtype: a.dtype }) })],
    ['a matrix and its transpose', () => np.matmul(a, a.T)],
    ['a transpose and its matrix', () => np.matmul(a.get(':', '7:').T, a.get(':', '7:'))],
    ['a matrix and a vector', () => np.matmul(a, b.get(0))],
    ['a vector and a matrix', () => np.matmul(a.get(0), b)],
    ['a vector from a column', () => np.matmul(a.get(':140', '3:'), b.get('3:', 5))],
    ['a vector backwards', () => np.matmul(a.T, b.get(2, '::-1'))],
    ['one element for all of a vector', () => np.matmul(a, np.broadcast_to(b.get('4:5', 4), [N]))],
    ['a stack', () => np.matmul(np.broadcast_to(a, [2, N, N]), np.stack([b, b.T]))],
  ];
  describe.each(Object.keys(eps) as Name[])('%s', (dtype) => {
    beforeAll(() => {
      a = numbers([N, N], dtype, 1);
      b = numbers([N, N], dtype, 7);
    });
    it.each(cases)('%s', (_, product) => {
      const ours = by('embedded', product);
      const theirs = by('auto', product);
      expect([theirs.shape, theirs.dtype.name]).toEqual([ours.shape, dtype]);
      expect(np.max(np.abs(np.subtract(ours, theirs)))).toBeLessThan(N * 16 * eps[dtype]);
    });
  });
  it('is left alone where products must have the same bits everywhere', () => {
    a = numbers([N, N], 'float64', 3);
    config.set('determinism', 'bitwise'); // for both: otherwise the embedded kernel may fuse, where the engine can
    const ours = by('embedded', () => np.matmul(a, a));
    const theirs = by('auto', () => np.matmul(a, a));
    expect(Buffer.compare(theirs.tobytes(), ours.tobytes())).toBe(0);
  });
  it('takes NaN and infinities along, and reads nothing of an uninitialised result', () => {
    a = np.ones([N, N]);
    a.set([3, 5], Number.NaN);
    a.set([4, 5], Number.POSITIVE_INFINITY);
    const out = np.full([N, N], Number.NaN);
    const product = by('auto', () => np.matmul(a, np.ones([N, N]), { out }));
    expect([product.item(3, 0), product.item(4, 7), product.item(5, 5)]).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      N,
    ]);
  });
});

it('a library that is not there is an error that says so', () => {
  config.set('blas', '/nowhere/libnone.so');
  expect(() => np.matmul(np.ones([N, N]), np.ones([N, N]))).toThrow(np.LinAlgError);
  expect(() => np.matmul(np.ones([N, N]), np.ones([N, N]))).toThrow(/libnone[\s\S]*embedded/);
  config.set('blas', 'embedded');
  expect(np.matmul(np.ones([N, N]), np.ones([N, N])).item(0, 0)).toBe(N);
});
