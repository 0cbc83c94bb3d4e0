// Where Orthant answers otherwise than NumPy on purpose: each difference once, with its reason. Known gaps that are not
// on purpose are in test/xfails.ts.

import type { DType } from '../../src/dtype/dtype.ts';
import type { Case } from './_case.ts';

export interface Decision {
  readonly reason: string;
  readonly covers: (c: Case, message: string) => boolean;
}

const dtypesOf = (c: Case): readonly DType[] => (c.facts.ds ?? c.facts.dtypes ?? []) as readonly DType[]; // as put in
const clash = (ds: readonly DType[]): boolean => ds.some((d) => d.name === 'uint64') && ds.some((d) => d.kind === 'i');

/** Is this a call of one of these functions with a complex operand or result? */
const complexCall = (c: Case, names: readonly string[]): boolean =>
  names.includes(String(c.facts.name)) && (dtypesOf(c).some((d) => d.kind === 'c') || /complex/.test(c.py));

export const decisions: readonly Decision[] = [
  {
    reason: 'einsum computes every step in the dtype of the whole; NumPy, when optimizing, each pair in its own',
    covers: (c) => c.facts.name === 'einsum' && /optimize=[^F]/.test(c.py) && new Set(dtypesOf(c)).size > 1,
  },
  {
    reason:
      "ufunc.at writes with casting 'same_kind', as any out: NumPy truncates what a float ufunc makes of integers",
    covers: (c, message) => c.facts.method === 'at' && /ours: CastError/.test(message),
  },
  {
    reason: 'a mask fits its axes, also one without elements on an array without elements',
    covers: (_, message) => /ours: IndexError: a mask of shape .*; NumPy: \w+ \(.*\b0\b/.test(message),
  },
  {
    reason: 'positions out of bounds are refused also where nothing would be taken',
    covers: (c, message) =>
      /^take/.test(String(c.facts.name)) && /ours: IndexError.*; NumPy: \w+ \(.*\b0\b/.test(message),
  },
  {
    reason: 'leading axes of length 1 of an assigned value do not count, also under a mask of the whole array',
    covers: (c, message) => c.facts.name === 'set' && /assignment requires a 0 or 1-dimensional input/.test(message),
  },
  {
    reason: 'an array of one element may be assigned to one element',
    covers: (c, message) =>
      c.facts.name === 'set' && /setting an array element with a sequence|only 0-dimensional arrays/.test(message),
  },
  {
    reason: 'put takes positions of every integer dtype, as take and indexing do',
    covers: (c, message) =>
      c.facts.name === 'put' && /'uint64'\) to dtype\('int64'\) according to the rule 'safe'/.test(message),
  },
  {
    reason: 'nearness of two dtypes is decided in their common one; NumPy rounds the tolerance to the second alone',
    covers: (c) => /^(isclose|allclose)$/.test(String(c.facts.name)) && new Set(dtypesOf(c)).size > 1,
  },
  {
    reason: 'the number of elements averaged is known where there are no averages, too',
    covers: (c, message) => c.facts.name === 'average' && /ZeroDivisionError: division by zero/.test(message),
  },
  {
    reason: 'quantiles without NaN have the dtype that quantiles have',
    covers: (c, message) => /^nan(quantile|percentile)$/.test(String(c.facts.name)) && /^dtype float64/.test(message),
  },
  {
    reason: 'sets compare 64-bit integers exactly, and values that one float stands for count once',
    covers: (c) =>
      c.group === 'sets' &&
      new Set(dtypesOf(c)).size > 1 &&
      dtypesOf(c).some((d) => d.itemsize === 8 && 'iu'.includes(d.kind)),
  },
  {
    reason: 'slices with NaN are in order, NaN last, and NaN that are values of their own are numbered as they come',
    covers: (c, message) =>
      c.group === 'sets' && (/axis=/.test(c.py) ? /NaN|element/.test(message) : /equal_nan=False/.test(c.py)),
  },
  {
    reason: 'sums of weights are float64 also where there are none',
    covers: (c, message) => c.facts.name === 'bincount' && /weights/.test(c.py) && /NumPy int64$/.test(message),
  },
  {
    reason: 'a mean is not computed in integers: it would lose its fraction in silence',
    covers: (c, message) => c.facts.name === 'mean' && /ours: CastError/.test(message),
  },
  {
    reason: 'uint64 with a signed integer has no common dtype unless promote.uint64_int64 says so (design 4)',
    covers: (c, message) => clash(dtypesOf(c)) && /ours: DTypeError/.test(message),
  },
  {
    reason:
      'sinc takes the sine of the exact multiple of π, which is 0 at whole numbers; NumPy rounds the multiple first',
    covers: (c, message) => {
      const [, ours, theirs] = / is (-?[\d.e-]+), NumPy (-?[\d.e-]+)$/m.exec(message) ?? [];
      const eps = dtypesOf(c).some((d) => d.itemsize === 1 || d.half) ? 2 ** -10 : 2 ** -23;
      const wide = dtypesOf(c).every((d) => d.itemsize === 8) ? 2 ** -52 : eps;
      return c.facts.name === 'sinc' && Math.abs(Number(ours) - Number(theirs)) <= 2 * wide;
    },
  },
  {
    reason: 'sinc of large float16 is 0; NumPy overflows in π·x first',
    covers: (c, message) =>
      c.facts.name === 'sinc' && dtypesOf(c).some((d) => d.half) && / is -?0, NumPy NaN$/m.test(message),
  },
  {
    reason: 'i0 of an infinity is infinite',
    covers: (c, message) => c.facts.name === 'i0' && / is Infinity, NumPy NaN$/m.test(message),
  },
  {
    reason: 'i0 of float16 is computed in float32 and rounded once; NumPy rounds, and overflows, on the way',
    covers: (c) => c.facts.name === 'i0' && dtypesOf(c).some((d) => d.half),
  },
  {
    reason:
      'the reciprocal of integer 0 is 0, as integer division by 0 is; NumPy casts an infinity, which C leaves open',
    covers: (c, message) => c.facts.name === 'reciprocal' && / is 0, NumPy -?\d+$/.test(message),
  },
  {
    reason: 'complex expm1, exp2 and log1p are accurate where the parts differ in size and have limits at infinities',
    covers: (c) => complexCall(c, ['expm1', 'exp2', 'log1p']),
  },
  {
    reason: 'reducing to no results needs no identity: there is no result without a value',
    covers: (_, message) =>
      /NumPy: ValueError: (zero-size array|attempt to get arg).*ours: \w+ \(.*\b0\b/.test(message),
  },
  {
    reason: 'one is neutral in complex products: infinities and zeros beside it keep their parts',
    covers: (c, message) =>
      /^(nan)?(cum)?prod$/.test(String(c.facts.name)) &&
      /complex/.test(c.py + message + dtypesOf(c).map((d) => d.name)) &&
      /nan|-0/.test(message),
  },
  {
    reason: 'complex products are not fused: NumPy fuses one product where its vector unit can',
    covers: (c, message) => complexCall(c, ['square', 'multiply', 'reciprocal', 'divide']) && /nan|inf/.test(message),
  },
  {
    reason: 'a complex sum is divided by its count part by part: NaN stays in the part it is in',
    covers: (c, message) => complexCall(c, ['mean', 'nanmean', 'average']) && /nan/.test(message),
  },
  {
    reason:
      'negative exponents of integers are looked for among the values passed: before narrowing, with no element too',
    covers: (c, message) => c.facts.name === 'power' && /negative integer powers/.test(message),
  },
  {
    reason: 'nextafter of equal zeros is the second, as C has it; for float16 NumPy returns the first',
    covers: (c, message) => c.facts.name === 'nextafter' && /is -?0, NumPy -?0$/.test(message),
  },
  {
    reason: 'the sign of a complex number does not overflow on the way',
    covers: (c, message) => complexCall(c, ['sign']) && /0\.7071/.test(message),
  },
  {
    reason: 'complex powers of and to infinities and NaN: no value is right in both parts, and NumPy has others',
    covers: (c, message) => complexCall(c, ['power', 'float_power']) && /inf|nan/.test(message),
  },
  {
    reason:
      'block promotes all its dtypes at once; NumPy promotes list by list for small results and at once for large',
    covers: (c, message) => c.facts.name === 'block' && /dtype \w+, NumPy \w+$/.test(message),
  },
  {
    reason: 'the area under bools counts them as 0 and 1; NumPy adds neighbours by logical or',
    covers: (c) => c.facts.name === 'trapezoid' && dtypesOf(c).some((d) => d.name === 'bool'),
  },
  {
    reason: 'interpolation of NaN is NaN, in one point too',
    covers: (c, message) => c.facts.name === 'interp' && /is \(?nan/i.test(message),
  },
  {
    reason: 'the bits of no bytes are zeros; NumPy leaves what was in memory',
    covers: (c, message) => c.facts.name === 'unpackbits' && /element \d+ is 0, NumPy/.test(message),
  },
];
