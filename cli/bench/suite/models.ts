// Cases of people with models: requests to a service, neighbours, components, regression, products.
import type { BenchCase } from '../../../src/bench.ts';
import { apart, near, normal } from './data.ts';

/** OpenBLAS's threads look for work this long after a call, on processors that the other build then lacks. */
const settle = 30;

const product = (size: number): BenchCase => ({
  name: `matmul ${size}`,
  about: 'two square float64 matrices of this many rows',
  size,
  settle,
  make(np, n) {
    const [a, b] = [normal(np, [n, n]), normal(np, [n, n], 1)];
    const run = () => np.matmul(a, b);
    const check = () => {
      const wanted = np.sum(np.multiply(np.sum(a, 0), np.sum(b, 1)));
      return near('the sum of the product', Number(np.sum(run())), Number(wanted), 1e-8 * n * n);
    };
    return { run, check, bytes: 3 * a.nbytes };
  },
});

export const models: readonly BenchCase[] = [
  {
    name: 'softmax request',
    about: 'a batch of rows of 1,000 float32 scores, as a service answers it',
    size: 32,
    make(np, rows) {
      const scores = normal(np, [rows, 1000]).astype('float32');
      const run = () => {
        const e = np.exp(np.subtract(scores, np.max(scores, { axis: 1, keepdims: true })));
        return np.divide(e, np.sum(e, { axis: 1, keepdims: true }));
      };
      return {
        run,
        check: () => near('sums of rows', apart(np, np.sum(run(), 1), 1), 0, 1e-5),
        bytes: 2 * scores.nbytes,
      };
    },
  },
  {
    name: 'nearest neighbours',
    about: '100 queries among points of 64 float32 coordinates, distances by one product',
    size: 10_000,
    settle,
    make(np, points) {
      const known = normal(np, [points, 64]).astype('float32');
      const queries = known.get(`:${Math.min(100, points)}`).copy();
      const lengths = np.sum(np.square(known), 1);
      const run = () => np.argmin(np.subtract(lengths, np.multiply(np.matmul(queries, known.T), 2)), 1);
      const check = () => near('neighbours of known points', apart(np, run(), np.arange(queries.shape[0])), 0);
      return { run, check, bytes: known.nbytes };
    },
  },
  {
    name: 'principal components',
    about: 'ten components of 100 columns, from the covariance by eigh',
    size: 5_000,
    settle,
    make(np, rows) {
      const x = np.multiply(normal(np, [rows, 100]), np.linspace(1, 3, 100));
      const run = () => {
        const centred = np.subtract(x, np.mean(x, 0));
        const { eigenvectors } = np.linalg.eigh(np.divide(np.matmul(centred.T, centred), rows - 1));
        const axes = eigenvectors.get(':', '90:');
        return { axes, coordinates: np.matmul(centred, axes) };
      };
      const check = () => {
        const { axes } = run();
        return near('axes, as not at right angles', apart(np, np.matmul(axes.T, axes), np.identity(10)), 0, 1e-9);
      };
      return { run, check, bytes: x.nbytes };
    },
  },
  {
    name: 'singular values',
    about: 'the thin decomposition of a matrix of 100 columns',
    size: 300,
    settle,
    make(np, rows) {
      const a = normal(np, [rows, 100]);
      const run = () => np.linalg.svd(a, { full_matrices: false });
      const check = () => {
        const { U, S, Vh } = run();
        return near('the difference of U S Vh', apart(np, np.matmul(np.multiply(U, S), Vh), a), 0, 1e-8);
      };
      return { run, check, bytes: a.nbytes };
    },
  },
  {
    name: 'linear regression',
    about: '20 coefficients by least squares (lstsq)',
    size: 10_000,
    settle,
    make(np, rows) {
      const x = normal(np, [rows, 20]);
      const coefficients = np.linspace(-1, 1, 20);
      const y = np.matmul(x, coefficients);
      const run = () => np.linalg.lstsq(x, y).x;
      return {
        run,
        check: () => near('errors of coefficients', apart(np, run(), coefficients), 0, 1e-8),
        bytes: x.nbytes,
      };
    },
  },
  ...[64, 256, 1024].map(product),
];
