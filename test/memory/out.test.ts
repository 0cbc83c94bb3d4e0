// `out` of every function that makes an array: the result goes there, with the same bits and no more memory than without;
// or the function is listed with the reason why it takes none. What NumPy has with `out` must have it here.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ArrayBase } from '../../src/exec/array_base.ts';
import { type Any, callsOf, np, world } from './_calls.ts';

const w = world(2 ** 9);

/** Functions that take no `out`, by reason. */
const without: Readonly<Record<string, string>> = {
  'makes an array from no other: to write into one, use copyto, fill or a slice': `array asarray ascontiguousarray asfortranarray
    asarray_chkfinite empty empty_like zeros zeros_like ones ones_like full full_like eye identity arange linspace logspace
    geomspace tri indices astype copy`,
  'a view, or the array itself': `ravel transpose squeeze atleast_2d broadcast_arrays array_split split flip fliplr flipud
    diagonal real imag meshgrid`,
  'how much comes out depends on the elements': `nonzero argwhere flatnonzero unique unique_all unique_counts unique_inverse
    unique_values extract trim_zeros intersect1d setdiff1d setxor1d union1d bincount isin`,
  'writes into an array already': 'put putmask place put_along_axis copyto',
  'a number, or a few': 'allclose array_equal array_equiv histogram_bin_edges histogram vdot',
  'rearranges: reshape the out of concatenate, stack or take': `append column_stack insert delete repeat tile
    roll pad resize diag tril triu`,
  'NumPy has none either': `average convolve corrcoef correlate cov cross diff digitize ediff1d
    gradient interp isclose isreal kron inner lexsort nan_to_num packbits unpackbits
    polyval apply_along_axis ravel_multi_index unravel_index real_if_close searchsorted select sort argsort partition
    argpartition sort_complex take_along_axis tensordot top_k trapezoid unwrap vander where`,
};
const reasonOf = new Map(
  Object.entries(without).flatMap(([reason, names]) => names.split(/\s+/).map((name) => [name, reason] as const)),
);

/** Functions of NumPy 2.4 with an argument `out`. */
const numpyHas =
  `abs absolute acos acosh add all amax amin any arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin
  around asin asinh atan atan2 atanh bitwise_and bitwise_count bitwise_invert bitwise_left_shift bitwise_not bitwise_or
  bitwise_right_shift bitwise_xor cbrt ceil choose clip compress concat concatenate conj conjugate copysign cos cosh cumprod
  cumsum cumulative_prod cumulative_sum deg2rad degrees divide divmod dot einsum equal exp exp2 expm1 fabs fix float_power
  floor floor_divide fmax fmin fmod frexp gcd greater greater_equal heaviside hypot invert isfinite isinf isnan isneginf
  isposinf lcm ldexp left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or
  logical_xor matmul matvec max maximum mean median min minimum mod modf multiply nanargmax nanargmin nancumprod nancumsum
  nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar negative nextafter not_equal outer
  percentile positive pow power prod ptp quantile rad2deg radians reciprocal remainder right_shift rint round sign signbit sin
  sinh spacing sqrt square stack std subtract sum take tan tanh trace true_divide trunc var vecdot vecmat`.split(/\s+/);

const withOption = (args: Any[], option: object): Any[] => {
  const last = args[args.length - 1];
  const isOptions = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype;
  return isOptions ? [...args.slice(0, -1), { ...last, ...option }] : [...args, option];
};

const call = (name: string, option: object): unknown =>
  callsOf[name]((...args: Any[]) => np[name](...withOption(args, option)))(w);
const plain = (name: string): unknown => callsOf[name](np[name])(w);

const written = (result: Any): Any => (Array.isArray(result) ? result.map(written) : np.asarray(result).tobytes());
const empties = (result: unknown): Any => {
  if (Array.isArray(result)) return result.map(empties);
  return result instanceof ArrayBase ? np.full_like(result, 1) : np.full([], 1, { dtype: np.asarray(result).dtype });
};

/** Does the function write its result to `out`? */
function takes(name: string, expected: unknown): boolean {
  try {
    const out = empties(expected);
    const before = written(out);
    call(name, { out });
    return String(before) !== String(written(out));
  } catch {
    return false;
  }
}

const documented = readFileSync(new URL('../../docs/numpy-api.tsv', import.meta.url), 'utf8')
  .split('\n')
  .map((line) => line.split('\t'))
  .filter(([module, name]) => module === 'numpy' && typeof np[name] === 'function' && callsOf[name] !== undefined)
  .map(([, name]) => name);

it.each([...new Set(documented)])('%s', (name) => {
  const expected = plain(name);
  const reason = reasonOf.get(name);
  if (reason !== undefined) {
    expect(takes(name, expected), `${name} takes out: strike it from the list '${reason}'`).toBe(false);
    return;
  }
  const out = empties(expected);
  call(name, { out });
  expect(written(out)).toEqual(written(expected));
  const [more, less] = [np.estimate(() => plain(name)), np.estimate(() => call(name, { out }))];
  expect(less.peak).toBeLessThanOrEqual(more.peak + 64 * 1024);
});

it('what NumPy has with out has it here', () => {
  expect(numpyHas.filter((name) => typeof np[name] === 'function' && reasonOf.has(name))).toEqual([]);
});
