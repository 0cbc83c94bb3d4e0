// Joining, splitting, repeating, turning, padding, editing and index tools against NumPy: rows of
// fixtures/manipulation.json (fixtures/make_manipulation.py). What values do not show (sharing, refusals, what stays
// untouched) is in layout.test.ts.
import * as np from '../../src/index.ts';
import { checkRows } from '../fixtures/rows.ts';

const A = np.arange(12).reshape(3, 4);
const I = np.arange(12, { dtype: 'int16' }).reshape(3, 4);
const U = np.arange(3, { dtype: 'uint8' });
const B = np.greater(np.remainder(np.arange(12n), 5), 1).reshape(3, 4);
const Q = np
  .arange(6)
  .add(np.arange(6).get('::-1').multiply(new np.Complex(0, 1)))
  .reshape(2, 3);

const filled = (a: np.NDArray, value: unknown): np.NDArray => {
  a.fill(value);
  return a;
};
const copied = (a: np.NDArray, ...args: [np.ArrayLike]): np.NDArray => {
  np.copyto(a, ...args);
  return a;
};
const flattened = (a: np.NDArray, index: np.Index, value: unknown): np.NDArray => {
  a.flat.set(index, value);
  return a;
};

checkRows('test/fixtures/manipulation.json', { A, I, U, B, Q, filled, copied, flattened });
