// Public functions with arguments, over a world of arrays of about one size: for tests of what every function does with
// memory (refusals at every allocation, estimates, operands in several segments). Untyped on purpose, as callers may be.
import * as all from '../../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: calls of every function by name, with whatever it takes
export type Any = any;
export const np = all as Any;

/** Arrays that calls work on; n elements each where not said otherwise. */
export interface World {
  readonly n: number;
  /** Matrices of 8 rows, float64. */
  readonly a: Any;
  readonly b: Any;
  /** Positive, in (0, 1). */
  readonly v: Any;
  readonly u: Any;
  readonly f: Any;
  readonly z: Any;
  /** Positions, each once, and small integers. */
  readonly k: Any;
  readonly i: Any;
  readonly j: Any;
  readonly m: Any;
  readonly bytes: Any;
  /** A square matrix of n elements or fewer. */
  readonly q: Any;
  readonly few: Any;
}

/** The same for every size: values follow from the numbers of the elements. */
export function world(n: number): World {
  const rows = 8;
  const v = np.divide(np.add(np.remainder(np.multiply(np.arange(n), 7919), 1013), 1), 1015);
  const u = np.divide(np.add(np.remainder(np.multiply(np.arange(n), 104729), 997), 1), 999);
  const side = Math.floor(Math.sqrt(n));
  const i = np.remainder(np.arange(n), 17).astype('int32');
  return {
    n,
    a: v.reshape(rows, n / rows).copy(),
    b: u.reshape(rows, n / rows).copy(),
    v,
    u,
    f: v.astype('float32'),
    z: np.add(v, np.multiply(u, new np.Complex(0, 1))),
    k: np.flip(np.arange(n)).astype('int32'),
    i,
    j: np.add(np.remainder(np.arange(n), 5), 1).astype('int32'),
    m: np.greater(v, 0.5),
    bytes: i.astype('uint8'),
    q: v
      .get(`:${side * side}`)
      .reshape(side, side)
      .copy(),
    few: np.arange(32),
  };
}

export type Call = (w: World) => unknown;

const calls: Record<string, Call> = {};
/** By name: a call of whatever function is given in its place. */
export const callsOf: Record<string, (f: Any) => Call> = {};
const add = (names: string, call: (f: Any) => Call): void => {
  for (const name of names.split(/\s+/).filter((x) => x !== '')) {
    callsOf[name] = call;
    calls[name] = call(np[name]);
  }
};

add(
  `abs absolute arccos arcsin arcsinh arctan arctanh ceil cbrt conj conjugate cos cosh deg2rad degrees exp exp2 expm1 fabs
  floor isfinite isinf isnan log log10 log1p log2 logical_not negative positive rad2deg radians reciprocal rint sign
  signbit sin sinh spacing sqrt square tan tanh trunc fix sinc i0 nan_to_num angle real imag isneginf isposinf iscomplex
  isreal real_if_close frexp modf`,
  (f) => (w) => f(w.v),
);
add('around round', (f) => (w) => f(w.v, 2));
add('arccosh', (f) => (w) => f(np.add(w.v, 1)));
add(
  `add subtract multiply divide true_divide floor_divide remainder mod fmod power pow float_power maximum minimum fmax fmin
  hypot arctan2 copysign nextafter logaddexp logaddexp2 greater greater_equal less less_equal equal not_equal logical_and
  logical_or logical_xor heaviside divmod isclose allclose array_equal array_equiv`,
  (f) => (w) => f(w.a, w.b),
);
add('bitwise_and bitwise_or bitwise_xor left_shift right_shift gcd lcm', (f) => (w) => f(w.i, w.j));
add('bitwise_invert invert bitwise_count', (f) => (w) => f(w.i));
add('ldexp', (f) => (w) => f(w.v, w.i));
add(
  `sum prod mean std var max min amax amin ptp all any argmax argmin count_nonzero nansum nanprod nanmean nanstd nanvar nanmax
  nanmin nanargmax nanargmin median nanmedian average`,
  (f) => (w) => f(w.a),
);
for (const name of 'sum prod mean std var max min any all argmax median nansum ptp'.split(' ')) {
  calls[`${name}, axis 0`] = (w) => np[name](w.a, 0);
  calls[`${name}, axis 1`] = (w) => np[name](w.a, 1);
}
add('cumsum cumprod nancumsum nancumprod', (f) => (w) => f(w.a, 1));
add('percentile nanpercentile', (f) => (w) => f(w.a, 30));
add('quantile nanquantile', (f) => (w) => f(w.a, 0.3));
add('cov corrcoef', (f) => (w) => f(w.a));
add('sort argsort unique unique_counts unique_inverse unique_values unique_all', (f) => (w) => f(w.v));
add('sort_complex', (f) => (w) => f(w.z));
add('partition argpartition', (f) => (w) => f(w.v, 10));
add('lexsort', (f) => (w) => f([w.v, w.u]));
add('searchsorted', (f) => (w) => f(w.few, w.v));
add('digitize', (f) => (w) => f(w.v, w.few));
add('nonzero argwhere flatnonzero', (f) => (w) => f(w.m));
add('where', (f) => (w) => f(w.m, w.v, w.u));
add('choose', (f) => (w) => f(np.remainder(w.i, 2), [w.v, w.u]));
add('select', (f) => (w) => f([w.m], [w.v], 0));
add('take', (f) => (w) => f(w.v, w.k));
add('take_along_axis', (f) => (w) => f(w.v, w.k, 0));
add('put', (f) => (w) => f(w.v.copy(), w.k, w.u));
add('put_along_axis', (f) => (w) => f(w.v.copy(), w.k, w.u, 0));
add('putmask place', (f) => (w) => f(w.v.copy(), w.m, w.u));
add('copyto', (f) => (w) => f(w.v.copy(), w.u));
add('compress extract', (f) => (w) => f(w.m, w.v));
add('concatenate concat stack vstack hstack dstack column_stack', (f) => (w) => f([w.a, w.b]));
add('append', (f) => (w) => f(w.v, w.u));
add('insert', (f) => (w) => f(w.v, 3, 1));
add('delete', (f) => (w) => f(w.v, 3));
add('repeat tile', (f) => (w) => f(w.v, 2));
add('roll', (f) => (w) => f(w.a, 3, 1));
add('pad', (f) => (w) => f(w.a, 1));
add('resize', (f) => (w) => f(w.v, [w.n + 5]));
add(
  'copy ascontiguousarray asfortranarray asarray array ravel flip fliplr flipud transpose squeeze atleast_2d',
  (f) => (w) => f(w.a),
);
add('astype', (f) => (w) => f(w.a, 'float32'));
add('tril triu', (f) => (w) => f(w.a));
add('diff ediff1d gradient trapezoid unwrap', (f) => (w) => f(w.v));
add('convolve correlate', (f) => (w) => f(w.v, w.few));
add('interp', (f) => (w) => f(w.v, w.few, w.few));
add('histogram histogram_bin_edges', (f) => (w) => f(w.v, { bins: 10, range: [0, 1] }));
add('bincount', (f) => (w) => f(w.i));
add('isin', (f) => (w) => f(w.v, w.few));
add('intersect1d setdiff1d setxor1d union1d', (f) => (w) => f(w.v, w.u));
add('polyval', (f) => (w) => f([1, 2, 3], w.v));
add(
  'cross',
  (f) => (w) => f(w.v.get(`:${w.n - (w.n % 3)}`).reshape(-1, 3), w.u.get(`:${w.n - (w.n % 3)}`).reshape(-1, 3)),
);
add('dot matmul', (f) => (w) => f(w.q, w.q));
add('inner vdot vecdot', (f) => (w) => f(w.v, w.u));
add('matvec', (f) => (w) => f(w.q, w.q.get(0)));
add('outer kron', (f) => (w) => f(w.few, w.v.get(`:${Math.floor(w.n / 32)}`)));
add('tensordot', (f) => (w) => f(w.q, w.q, 1));
add('trace diagonal diag', (f) => (w) => f(w.q));
add('clip', (f) => (w) => f(w.v, 0.2, 0.7));
add('packbits', (f) => (w) => f(w.m));
add('unpackbits', (f) => (w) => f(w.bytes));
add('zeros ones empty', (f) => (w) => f([w.n]));
add('full', (f) => (w) => f([w.n], 3));
add('zeros_like ones_like empty_like', (f) => (w) => f(w.v));
add('full_like', (f) => (w) => f(w.v, 3));
add('arange', (f) => (w) => f(w.n));
add('linspace logspace', (f) => (w) => f(0, 1, w.n));
add('geomspace', (f) => (w) => f(1, 2, w.n));
add('eye identity tri', (f) => (w) => f(Math.floor(Math.sqrt(w.n))));
add('meshgrid', (f) => (w) => f(w.few, w.v.get(`:${Math.floor(w.n / 32)}`)));
add('indices', (f) => (w) => f([8, w.n / 8]));
add('vander', (f) => (w) => f(w.v.get(`:${Math.floor(w.n / 8)}`), 8));
add('apply_along_axis', (f) => (w) => f((row: Any) => np.sum(row), 1, w.a));
add('broadcast_arrays', (f) => (w) => f(w.a, w.few.get(':8').reshape(8, 1)));
add('array_split split', (f) => (w) => f(w.v, 2));
add('top_k', (f) => (w) => f(w.v, 5));
add('trim_zeros', (f) => (w) => f(w.v));
add('ravel_multi_index', (f) => (w) => f([w.i, w.i], [17, 17]));
add('unravel_index', (f) => (w) => f(w.i, [17, 17]));
calls['a.get, positions'] = (w) => w.v.get(w.k);
calls['a.get, mask'] = (w) => w.v.get(w.m);
calls['a.get, slice'] = (w) => w.v.get('::2').copy();
calls['a.set, slice'] = (w) => w.v.copy().set(['::2'], w.u.get('::2'));
calls['a.set, mask'] = (w) => w.v.copy().set([w.m], 5);
calls['add, row over matrix'] = (w) => np.add(w.a, w.b.get(0));
calls['add, column over matrix'] = (w) => np.add(w.a, w.b.get(':', '0:1'));
calls['add, transposed'] = (w) => np.add(w.q, w.q.T);
calls['add, int32 and float32'] = (w) => np.add(w.i, w.f);
calls['multiply, number'] = (w) => np.multiply(w.z, 2);
calls['sum, mask'] = (w) => np.sum(w.v, { where: w.m });
calls['sort, axis 0'] = (w) => np.sort(w.a, 0);
calls['a sum of products'] = (w) => np.sum(np.multiply(np.add(w.a, w.b), w.a), 1);

/** Names and calls; functions that do not exist are left out. */
export const table: readonly (readonly [string, Call])[] = Object.entries(calls).filter(
  ([name]) => !/^\w+$/.test(name) || typeof np[name] === 'function',
);
