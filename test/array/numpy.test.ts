// Creation, views, assignment, scans, positions and statistics against NumPy: every row of fixtures/array.json is a
// TypeScript expression with the dtype, shape and values that NumPy gave for its Python twin (fixtures/make_array.py).
import * as np from '../../src/index.ts';
import { checkRows } from '../fixtures/rows.ts';

const put = (a: np.NDArray, index: never, value: unknown): np.NDArray => {
  a.set(index, value);
  return a;
};
const W = np.remainder(np.arange(24).multiply(7), 11).subtract(4.5).reshape(2, 3, 4);
const B = np.greater(np.remainder(np.arange(12n), 5), 1).reshape(3, 4);
const Z = np
  .arange(6)
  .add(np.remainder(np.arange(6).multiply(5), 7).multiply(new np.Complex(0, 1)))
  .reshape(2, 3);

checkRows('test/fixtures/array.json', { put, W, B, Z });
