// The two standard texts of an array: array_repr, which says what array it is, and array_str, which shows its elements.
// array_repr is Orthant's default text as well: the same characters NumPy prints.
import { Complex } from '../../dtype/complex.ts';
import { type DType, dtypes } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import type { ArrayBase } from '../../exec/array_base.ts';
import { readAt } from '../../exec/coerce.ts';
import { type Array2StringOptions, integersOf, requireArray, textOf } from './array2string.ts';
import { SHORTEST } from './decimal.ts';
import { type Layout, positional, scientific, specialText } from './float_text.ts';
import { changedOptions, get_printoptions, type PrintOptions } from './print_options.ts';

export type ReprOptions = Pick<Array2StringOptions, 'max_line_width' | 'precision' | 'suppress_small'>;

function optionsFrom({ max_line_width, precision, suppress_small }: ReprOptions, where: string): PrintOptions {
  const changes = { precision, linewidth: max_line_width, suppress: suppress_small };
  return changedOptions(get_printoptions(), changes as Partial<PrintOptions>, where); // null: as set
}

/** These dtypes are what NumPy makes of such a text anyway. */
const implied = new Set<DType>([dtypes.bool, dtypes.int64, dtypes.float64, dtypes.complex128]);

/**
 * The array as the expression NumPy prints for it, with its dtype and shape where the elements do not tell them.
 * @throws ArgumentError for an invalid option, DisposedError after dispose.
 * @example array_repr(np.float32([1, 2])) // 'array([1., 2.], dtype=float32)'
 */
export function array_repr(a: ArrayBase, options: ReprOptions = {}): string {
  requireArray(a, 'array_repr');
  const o = optionsFrom(options, 'array_repr');
  const open = 'array(';
  const body = open + textOf(a, o, ', ', open, ')');
  const extras: string[] = [];
  if ((a.size === 0 && !(a.shape.length === 1 && a.shape[0] === 0)) || a.size > o.threshold) {
    extras.push(`shape=${shapeText(a.shape)}`);
  }
  if (!implied.has(a.dtype) || a.size === 0) extras.push(`dtype=${a.dtype.name}`);
  if (extras.length === 0) return `${body})`;
  const tail = `${extras.join(', ')})`;
  const lastLine = body.length - (body.lastIndexOf('\n') + 1) + 1;
  const fits = lastLine + tail.length + 1 <= o.linewidth;
  return `${body},${fits ? ' ' : `\n${' '.repeat(open.length)}`}${tail}`;
}

/** As Python writes a tuple. */
function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/**
 * The elements as text, without commas and dtype; a 0-d array prints as a scalar does.
 * @throws ArgumentError for an invalid option, DisposedError after dispose.
 * @example array_str(np.array([1, 2])) // '[1. 2.]'
 */
export function array_str(a: ArrayBase, options: ReprOptions = {}): string {
  requireArray(a, 'array_str');
  const o = optionsFrom(options, 'array_str');
  if (a.shape.length > 0) return textOf(a, o, ' ', '', '');
  return scalarText(readAt(a, a.offset, integersOf(a.dtype)), a.dtype);
}

/**
 * A scalar of dtype `d` as NumPy prints it: shortest digits, 'True' and 'False', complex in brackets.
 * @example scalarText(0.1, dtypes.float32) // '0.1'
 */
export function scalarText(x: Scalar, d: DType): string {
  if (x instanceof Complex) {
    const part = d === dtypes.complex64 ? dtypes.float32 : dtypes.float64;
    if (Object.is(x.re, 0)) return `${loneFloat(x.im, part, '-', false)}j`;
    return `(${loneFloat(x.re, part, '-', false)}${loneFloat(x.im, part, '-', true)}j)`;
  }
  if (typeof x === 'boolean') return x ? 'True' : 'False';
  return d.kind === 'f' && typeof x === 'number' ? loneFloat(x, d, '0', false) : String(x);
}

function loneFloat(x: number, d: DType, trim: '0' | '-', sign: boolean): string {
  const special = specialText(x, sign);
  if (special !== undefined) return x !== x && sign ? `+${special}` : special;
  const layout: Layout = { ...SHORTEST, trim, sign, padLeft: 0, padRight: undefined, expDigits: 2 };
  const a = Math.abs(x);
  const limit = d.half ? 1e3 : d === dtypes.float32 ? 1e6 : 1e16;
  if (a === 0 || (a >= 1e-4 && a < limit)) return positional(x, d, layout);
  return scientific(x, d, { ...layout, trim: '-' });
}
