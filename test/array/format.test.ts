// Printing: NumPy's text for arrays of every dtype, layout and option and for lone floats (test/fixtures/format.json),
// the fast digits held against the exact ones, scopes of options, and messages.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Array2StringOptions, array2string } from '../../src/array/format/array2string.ts';
import { type DigitRules, decimalOf, exactDecimal, SHORTEST } from '../../src/array/format/decimal.ts';
import { format_float_positional, format_float_scientific } from '../../src/array/format/float_text.ts';
import {
  get_printoptions,
  type PrintOptions,
  printoptions,
  set_printoptions,
} from '../../src/array/format/print_options.ts';
import { array_repr, array_str, scalarText } from '../../src/array/format/repr.ts';
import { ArgumentError, DisposedError } from '../../src/base/errors.ts';
import { Complex } from '../../src/dtype/complex.ts';
import { asDType, type DTypeName, dtypes } from '../../src/dtype/dtype.ts';
import { roundToHalf } from '../../src/dtype/half.ts';
import { newArray, viewOf } from '../../src/exec/array_base.ts';
import { wrapHost } from '../../src/memory/storage.ts';
import { contiguousStrides } from '../../src/shape/strides.ts';

interface ArrayCase {
  dtype: DTypeName;
  shape: number[];
  strides: number[];
  offset: number;
  bytes: string;
  options: Partial<PrintOptions>;
  extra?: Array2StringOptions;
  kind: 'repr' | 'str' | 'array2string';
  text: string;
}
interface FloatCase {
  scientific: boolean;
  x: string;
  options: Parameters<typeof format_float_scientific>[1];
  text: string;
}
interface Fixture {
  arrays: ArrayCase[];
  floats: FloatCase[];
}

const load = (path: string | URL): Fixture => JSON.parse(readFileSync(path, 'utf8'));

function printed(c: ArrayCase): string {
  const bytes = new Uint8Array(Buffer.from(c.bytes, 'hex'));
  const a = viewOf(wrapHost(bytes.slice()), c.offset, c.shape, c.strides, asDType(c.dtype));
  return printoptions(c.options, () => {
    if (c.kind === 'array2string') return array2string(a, c.extra);
    return c.kind === 'repr' ? array_repr(a) : array_str(a);
  });
}

function check({ arrays, floats }: Fixture): void {
  for (const c of arrays) expect(printed(c), JSON.stringify({ ...c, text: undefined })).toBe(c.text);
  for (const c of floats) {
    const x = Buffer.from(c.x, 'hex').readDoubleLE(0);
    const text = c.scientific ? format_float_scientific(x, c.options) : format_float_positional(x, c.options);
    expect(text, `${x} ${JSON.stringify(c)}`).toBe(c.text);
  }
}

function numbers(values: number[], shape: number[] = [values.length]) {
  const strides = contiguousStrides(shape, 8);
  return viewOf(wrapHost(new Float64Array(values)), 0, shape, strides, dtypes.float64);
}

describe('as NumPy prints', () => {
  const fixture = load(new URL('../fixtures/format.json', import.meta.url));

  test(`${fixture.arrays.length} arrays and ${fixture.floats.length} floats`, () => check(fixture));

  test('a fresh random run, where NumPy is at hand', (context) => {
    const python = (...args: string[]) => String(execFileSync('python3', args, { stdio: 'pipe' }));
    let version = '';
    try {
      version = python('-c', 'import numpy; print(numpy.__version__)');
    } catch {
      context.skip();
    }
    if (!/^2\.[4-9]/.test(version)) context.skip(); // older ones print shapes and exponents differently
    const path = join(tmpdir(), `orthant-format-${process.pid}.json`);
    const seed = String(Date.now() % 1e6);
    console.log(`seed ${seed}`);
    try {
      python(new URL('../fixtures/make_format.py', import.meta.url).pathname, seed, '400', '400', path);
      check(load(path));
    } finally {
      rmSync(path, { force: true });
    }
  });
});

describe('digits', () => {
  const rules: DigitRules[] = [SHORTEST];
  for (const count of ['fraction', 'total'] as const) {
    for (const max of [1, 3, 8, 17, undefined]) {
      for (const min of [undefined, 0, 1, 3]) {
        if (max === undefined || min === undefined || min <= max) rules.push({ unique: true, count, max, min });
      }
      if (max !== undefined) rules.push({ unique: false, count, max, min: undefined });
    }
  }
  const floats = [
    [dtypes.float64, (x: number) => x],
    [dtypes.float32, Math.fround],
    [dtypes.float16, roundToHalf],
  ] as const;
  // Trailing zeros of an exact expansion may be left to the caller, who pads: both paths agree without them.
  const bare = ({ digits, exponent }: { digits: string; exponent: number }) => [digits.replace(/0+$/, ''), exponent];

  test.each(floats)('%s: the fast path gives the exact digits', (d, round) => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: 1e-8, max: 1e8, noNaN: true }),
      fc.integer({ min: 1, max: 1e9 }).map((n) => n / 1000),
      fc.integer({ min: -150, max: 127 }).map((e) => 2 ** e),
      fc.integer({ min: 1, max: 1e6 }).map((n) => n / 64),
    );
    fc.assert(
      fc.property(value, fc.constantFrom(...rules), (y, rule) => {
        const x = Math.abs(round(y));
        if (x === 0 || x === Number.POSITIVE_INFINITY) return;
        const [fast, exact] = [decimalOf(x, d, rule), exactDecimal(x, d, rule)];
        if (bare(exact)[0] === '') expect(bare(fast)[0]).toBe('');
        else expect(bare(fast)).toEqual(bare(exact));
      }),
      { numRuns: 4000 },
    );
  });

  test('shortest digits read back', () => {
    for (let bits = 1; bits < 0x7c00; bits += 7) {
      const x = roundToHalf(bits < 0x400 ? bits * 2 ** -24 : (1024 + (bits & 1023)) * 2 ** ((bits >> 10) - 25));
      const { digits, exponent } = decimalOf(x, dtypes.float16, SHORTEST);
      expect(digits.length).toBeLessThanOrEqual(5);
      expect(roundToHalf(Number(`${digits}e${exponent - digits.length + 1}`))).toBe(x);
    }
  });
});

describe('layout', () => {
  const rows: [string, string, string][] = [
    ['int8 0-d', array_repr(newArray([], dtypes.int8, true)), 'array(0, dtype=int8)'],
    ['bool 0-d', array_str(newArray([], dtypes.bool, true)), 'False'],
    ['bool', array_repr(newArray([2], dtypes.bool, true)), 'array([False, False])'],
    ['empty', array_repr(newArray([0], dtypes.float64, true)), 'array([], dtype=float64)'],
    ['empty 2-d', array_repr(newArray([0, 3], dtypes.float64, true)), 'array([], shape=(0, 3), dtype=float64)'],
    ['empty str', array_str(newArray([0, 3], dtypes.float64, true)), '[]'],
    [
      'large',
      array_repr(newArray([2000], dtypes.float64, true)),
      'array([0., 0., 0., ..., 0., 0., 0.], shape=(2000,))',
    ],
    ['complex', array_repr(newArray([1], dtypes.complex64, true)), 'array([0.+0.j], dtype=complex64)'],
  ];
  test.each(rows)('%s', (_, text, expected) => expect(text).toBe(expected));

  test('formatters: one word, several lines, kinds and their precedence', () => {
    const a = numbers([1, 2]);
    const all = () => 'a\nbb';
    expect(array2string(a, { formatter: { all } })).toBe('[a\n bb a\n    bb]');
    expect(array2string(a, { formatter: { float_kind: (x) => `<${x}>`, all } })).toBe('[<1> <2>]');
    expect(array2string(a, { formatter: { int: all } })).toBe('[1. 2.]');
  });

  test('only the shown elements are read', () => {
    const wide = viewOf(wrapHost(new Float64Array(1)), 0, [2 ** 20, 2 ** 20], [0, 0], dtypes.float64);
    expect(array2string(wide, { edgeitems: 1 })).toBe('[[0. ... 0.]\n ...\n [0. ... 0.]]');
  });

  test('scalars', () => {
    expect(scalarText(new Complex(-0, Number.NaN), dtypes.complex128)).toBe('(-0+nanj)');
    expect(scalarText(new Complex(0, -2), dtypes.complex128)).toBe('-2j');
    expect(scalarText(1e6, dtypes.float32)).toBe('1e+06');
    expect(scalarText(1e6, dtypes.float64)).toBe('1000000.0');
    expect(scalarText(1000, dtypes.float16)).toBe('1e+03');
    expect(scalarText(2n ** 60n, dtypes.int64)).toBe('1152921504606846976');
  });
});

describe('options', () => {
  test('hold in their scope, and set_printoptions in the innermost one', async () => {
    const before = get_printoptions();
    const third = numbers([1 / 3]);
    await printoptions({ precision: 3 }, async () => {
      await Promise.resolve();
      expect(array_repr(third)).toBe('array([0.333])');
      set_printoptions({ precision: 1 });
      expect(array_repr(third)).toBe('array([0.3])');
      expect(array_repr(third, { precision: 2 })).toBe('array([0.33])');
    });
    const scope = printoptions({ suppress: true, precision: 4 });
    expect(array_repr(third)).toBe('array([0.3333])');
    scope[Symbol.dispose]();
    expect(get_printoptions()).toEqual(before);
  });

  const bad: [string, () => unknown, RegExp][] = [
    [
      'unknown',
      () => set_printoptions({ precison: 3 } as never),
      /no printing option 'precison'\n {2}fix: use one of prec/,
    ],
    [
      'precision',
      () => set_printoptions({ precision: 1.5 }),
      /precision cannot be 1.5\n {2}fix: pass a whole number from 0/,
    ],
    [
      'floatmode',
      () => printoptions({ floatmode: 'x' as never }),
      /floatmode cannot be x\n {2}fix: pass 'fixed', 'unique'/,
    ],
    [
      'sign',
      () => array2string(numbers([1]), { sign: 'x' as never }),
      /array2string: sign cannot be x\n {2}fix: pass '-'/,
    ],
    ['threshold', () => array2string(numbers([1]), { threshold: Number.NaN }), /pass a number, Infinity for never/],
    [
      'formatter',
      () => array2string(numbers([1]), { formatter: { x: 1 } as never }),
      /an object of functions with keys all/,
    ],
    [
      'negative',
      () => format_float_positional(1, { precision: -1 }),
      /precision is -1\n {2}fix: pass precision as a whole/,
    ],
    ['digits', () => format_float_positional(1, { min_digits: 3, precision: 2 }), /fix: raise precision to min_digits/],
    ['trim', () => format_float_scientific(1, { trim: 'x' as never }), /fix: pass trim as 'k', '.', '0' or '-'/],
    [
      'zero',
      () => format_float_positional(1, { fractional: false, precision: 0 }),
      /fix: pass a precision of 1 or more/,
    ],
    ['exact', () => format_float_positional(1, { unique: false }), /fix: pass precision, or leave unique true/],
    ['dtype', () => format_float_positional(1, { dtype: 'int8' }), /fix: pass float16, float32 or float64/],
  ];
  test.each(bad)('%s is refused', (_, call, message) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(message);
  });

  test('a disposed array does not print', () => {
    const a = newArray([2], dtypes.float64, true);
    a.storage.dispose();
    expect(() => array_repr(a)).toThrow(DisposedError);
  });
});
