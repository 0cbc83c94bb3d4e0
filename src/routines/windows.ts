// Windows for spectra: bartlett, blackman, hamming, hanning, kaiser. Each sample follows from its number, so a window is
// one kernel without inputs. Sources: Blackman and Tukey, "The Measurement of Power Spectra", 1958; Kaiser, "Digital
// Filters", in "System Analysis by Digital Computer", 1966.

import { ones } from '../array/creation.ts';
import { i0 } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { dtypes } from '../dtype/dtype.ts';
import { generate } from '../exec/generate.ts';
import { checkInteger } from '../exec/options.ts';
import type { Expr } from '../kernel/builder.ts';
import { i0 as besselI0 } from '../kernel/math/bessel.ts';
import { cos } from '../kernel/math/trigonometric.ts';

/** A window from the position n, from −last to last in steps of two, and parameters of its own. */
type Shape = (n: Expr, last: Expr, parameters: readonly Expr[]) => Expr;

function windowOf(name: string, M: number, shape: Shape, parameters: readonly number[] = []): NDArray {
  checkInteger(M, 'M', `np.${name}`);
  if (M === 1) return ones([1]);
  // The kernel is made once per name: what varies between calls is a parameter.
  const pattern = {
    name: `window.${name}`,
    params: ['f64', ...parameters.map(() => 'f64' as const)] as const,
    of: dtypes.float64,
    body: (i: Expr, [last, ...rest]: readonly Expr[]) => shape(i.to('f64').mul(2).sub(last), last, rest),
  };
  return nd(generate(Math.max(0, M), dtypes.float64, pattern, [M - 1, ...parameters]));
}

/** cos(k·π·n / (M − 1)) */
const wave = (n: Expr, last: Expr, k: number): Expr => cos(n.mul(k * Math.PI).div(last));

/**
 * Triangular window of M points with zero ends.
 * @throws ArgumentError for an M that is no integer.
 * @example np.bartlett(5) // array([0. , 0.5, 1. , 0.5, 0. ])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.bartlett.html
 */
export const bartlett = (M: number): NDArray =>
  windowOf('bartlett', M, (n, last) => n.le(0).select(n.div(last).add(1), n.like(1).sub(n.div(last))));

/**
 * Blackman window of M points: three cosine terms, close to the least leakage.
 * @throws ArgumentError for an M that is no integer.
 * @example np.blackman(3) // array([-1.38777878e-17,  1.00000000e+00, -1.38777878e-17])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.blackman.html
 */
export const blackman = (M: number): NDArray =>
  windowOf('blackman', M, (n, last) =>
    wave(n, last, 1)
      .mul(0.5)
      .add(0.42)
      .add(wave(n, last, 2).mul(0.08)),
  );

/**
 * Hamming window of M points: a cosine on a pedestal, with the nearest side lobe cancelled.
 * @throws ArgumentError for an M that is no integer.
 * @example np.hamming(3) // array([0.08, 1.  , 0.08])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.hamming.html
 */
export const hamming = (M: number): NDArray =>
  windowOf('hamming', M, (n, last) => wave(n, last, 1).mul(0.46).add(0.54));

/**
 * Hann window of M points: a raised cosine with zero ends.
 * @throws ArgumentError for an M that is no integer.
 * @example np.hanning(5) // array([0. , 0.5, 1. , 0.5, 0. ])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.hanning.html
 */
export const hanning = (M: number): NDArray => windowOf('hanning', M, (n, last) => wave(n, last, 1).mul(0.5).add(0.5));

/**
 * Kaiser window of M points; `beta` trades the width of the main lobe against leakage (0: rectangular).
 * @throws ArgumentError for an M that is no integer.
 * @example np.kaiser(3, 14) // array([7.72686684e-06, 1.00000000e+00, 7.72686684e-06])
 * @see https://numpy.org/doc/stable/reference/generated/numpy.kaiser.html
 */
export function kaiser(M: number, beta: number): NDArray {
  return windowOf(
    'kaiser',
    M,
    (n, last, [b, top]) => {
      const u = n.div(last);
      return besselI0(b.mul(u.like(1).sub(u.mul(u)).sqrt())).div(top);
    },
    [beta, Number(i0(beta))],
  );
}
