// Questions about dtypes, each row with NumPy's answer; where Orthant decides otherwise the row says so.
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import * as np from '../../src/index.ts';

const name = (d: np.DType): string => d.name;

test('the version is the package’s', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(np.__version__).toBe(version);
  expect(np.version.full_version).toBe(version);
});

describe('dtypes by name', () => {
  it('are the dtypes themselves', () => {
    expect(np.zeros([2], { dtype: np.float32 }).dtype).toBe(np.dtypes.float32);
    expect(np.dtype('<i2')).toBe(np.int16);
    expect([np.bool_, np.intp, np.uint, np.half, np.cdouble].map(name)).toEqual([
      'bool',
      'int64',
      'uint64',
      'float16',
      'complex128',
    ]);
  });

  test.each([
    [np.bool, 0, '|b1', '|', 1],
    [np.int8, 1, '|i1', '|', 1],
    [np.uint16, 4, '<u2', '=', 2],
    [np.int64, 7, '<i8', '=', 8],
    [np.float16, 23, '<f2', '=', 2],
    [np.float32, 11, '<f4', '=', 4],
    [np.complex64, 14, '<c8', '=', 4],
    [np.complex128, 15, '<c16', '=', 8],
  ] as const)('%s: num, str, byteorder, alignment', (d, ...facts) => {
    expect([d.num, d.str, d.byteorder, d.alignment]).toEqual(facts);
    expect(d.isnative).toBe(true);
  });
});

test.each([
  ['float16', 16, 2 ** -10, 65504, 2 ** -14, 2 ** -24, 3, 0.001, 10, 5, 16, -14],
  ['float32', 32, 2 ** -23, 3.4028234663852886e38, 2 ** -126, 2 ** -149, 6, 1e-6, 23, 8, 128, -126],
  ['float64', 64, 2 ** -52, Number.MAX_VALUE, 2 ** -1022, 5e-324, 15, 1e-15, 52, 11, 1024, -1022],
] as const)('finfo %s', (of, bits, eps, max, tiny, subnormal, precision, resolution, nmant, nexp, maxexp, minexp) => {
  const smallest = { smallest_normal: tiny, tiny, smallest_subnormal: subnormal };
  const exponents = { nexp, iexp: nexp, maxexp, minexp, machep: -nmant, negep: -nmant - 1 };
  const want = { bits, eps, epsneg: eps / 2, max, min: -max, ...smallest, precision, resolution, nmant, ...exponents };
  expect(np.finfo(of)).toEqual({ dtype: np.dtype(of), ...want });
});

it('finfo of complex is that of the parts; of arrays that of their dtype', () => {
  expect(np.finfo('complex64')).toEqual(np.finfo(np.float32));
  expect(np.finfo(np.zeros([1], { dtype: 'float16' })).bits).toBe(16);
  expect(() => np.finfo('int8')).toThrow(np.DTypeError);
});

it('iinfo: numbers up to 32 bits, bigints for 64', () => {
  const narrow: number = np.iinfo('uint32').max;
  const wide: bigint = np.iinfo(np.int64).min;
  expect([narrow, wide]).toEqual([2 ** 32 - 1, -(2n ** 63n)]);
  expect(np.iinfo(np.arange(2n))).toMatchObject({ bits: 64, kind: 'i', dtype: np.int64, max: 2n ** 63n - 1n });
  expect(() => np.iinfo('float32')).toThrow(np.DTypeError);
});

const int8s = np.zeros([2], { dtype: 'int8' });
test.each<[string, () => np.DType, string]>([
  ['dtypes', () => np.result_type('int8', np.uint8), 'int16'],
  ['an array and a number: weak', () => np.result_type(int8s, 3), 'int8'],
  ['an array and a fraction: weak, whatever its value (NumPy: float64)', () => np.result_type(int8s, 0.5), 'int8'],
  ['float32 and a number', () => np.result_type(np.float32, 1e300), 'float32'],
  ['bool and a number', () => np.result_type(np.bool, 1), 'float64'],
  ['bool and a bigint', () => np.result_type(np.bool, 1n), 'int64'],
  ['float32 and a Complex', () => np.result_type('f4', new np.Complex(0, 1)), 'complex64'],
  ['scalars alone', () => np.result_type(true, 3n), 'int64'],
  ['lists are arrays', () => np.result_type('int8', [1.5], 3n), 'float64'],
  ['typed arrays', () => np.result_type(new Int16Array(2), np.uint16), 'int32'],
  ['three at once', () => np.result_type(np.uint64, np.int64, np.float32), 'float64'],
  ['promote_types', () => np.promote_types('i2', 'f2'), 'float32'],
  ['common_type of integers', () => np.common_type(np.arange(3n), np.zeros([1], { dtype: 'f4' })), 'float64'],
  ['common_type of float16', () => np.common_type(np.zeros([1], { dtype: 'f2' })), 'float16'],
  ['common_type of complex', () => np.common_type(np.zeros([1], { dtype: 'F' }), [1]), 'complex128'],
  ['min_scalar_type of a number', () => np.min_scalar_type(1e39), 'float64'],
  ['min_scalar_type of Infinity', () => np.min_scalar_type(Number.POSITIVE_INFINITY), 'float16'],
  ['min_scalar_type of bigints', () => np.min_scalar_type(-129n), 'int16'],
  ['min_scalar_type of a large bigint', () => np.min_scalar_type(2n ** 64n - 1n), 'uint64'],
  ['min_scalar_type of a Complex', () => np.min_scalar_type(new np.Complex(0, 1e39)), 'complex128'],
  ['min_scalar_type of no dimensions', () => np.min_scalar_type(np.array(5n)), 'uint8'],
  ['min_scalar_type of an array', () => np.min_scalar_type([1]), 'float64'],
])('%s', (_, call, want) => {
  expect(call().name).toBe(want);
});

test.each([
  ['int32', 'float32', 'safe', false],
  ['int32', 'float64', 'safe', true],
  ['float64', 'float32', 'same_kind', true],
  ['float64', 'int8', 'unsafe', true],
  ['int64', 'int32', 'equiv', false],
] as const)('can_cast %s to %s, %s', (from, to, casting, want) => {
  expect(np.can_cast(from, to, casting)).toBe(want);
  expect(np.can_cast(np.zeros([0], { dtype: from }), to, casting)).toBe(want);
});

test.each([
  [np.float32, np.floating, true],
  ['int8', np.signedinteger, true],
  ['bool', np.number, false],
  [np.bool, np.generic, true],
  [np.float32, 'inexact', true],
  [np.floating, np.inexact, true],
  [np.inexact, np.floating, false],
  [np.float32, np.float64, false],
  [np.integer, np.int8, false],
  ['complex64', np.complexfloating, true],
  [np.uint8, np.flexible, false],
] as const)('issubdtype %s of %s', (a, b, want) => {
  expect(np.issubdtype(a, b)).toBe(want);
});

test.each([
  [np.float64, ['integral', 'complex floating'], false],
  ['uint8', 'integral', true],
  ['bool', 'numeric', false],
  [np.int8, [np.int16, ['signed integer']], true],
] as const)('isdtype %s %s', (d, kind, want) => {
  expect(np.isdtype(d, kind)).toBe(want);
});

test.each([
  [['d', 'f', 'S'], 'd'],
  [['a', 'D'], 'D'],
  [['f', 'F'], 'F'],
  [['d', 'F'], 'D'],
  [['b'], 'd'],
])('mintypecode %s', (chars, want) => {
  expect(np.mintypecode(chars)).toBe(want);
});

test.each<[string, () => unknown, string]>([
  ['can_cast of a scalar', () => np.can_cast(3 as never, 'f4'), 'ArgumentError'],
  ['can_cast with a rule that is none', () => np.can_cast('i4', 'f4', 'loose' as never), 'ArgumentError'],
  ['result_type of nothing', () => np.result_type(), 'ArgumentError'],
  ['result_type of uint64 and int64', () => np.result_type('u8', 'i8'), 'DTypeError'],
  ['common_type of bool', () => np.common_type([true]), 'DTypeError'],
  ['isdtype of a kind that is none', () => np.isdtype('f8', 'floaty' as never), 'ArgumentError'],
  ['issubdtype of a name that is none', () => np.issubdtype('f8', 'floaty'), 'DTypeError'],
  ['to_device', () => np.zeros([1]).to_device('gpu' as never), 'ArgumentError'],
  ['dtypes of another device', () => np.__array_namespace_info__().dtypes({ device: 'gpu' as never }), 'ArgumentError'],
])('refused: %s', (_, call, tag) => {
  expect(call).toThrow(expect.objectContaining({ tag }));
});

it('tells what the namespace offers', () => {
  const info = np.__array_namespace_info__();
  expect(info.capabilities()).toEqual({
    'boolean indexing': true,
    'data-dependent shapes': true,
    'max dimensions': 64,
  });
  expect(info.default_dtypes().indexing).toBe(np.int32);
  expect(Object.keys(info.dtypes({ kind: 'unsigned integer' }))).toEqual(['uint8', 'uint16', 'uint32', 'uint64']);
  const a = np.zeros([1]);
  expect([info.default_device(), ...info.devices(), a.device]).toEqual(['cpu', 'cpu', 'cpu']);
  expect(a.to_device('cpu')).toBe(a);
});

it('has the constants and the errors', () => {
  expect([np.e, np.pi, np.inf, np.euler_gamma]).toEqual([
    Math.E,
    Math.PI,
    Number.POSITIVE_INFINITY,
    0.5772156649015329,
  ]);
  expect(np.nan).toBeNaN();
  expect(np.zeros([2]).get(np.newaxis).shape).toEqual([1, 2]);
  expect(np.exceptions.AxisError).toBe(np.AxisError);
});
