// Rows of elements on their way from text to an array: storage that grows in blocks, the shape at the end, and the
// options that loadtxt and genfromtxt share. What a row of text is, is their business.
import { empty } from '../array/creation.ts';
import type { NDArray } from '../array/ndarray.ts';
import { ArgumentError, FormatError } from '../base/errors.ts';
import { asDType, type DType, type DTypeLike, type TypedArray } from '../dtype/dtype.ts';
import { checkScalar, isScalar, writeElement } from '../dtype/scalars.ts';
import { rawView } from '../exec/array_base.ts';

/** From the text of a field to its element. */
export type Converter = (text: string) => unknown;
/** One converter for every column, or converters by column (negative ones count from the end). */
export type Converters = Converter | Readonly<Record<number, Converter>>;

/** What loadtxt and genfromtxt have in common. */
export interface TableOptions {
  /** One dtype for all columns, float64 by default. */
  dtype?: DTypeLike;
  converters?: Converters;
  /** Columns to read, in this order; negative ones count from the end. */
  usecols?: number | readonly number[] | null;
  /** Return the transpose, so that `const [x, y] = …` gives columns. */
  unpack?: boolean;
  /** Least dimensions of the result: axes of length 1 beyond them are dropped. */
  ndmin?: 0 | 1 | 2;
  /** How bytes become text, for TextDecoder. */
  encoding?: string;
}

export interface TableRules {
  readonly dtype: DType;
  readonly columns: readonly number[] | undefined;
  readonly converters: Converters | undefined;
  readonly unpack: boolean;
  readonly ndmin: number;
  readonly encoding: string;
}

export function tableRules(options: TableOptions, known: readonly string[], where: string): TableRules {
  const { dtype = 'float64', converters, usecols, unpack = false, ndmin = 0, encoding = 'utf-8' } = options;
  const shared = ['dtype', 'converters', 'usecols', 'unpack', 'ndmin', 'encoding'];
  for (const name of Object.keys(options)) {
    if (shared.includes(name) || known.includes(name)) continue;
    const all = [...shared, ...known].join(', ');
    const structured = 'name columns yourself: read with unpack and destructure, const [x, y] = …';
    throw new ArgumentError(
      `${where}: no option '${name}'`,
      name === 'names' ? `names make structured arrays, which there are not; ${structured}` : `use one of ${all}`,
      { option: name },
    );
  }
  if (dtype === null || Array.isArray(dtype)) {
    throw new ArgumentError(
      `${where}: one dtype for all columns is needed`,
      "pass it, { dtype: 'float64' } for instance",
      {
        dtype,
      },
    );
  }
  const columns = usecols === undefined || usecols === null ? undefined : [usecols].flat();
  const bad = columns?.find((column) => !Number.isInteger(column));
  if (bad !== undefined) {
    throw new ArgumentError(`${where}: usecols has ${String(bad)}`, 'pass whole numbers, negative ones from the end', {
      usecols,
    });
  }
  if (![0, 1, 2].includes(ndmin)) throw new ArgumentError(`${where}: ndmin is ${ndmin}`, 'pass 0, 1 or 2', { ndmin });
  return { dtype: asDType(dtype), columns, converters, unpack, ndmin, encoding };
}

/** A whole number from `least`, or undefined for null and undefined. */
export function wholeOption(value: unknown, name: string, least: number, where: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  throw new ArgumentError(`${where}: ${name} is ${String(value)}`, `pass ${name} as a whole number from ${least}`, {
    [name]: value,
  });
}

/** A place in a text, for messages: lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}
export const placeText = ({ file, line, column }: Place): string =>
  `${file}, line ${line}${column === undefined ? '' : `, column ${column}`}`;

export function notAnElement(text: string, d: DType, place: Place): FormatError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new FormatError(
    `${placeText(place)}: '${shown}' is not ${d.kind === 'i' || d.kind === 'u' ? 'an element of ' : ''}${d.name}`,
    'check delimiter and dtype, skip the column with usecols, give it a converter, or use genfromtxt for missing values',
    { ...place, text, dtype: d.name },
  );
}

/** Applies a converter and stores what it gives. */
export function convertInto(
  view: TypedArray,
  i: number,
  d: DType,
  convert: Converter,
  text: string,
  place: Place,
): void {
  const x = convert(text);
  if (!isScalar(x)) {
    throw new ArgumentError(
      `${placeText(place)}: the converter gave ${x === null ? 'null' : typeof x} for '${text}'`,
      'return a number, bigint, boolean or Complex',
      { ...place, text },
    );
  }
  writeElement(view, i, d, checkScalar(x, d, placeText(place)));
}

/** Elements per block. */
const BLOCK = 65536;

/** Elements one after another, in blocks, each a whole number of rows. */
export class Rows {
  readonly dtype: DType;
  /** Elements per row; set with the first row. */
  width = 0;
  count = 0;
  private readonly blocks: TypedArray[] = [];
  private perBlock = 0;

  constructor(dtype: DType) {
    this.dtype = dtype;
  }

  /** The view that holds the next row, and by `at` its first element there; `count` is the caller's to raise. */
  get view(): TypedArray {
    const { parts, array } = this.dtype;
    if (this.perBlock === 0) this.perBlock = Math.max(1, Math.floor(BLOCK / Math.max(this.width, 1)));
    const block = Math.floor(this.count / this.perBlock);
    if (block === this.blocks.length) this.blocks.push(new array(this.perBlock * this.width * parts));
    return this.blocks[block];
  }

  get at(): number {
    return (this.count % this.perBlock) * this.width;
  }

  /** All rows as an array. */
  toArray({ ndmin, unpack }: TableRules): NDArray {
    const rows = this.count;
    const a = empty([rows, this.width], { dtype: this.dtype });
    const target = rawView(a);
    const perBlock = this.perBlock * this.width * this.dtype.parts;
    for (let at = 0, i = 0; at < target.length; at += perBlock, i++) {
      const part = this.blocks[i].subarray(0, Math.min(perBlock, target.length - at));
      target.set(part as never, at); // both are views of the dtype's lane
    }
    const shaped = a.reshape(tableShape(rows, this.width, ndmin));
    return unpack ? shaped.T : shaped;
  }
}

/** Axes of length 1 go, as long as `ndmin` axes stay. */
function tableShape(rows: number, width: number, ndmin: number): number[] {
  if (ndmin === 2 || (rows !== 1 && width !== 1)) return [rows, width];
  if (ndmin === 1 || rows !== 1 || width !== 1) return [rows * width];
  return [];
}

/** The array of a text without rows. */
export function emptyTable({ dtype, ndmin, unpack }: TableRules, width: number): NDArray {
  const a = empty(tableShape(0, width, ndmin), { dtype });
  return unpack ? a.T : a;
}
