// Scalars into and out of arrays: checks, casts, elements, binary16. Oracle for rounding: test/fixtures/half.json.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CastError, PrecisionError } from '../../src/base/errors.ts';
import { Complex } from '../../src/dtype/complex.ts';
import { type DTypeName, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import {
  castScalar,
  checkScalar,
  halfToNumber,
  isScalar,
  numberToHalf,
  readElement,
  type Scalar,
  saturate,
  scalarDType,
  writeElement,
} from '../../src/dtype/scalars.ts';

const numpy: {
  decodedSha256: string;
  encodedSha256: string;
  encode: [string, number][];
  int64ToFloat32: [string, number][];
} = JSON.parse(readFileSync(new URL('../fixtures/half.json', import.meta.url), 'utf8'));

const sha = (x: ArrayBufferView) => createHash('sha256').update(new Uint8Array(x.buffer)).digest('hex');

describe('binary16', () => {
  test('all patterns decode as NumPy decodes them', () => {
    expect(sha(Float64Array.from({ length: 65536 }, (_, i) => halfToNumber(i)))).toBe(numpy.decodedSha256);
  });

  test('all patterns survive the round trip', () => {
    for (let i = 0; i < 65536; i++) {
      const x = halfToNumber(i);
      if (numberToHalf(x) !== (Number.isNaN(x) ? 0x7e00 : i)) expect(numberToHalf(x)).toBe(i);
    }
  });

  test('all rounding boundaries and their neighbours encode as NumPy encodes them', () => {
    const scratch = new Float64Array(1);
    const words = new BigInt64Array(scratch.buffer);
    const next = (x: number, step: bigint) => {
      scratch[0] = x;
      words[0] += step;
      return scratch[0];
    };
    const middle: number[] = [];
    for (let i = 0; i < 0x7c00; i++) middle.push((halfToNumber(i) + (i === 0x7bff ? 65536 : halfToNumber(i + 1))) / 2);
    const probes = [...middle, ...middle.map((x) => next(x, -1n)), ...middle.map((x) => next(x, 1n))];
    const all = [...probes, ...probes.map((x) => -x)];
    expect(sha(Uint16Array.from(all, numberToHalf))).toBe(numpy.encodedSha256);
  });

  test.each(numpy.encode)('%s', (x, bits) => {
    expect(numberToHalf(Number(x))).toBe(bits);
  });
});

test('a scalar has the dtype of its JavaScript type', () => {
  expect([1, 0.5, 1n, true, new Complex(1)].map((x) => scalarDType(x).name)).toEqual([
    'float64',
    'float64',
    'int64',
    'bool',
    'complex128',
  ]);
  expect(() => scalarDType('1' as never)).toThrow('string is not a scalar');
  expect(() => scalarDType([] as never)).toThrow('Array is not a scalar');
  expect([1, 1n, false, new Complex(0), null, '1', [1], {}].map(isScalar)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

const c = (re: number, im = 0) => new Complex(re, im);

describe('checkScalar', () => {
  test.each<[Scalar, DTypeName, Scalar]>([
    [1.5, 'float64', 1.5],
    [0.1, 'float32', Math.fround(0.1)],
    [0.1, 'float16', 0.0999755859375],
    [1e300, 'float32', Number.POSITIVE_INFINITY],
    [5n, 'float32', 5],
    [true, 'float64', 1],
    [2.5, 'complex64', c(2.5)],
    [3n, 'complex128', c(3)],
    [c(0.1, 2), 'complex64', c(Math.fround(0.1), 2)],
    [255, 'uint8', 255],
    [-0, 'int32', 0],
    [127n, 'int8', 127],
    [true, 'int16', 1],
    [7, 'int64', 7n],
    [-(2 ** 63), 'int64', -(2n ** 63n)],
    [2n ** 64n - 1n, 'uint64', 2n ** 64n - 1n],
    [false, 'uint64', 0n],
    [1, 'bool', true],
    [0n, 'bool', false],
    [-0, 'bool', false],
    [true, 'bool', true],
  ])('%s into %s', (x, d, expected) => {
    expect(checkScalar(x, dtypes[d], 'add')).toStrictEqual(expected);
  });

  test.each<[Scalar, DTypeName, string]>([
    [
      300,
      'uint8',
      "add: 300 does not fit in uint8 (0 to 255)\n  fix: convert the array to a wider dtype first, astype('uint16')",
    ],
    [-1, 'uint8', "astype('int16')"],
    [2 ** 31, 'int32', 'add: 2147483648 does not fit in int32 (-2147483648 to 2147483647)'],
    [2 ** 63, 'int64', "astype('float64')"],
    [2n ** 64n, 'uint64', 'add: 18446744073709551616n does not fit in uint64'],
    [
      0.5,
      'int32',
      "add: 0.5 is not an integer and cannot join int32\n  fix: convert the array first, astype('float64'), or round the number",
    ],
    [Number.NaN, 'int64', 'add: NaN is not an integer'],
    [Number.NEGATIVE_INFINITY, 'int8', 'add: -Infinity is not an integer'],
    [2, 'bool', 'add: 2 is not a bool\n  fix: use true or false, or compare with zero (x !== 0)'],
    [10n ** 400n, 'float64', 'n is past the range of float64'],
    [70000n, 'float16', 'add: 70000n is past the range of float16'],
  ])('%s into %s is refused', (x, d, message) => {
    expect(() => checkScalar(x, dtypes[d], 'add')).toThrow(PrecisionError);
    expect(() => checkScalar(x, dtypes[d], 'add')).toThrow(message);
  });

  test('a Complex never enters a real dtype', () => {
    for (const d of dtypeList) {
      if (d.kind !== 'c') expect(() => checkScalar(c(1), d, 'fill')).toThrow(CastError);
    }
    expect(() => checkScalar(c(1, 2), dtypes.float32, 'fill')).toThrow(
      "fill: complex (1+2j) cannot become float32\n  fix: use its real part (x.re), or convert the array first, astype('complex64')",
    );
  });
});

describe('casts', () => {
  test.each<[number, DTypeName, number | bigint]>([
    [300.7, 'uint8', 255],
    [-0.9, 'uint8', 0],
    [-5, 'uint8', 0],
    [255.5, 'uint8', 255],
    [-128.9, 'int8', -128],
    [-127.9, 'int8', -127],
    [Number.NaN, 'int32', 0],
    [Number.NaN, 'int64', 0n],
    [Number.POSITIVE_INFINITY, 'int32', 2147483647],
    [Number.NEGATIVE_INFINITY, 'int64', -(2n ** 63n)],
    [2 ** 63, 'int64', 2n ** 63n - 1n],
    [2 ** 63, 'uint64', 2n ** 63n],
    [1e30, 'uint64', 2n ** 64n - 1n],
    [-1e30, 'uint64', 0n],
    [2 ** 53 + 2, 'int64', 2n ** 53n + 2n],
  ])('saturate %s to %s', (x, d, expected) => {
    expect(saturate(x, dtypes[d])).toStrictEqual(expected);
  });

  test.each<[Scalar, DTypeName, DTypeName, Scalar]>([
    [300, 'int32', 'uint8', 44],
    [300, 'float64', 'uint8', 255],
    [-1n, 'int64', 'uint64', 2n ** 64n - 1n],
    [-1, 'int8', 'uint32', 4294967295],
    [200, 'uint8', 'int8', -56],
    [2n ** 40n + 5n, 'int64', 'int32', 5],
    [true, 'bool', 'int64', 1n],
    [Number.NaN, 'float64', 'bool', true],
    [-0, 'float64', 'bool', false],
    [c(0, 1), 'complex64', 'bool', true],
    [c(0, 0), 'complex64', 'bool', false],
    [c(300.5, 9), 'complex128', 'uint8', 255],
    [c(0.1, 9), 'complex128', 'float32', Math.fround(0.1)],
    [0.1, 'float64', 'complex64', c(Math.fround(0.1))],
    [3n, 'uint64', 'complex128', c(3)],
    [1e6, 'float32', 'float16', Number.POSITIVE_INFINITY],
    [2n ** 63n - 1n, 'int64', 'float16', Number.POSITIVE_INFINITY],
    [0n, 'int64', 'bool', false],
  ])('%s from %s to %s', (x, from, to, expected) => {
    expect(castScalar(x, dtypes[from], dtypes[to])).toStrictEqual(expected);
  });

  test.each(numpy.int64ToFloat32)('int64 %s to float32 rounds once', (x, expected) => {
    expect(castScalar(BigInt(x), dtypes.int64, dtypes.float32)).toBe(expected);
  });
});

describe('elements', () => {
  const view = (d: DTypeName) => new dtypes[d].array(4 * dtypes[d].parts);

  test.each<[DTypeName, Scalar]>([
    ['bool', true],
    ['int8', -5],
    ['uint16', 65535],
    ['int32', -7],
    ['uint32', 4294967295],
    ['float16', -0.333251953125],
    ['float32', 0.5],
    ['float64', 0.1],
    ['complex64', c(0.5, -2)],
    ['complex128', c(0.1, 0.2)],
  ])('%s keeps %s', (name, x) => {
    const d = dtypes[name];
    const v = view(name);
    writeElement(v, 2, d, checkScalar(x, d, 'set'));
    expect(readElement(v, 2, d)).toStrictEqual(x);
    expect(readElement(v, 1, d)).toStrictEqual(castScalar(0, dtypes.float64, d));
  });

  test('64-bit integers leave as numbers only when exact', () => {
    const v = BigInt64Array.of(5n, 2n ** 60n, 2n ** 53n + 1n, -(2n ** 63n));
    expect(readElement(v, 0, dtypes.int64)).toBe(5);
    expect(readElement(v, 1, dtypes.int64)).toBe(2 ** 60);
    expect(readElement(v, 3, dtypes.int64)).toBe(-(2 ** 63));
    expect(readElement(v, 0, dtypes.int64, 'bigint')).toBe(5n);
    expect(readElement(v, 2, dtypes.int64, 'bigint')).toBe(2n ** 53n + 1n);
    expect(readElement(v, 2, dtypes.int64, 'auto')).toBe(2n ** 53n + 1n);
    expect(readElement(v, 0, dtypes.int64, 'auto')).toBe(5);
    expect(() => readElement(v, 2, dtypes.int64)).toThrow(
      "int64 value 9007199254740993 is not exactly representable as a number\n  fix: read it with item({ as: 'bigint' })",
    );
    expect(() => readElement(v, 2, dtypes.int64)).toThrow(PrecisionError);
  });

  test("'bigint' gives every integer dtype as bigint and leaves the others alone", () => {
    expect(readElement(Int32Array.of(7), 0, dtypes.int32, 'bigint')).toBe(7n);
    expect(readElement(Float32Array.of(7), 0, dtypes.float32, 'bigint')).toBe(7);
    expect(readElement(Uint8Array.of(1), 0, dtypes.bool, 'bigint')).toBe(true);
  });

  test('law: any accepted scalar survives the array', () => {
    const scalar: fc.Arbitrary<Scalar> = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 65n }),
      fc.boolean(),
      fc.tuple(fc.double(), fc.double()).map(([re, im]) => c(re, im)),
    );
    fc.assert(
      fc.property(scalar, fc.constantFrom(...dtypeList), (x, d) => {
        let checked: Scalar;
        try {
          checked = checkScalar(x, d, 'law');
        } catch (e) {
          expect(e instanceof PrecisionError || e instanceof CastError).toBe(true);
          return;
        }
        const v = new d.array(2 * d.parts);
        writeElement(v, 1, d, checked);
        const wide = d.lane === 'i64' || d.lane === 'u64';
        expect(readElement(v, 1, d, wide ? 'bigint' : 'number')).toStrictEqual(checked);
        expect(castScalar(x, scalarDType(x), d)).toStrictEqual(checked);
      }),
    );
  });
});

test.each<[Complex, string]>([
  [c(1, 2), '(1+2j)'],
  [c(1, -2.5), '(1-2.5j)'],
  [c(0, 2), '2j'],
  [c(0, -2), '-2j'],
  [c(-0, 2), '(-0+2j)'],
  [c(0, 0), '0j'],
  [c(1, -0), '(1-0j)'],
  [c(Number.NaN, Number.POSITIVE_INFINITY), '(nan+infj)'],
  [c(Number.NEGATIVE_INFINITY, Number.NaN), '(-inf+nanj)'],
  [c(1e16, 1e-5), '(1e+16+1e-05j)'],
  [c(-123456.789, 0.0001), '(-123456.789+0.0001j)'],
  [c(1.5e300, -1e15), '(1.5e+300-1000000000000000j)'],
])('%o prints as Python prints it', (z, text) => {
  expect(z.toString()).toBe(text);
});

test('equality of complex numbers', () => {
  expect(Complex.equal(c(0, 1), c(-0, 1))).toBe(true);
  expect(Complex.same(c(0, 1), c(-0, 1))).toBe(false);
  expect(Complex.equal(c(Number.NaN), c(Number.NaN))).toBe(false);
  expect(Complex.same(c(Number.NaN), c(Number.NaN))).toBe(true);
  expect(JSON.stringify(c(1, 2))).toBe('[1,2]');
});
