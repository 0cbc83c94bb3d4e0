// Differences, derivatives, integrals, interpolation, convolution, windows and bits against NumPy: fixtures/maths.json.
import * as np from '../../src/index.ts';
import { checkRows } from '../fixtures/rows.ts';

// The operands of fixtures/make_maths.py.
const S = np.sin(np.arange(40).multiply(1.7)).multiply(5);
const R = np.rint(S.multiply(3));
const M = np.remainder(np.arange(24).multiply(7), 11).subtract(4.5).reshape(4, 6);
const I = np.remainder(np.arange(24n).multiply(7n), 11n).reshape(4, 6);
const U = np.remainder(np.arange(12n).multiply(37n), 256n).astype('uint8');
const X = np.array([0, 0.5, 2, 2.25, 4, 7]);
const Z = np.arange(6).add(np.remainder(np.arange(6).multiply(5), 7).multiply(new np.Complex(0, 1)));

checkRows('test/fixtures/maths.json', { S, R, M, I, U, X, Z });
