// reduce, accumulate, reduceat, outer and at of ufuncs against NumPy: the rows of fixtures/ufunc_methods.json, made by
// fixtures/make_ufunc_methods.py.
import * as np from '../../src/index.ts';
import { checkRows } from '../fixtures/rows.ts';

const done = (f: np.UfuncObject, a: np.NDArray, ...rest: [never, never]): np.NDArray => {
  f.at(a, ...rest);
  return a;
};
const W = np.remainder(np.arange(24).multiply(7), 11).subtract(4.5).reshape(2, 3, 4);
const B = np.greater(np.remainder(np.arange(12n), 5), 1).reshape(3, 4);
const Z = np
  .arange(6)
  .add(np.remainder(np.arange(6).multiply(5), 7).multiply(new np.Complex(0, 1)))
  .reshape(2, 3);

checkRows('test/fixtures/ufunc_methods.json', { done, W, B, Z });
