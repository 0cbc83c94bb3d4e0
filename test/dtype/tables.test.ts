// The dtype table, promotion and casting against NumPy's answers (test/fixtures/promotion.json), pair by pair.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { config } from '../../src/base/config.ts';
import { DTypeError } from '../../src/base/errors.ts';
import { categories, category, complexOf, dtypeOf, inCategory, realOf } from '../../src/dtype/category.ts';
import { Complex } from '../../src/dtype/complex.ts';
import { asDType, type DType, dtypeList, dtypes, isDType, typedArrayDType } from '../../src/dtype/dtype.ts';
import { floatLimits, integerLimits } from '../../src/dtype/limits.ts';
import { type Casting, canCast, castings, promote, promoteAll } from '../../src/dtype/promotion.ts';
import { weakPromote } from '../../src/dtype/scalars.ts';

interface Fixture {
  names: string[];
  dtypes: [string, string, number, string, string][];
  promote: number[][];
  triples: number[];
  canCast: Record<Casting, number[][]>;
  weak: { boolean: number[]; bigint: number[]; complex: number[] };
}
const numpy: Fixture = JSON.parse(readFileSync(new URL('../fixtures/promotion.json', import.meta.url), 'utf8'));

const noCommon = (a: DType, b: DType) => a.name === 'uint64' && b.kind === 'i';

afterEach(() => config.set('promote.uint64_int64', 'error'));

describe('table', () => {
  test('rows agree with NumPy and ids are positions', () => {
    expect(dtypeList.map((d) => [d.name, d.kind, d.itemsize, d.char, d.descr])).toEqual(numpy.dtypes);
    expect(dtypeList.map((d) => d.id)).toEqual(numpy.names.map((_, i) => i));
  });

  test.each(dtypeList)('$name: lane, parts and array give the itemsize', (d) => {
    expect(d.array.BYTES_PER_ELEMENT * d.parts).toBe(d.itemsize);
    expect(Number(d.lane.slice(1)) * d.parts).toBe(8 * d.itemsize);
    expect(Object.isFrozen(d)).toBe(true);
    expect(`${d}`).toBe(d.name);
    expect(JSON.stringify({ d })).toBe(`{"d":"${d.name}"}`);
    expect(dtypeOf(d.kind, d.itemsize)).toBe(d);
  });

  test.each([
    ['float', 'float64'],
    ['double', 'float64'],
    ['int', 'int64'],
    ['uint', 'uint64'],
    ['complex', 'complex128'],
    ['half', 'float16'],
    ['single', 'float32'],
    ['?', 'bool'],
    ['b1', 'bool'],
    ['|b1', 'bool'],
    ['b', 'int8'],
    ['f8', 'float64'],
    ['<f8', 'float64'],
    ['=f4', 'float32'],
    ['<c16', 'complex128'],
    ['|u1', 'uint8'],
    ['q', 'int64'],
    ['D', 'complex128'],
  ])('asDType(%j) is %s', (spelling, name) => {
    expect(asDType(spelling).name).toBe(name);
  });

  test('asDType refuses what it does not know, with the remedy', () => {
    expect(asDType(dtypes.int8)).toBe(dtypes.int8);
    expect(() => asDType('>f8')).toThrow(
      "dtype '>f8' is big-endian; arrays hold little-endian elements only\n" +
        "  fix: use '<f8' and swap the bytes when reading them",
    );
    expect(() => asDType('float128')).toThrow(/'float128' is not a dtype\n {2}fix: use one of bool, int8/);
    expect(() => asDType('|f8')).toThrow(DTypeError);
    expect(() => asDType(undefined as never)).toThrow(/undefined is not a dtype/);
    expect(isDType(dtypes.bool)).toBe(true);
    expect(isDType('bool')).toBe(false);
  });

  test('typed arrays map to their own dtype', () => {
    const found = [
      new Uint8Array(1),
      new Uint8ClampedArray(1),
      new BigInt64Array(1),
      new Float32Array(1),
      Buffer.alloc(1),
      new Uint16Array(1),
    ].map((x) => typedArrayDType(x)?.name);
    expect(found).toEqual(['uint8', 'uint8', 'int64', 'float32', 'uint8', 'uint16']);
    expect(typedArrayDType(new DataView(new ArrayBuffer(8)))).toBeUndefined();
    expect(typedArrayDType([1])).toBeUndefined();
  });
});

describe('categories', () => {
  test.each([
    ['bool', ['bool']],
    ['signed', ['int8', 'int16', 'int32', 'int64']],
    ['unsigned', ['uint8', 'uint16', 'uint32', 'uint64']],
    ['floats', ['float16', 'float32', 'float64']],
    ['complexes', ['complex64', 'complex128']],
  ] as const)('%s', (c, members) => {
    expect(category(c).map((d) => d.name)).toEqual(members);
  });

  test('membership is the member list', () => {
    for (const c of categories) for (const d of dtypeList) expect(inCategory(d, c)).toBe(category(c).includes(d));
    expect(category('all')).toEqual(dtypeList);
    expect(category('numeric').length).toBe(13);
    expect(category('real').length).toBe(11);
    expect(category('exact').length).toBe(9);
  });

  test('real and complex counterparts', () => {
    expect(dtypeList.map((d) => realOf(d).name).slice(12)).toEqual(['float32', 'float64']);
    for (const d of dtypeList) expect(complexOf(d)).toBe(promote(d, dtypes.complex64));
  });
});

describe('promotion', () => {
  test('all pairs as NumPy, the uint64 exception by config', () => {
    config.set('promote.uint64_int64', 'float64');
    expect(dtypeList.map((a) => dtypeList.map((b) => promote(a, b).id))).toEqual(numpy.promote);
  });

  test('uint64 with a signed integer is an error by default', () => {
    for (const a of dtypeList) {
      for (const b of dtypeList) {
        if (noCommon(a, b) || noCommon(b, a)) expect(() => promote(a, b)).toThrow(DTypeError);
        else expect(promote(a, b).id).toBe(numpy.promote[a.id][b.id]);
      }
    }
    expect(() => promote(dtypes.int64, dtypes.uint64)).toThrow(
      'int64 and uint64 have no common integer dtype; float64 would silently lose digits past 2**53\n' +
        "  fix: convert one of them first, astype('int64') or astype('uint64'), or set config 'promote.uint64_int64' to 'float64'",
    );
  });

  test('all triples as NumPy, whatever their order', () => {
    config.set('promote.uint64_int64', 'float64');
    const got: number[] = [];
    const n = dtypeList.length;
    for (let i = 0; i < n; i++)
      for (let j = i + 1; j < n; j++)
        for (let k = j + 1; k < n; k++) {
          const t = [dtypeList[i], dtypeList[j], dtypeList[k]];
          got.push(promoteAll(t).id);
          expect(promoteAll([t[2], t[0], t[1]])).toBe(promoteAll(t));
        }
    expect(got).toEqual(numpy.triples);
    expect(() => promoteAll([])).toThrow('no dtypes to promote');
  });

  test('a float among the operands decides before uint64 meets int64', () => {
    expect(promoteAll([dtypes.uint64, dtypes.int64, dtypes.float32])).toBe(dtypes.float64);
  });

  test('weak scalars as NumPy for boolean, bigint and Complex; a number lifts bool to float64 only', () => {
    expect(dtypeList.map((d) => weakPromote(d, true).id)).toEqual(numpy.weak.boolean);
    expect(dtypeList.map((d) => weakPromote(d, 1n).id)).toEqual(numpy.weak.bigint);
    expect(dtypeList.map((d) => weakPromote(d, new Complex(0, 1)).id)).toEqual(numpy.weak.complex);
    expect(dtypeList.map((d) => weakPromote(d, 0.5).id)).toEqual(dtypeList.map((d) => (d.kind === 'b' ? 11 : d.id)));
  });

  test('law: promotion commutes and is idempotent', () => {
    config.set('promote.uint64_int64', 'float64');
    const any = fc.constantFrom(...dtypeList);
    fc.assert(
      fc.property(any, any, (a, b) => {
        const c = promote(a, b);
        return c === promote(b, a) && promote(c, a) === c && canCast(a, c, 'safe');
      }),
    );
  });
});

test.each(castings)('canCast for all pairs: %s', (casting) => {
  expect(dtypeList.map((a) => dtypeList.map((b) => Number(canCast(a, b, casting))))).toEqual(numpy.canCast[casting]);
});

test('limits', () => {
  expect(integerLimits(dtypes.int64)).toMatchObject({ min: -(2n ** 63n), max: 2n ** 63n - 1n, bits: 64 });
  expect(integerLimits(dtypes.uint8)).toMatchObject({ low: 0, high: 255 });
  expect(floatLimits(dtypes.float64)).toMatchObject({
    eps: Number.EPSILON,
    max: Number.MAX_VALUE,
    smallestSubnormal: Number.MIN_VALUE,
    precision: 15,
  });
  expect(floatLimits(dtypes.float16)).toMatchObject({
    max: 65504,
    tiny: 2 ** -14,
    smallestSubnormal: 2 ** -24,
    precision: 3,
  });
  expect(floatLimits(dtypes.complex64)).toBe(floatLimits(dtypes.complex64));
  expect(floatLimits(dtypes.complex64).max).toBe(3.4028234663852886e38);
  expect(() => integerLimits(dtypes.float32)).toThrow('float32 is not an integer dtype');
  expect(() => floatLimits(dtypes.bool)).toThrow('bool is not a floating dtype');
});
