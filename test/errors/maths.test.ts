// Wrong calls of the mathematical routines: each is refused with its tagged error and leaves every array as it was.
import { describe } from 'vitest';
import { type Case, refused } from './_cases.ts';
import { np, type World, world } from './_world.ts';

const groups: Record<string, readonly Case[]> = {
  'differences and derivatives': [
    [() => np.diff(5), 'ShapeError', ['np.diff', '0-d']],
    [({ a }: World) => np.diff(a, 1, 2), 'AxisError', ['np.diff', 'axis 2']],
    [({ a }: World) => np.diff(a, -1), 'ArgumentError', ['np.diff', 'n is -1']],
    [({ a }: World) => np.diff(a, 1, { n: 2 }), 'ArgumentError', ['n is given twice']],
    [({ a }: World) => np.diff(a, 1, 0, 7, 8), 'ArgumentError', ['7', 'too many']],
    [({ a }: World) => np.diff(a, { order: 2 }), 'ArgumentError', ["no option 'order'"]],
    [({ a }: World) => np.diff(a, { prepend: [1, 2, 3] }), 'ShapeError', ['(3,)', '(2,3)']],
    [({ i8 }: World) => np.diff(i8, { prepend: 300 }), 'PrecisionError', ['300']],
    [({ u8, z }: World) => np.ediff1d(u8, z), 'CastError', ['complex128', 'uint8']],
    [() => np.ediff1d([true, false]), 'DTypeError', ['subtract']],
    [({ a }: World) => np.gradient(a, { edge_order: 3 }), 'ArgumentError', ['edge_order', '1 or 2']],
    [({ a }: World) => np.gradient(a, { edge_order: 2 }), 'ShapeError', ['axis 0 has 2', 'needs 3']],
    [({ a }: World) => np.gradient(a, 1, 2, 3), 'ArgumentError', ['3 spacings for 2 axes']],
    [({ a }: World) => np.gradient(a, [0, 1]), 'ArgumentError', ['one of 2 axes']],
    [({ a }: World) => np.gradient(a, [0, 1], [0, 1]), 'ShapeError', ['axis 1 of length 3']],
    [({ a, z }: World) => np.gradient(a, z, { axis: 0 }), 'DTypeError', ['complex']],
    [({ lost }: World) => np.gradient(lost), 'DisposedError', []],
  ],
  'integrals and interpolation': [
    [({ a }: World) => np.trapezoid(a, [0, 1]), 'ShapeError', ['2 coordinates for 3 samples']],
    [({ a }: World) => np.trapezoid(a, null, 1, 2), 'AxisError', ['np.trapezoid']],
    [({ a }: World) => np.trapezoid(a, { axes: 0 }), 'ArgumentError', ["did you mean 'axis'"]],
    [({ row }: World) => np.interp(1, row, [1, 2]), 'ShapeError', ['3 coordinates and 2 values']],
    [() => np.interp(1, [], []), 'ArgumentError', ['no points']],
    [({ a }: World) => np.interp(1, a, a), 'ShapeError', ['xp has shape', '(2,3)']],
    [({ z }: World) => np.interp(1, z, z), 'DTypeError', ['xp is complex']],
    [({ z, row }: World) => np.interp(z, row, row), 'DTypeError', ['x is complex']],
    [({ row }: World) => np.interp(1, row, row, 'a'), 'ArgumentError', ["left is 'a'"]],
    [({ row }: World) => np.interp(1, row, row, { period: 0 }), 'ArgumentError', ['period is 0']],
  ],
  'sequences and vectors': [
    [() => np.convolve([], [1]), 'ShapeError', ['empty']],
    [({ a }: World) => np.convolve(a, [1]), 'ShapeError', ['(2,3)', 'one dimension']],
    [() => np.convolve([1], [1], 'half'), 'ArgumentError', ["mode is 'half'", "'full' or 'same' or 'valid'"]],
    [({ u64, i64 }: World) => np.correlate(u64, i64), 'DTypeError', ['uint64']],
    [({ a }: World) => np.cross(a, [1, 2, 3, 4]), 'ShapeError', ['4 components']],
    [
      ({ a }: World) =>
        np.cross(a, [
          [1, 2, 3],
          [1, 2, 3],
          [1, 2, 3],
        ]),
      'ShapeError',
      ['np.cross'],
    ],
    [({ a }: World) => np.cross(a, 5), 'AxisError', ['np.cross']],
    [() => np.cross([true, true, true], [true, true, true]), 'DTypeError', ['bools']],
    [({ z }: World) => np.unwrap(z), 'DTypeError', ['complex128']],
    [({ row }: World) => np.unwrap(row, { period: 0 }), 'ArgumentError', ['period is 0']],
    [({ row }: World) => np.unwrap(row, 'a'), 'ArgumentError', ["discont is 'a'"]],
    [({ i8 }: World) => np.unwrap(i8, { period: 1000n }), 'PrecisionError', ['1000']],
  ],
  polynomials: [
    [({ a }: World) => np.polyval(a, 1), 'ShapeError', ['np.polyval', '(2,3)']],
    [() => np.polyval(np.array([1n, 2n]), 0.5), 'PrecisionError', ['0.5']],
    [() => np.polydiv([1, 2], [0, 1]), 'ArgumentError', ['highest coefficient']],
    [() => np.polyder([1, 2], -1), 'ArgumentError', ['m is -1']],
    [() => np.polyint([1, 2], 2, [1, 2, 3]), 'ArgumentError', ['[1, 2, 3]']],
    [({ a }: World) => np.poly(a), 'LinAlgError', ['np.poly']],
  ],
  'windows and bits': [
    [() => np.hanning(2.5), 'ArgumentError', ['M is 2.5']],
    [() => np.kaiser('a', 1), 'ArgumentError', ["M is 'a'"]],
    [({ a }: World) => np.packbits(a), 'DTypeError', ['float64']],
    [({ u8 }: World) => np.packbits(u8, 1), 'AxisError', ['np.packbits']],
    [({ u8 }: World) => np.packbits(u8, 0, 'middle'), 'ArgumentError', ['bitorder']],
    [({ i8 }: World) => np.unpackbits(i8), 'DTypeError', ['int8', "astype('uint8')"]],
    [({ u8 }: World) => np.unpackbits(u8, null, -25), 'ShapeError', ['-25 of 24 bits']],
    [({ u8 }: World) => np.unpackbits(u8, null, 1.5), 'ShapeError', ['1.5']],
    [() => np.isfortran([1]), 'ArgumentError', ['np.isfortran']],
  ],
};

for (const [name, cases] of Object.entries(groups)) describe(name, () => refused(cases, world));
