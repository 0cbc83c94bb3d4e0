// The text of one array's contract, `float64[n, d]`, as data: which dtypes, which dimensions. No arrays in here.
//   dtype       a name, a kind (integer, floating, number …), `any`, or several joined by `|`
//   dimension   a whole number; a name, the same everywhere; `2*n`, `n+1`, `n-1`; `*` for any; one `...` for any number
// Without brackets the shape is free; `[]` is an array without dimensions.

import { ArgumentError, DTypeError } from '../base/errors.ts';
import { type DType, dtypeList } from '../dtype/dtype.ts';
import { issubdtype } from '../dtype/kinds.ts';

/** One dimension: times·name + plus where it has a name, else exactly `plus`; `any` fits all. */
export type Dimension =
  | { readonly kind: 'any' }
  | { readonly kind: 'length'; readonly name: string | null; readonly times: number; readonly plus: number };

export interface Spec {
  readonly text: string;
  readonly dtypes: ReadonlySet<DType>;
  /** null: any shape. */
  readonly dims: readonly Dimension[] | null;
  /** Position of `...` among the dimensions; -1 without. */
  readonly rest: number;
}

const refuse = (text: string, what: string, at: number): never => {
  throw new ArgumentError(
    `contract '${text}': ${what} at column ${at + 1}`,
    "write a dtype and its dimensions: 'float64[n, d]', 'int32|int64[batch, 3]', 'floating[..., 3]', 'any[*]'",
    { text, column: at + 1 },
  );
};

function dtypesOf(text: string, part: string): DType[] {
  const name = part.trim();
  if (name === 'any') return [...dtypeList];
  try {
    return dtypeList.filter((d) => issubdtype(d, name)); // a kind, or a dtype, which is of its own kind alone
  } catch (error) {
    if (!(error instanceof DTypeError)) throw error;
    return refuse(text, `'${name}' is neither a dtype nor a kind of dtypes`, text.indexOf(part));
  }
}

const NAME = /^(?:(\d+)\s*\*\s*)?([A-Za-z_]\w*)(?:\s*([+-])\s*(\d+))?$/;

function dimensionOf(text: string, part: string, at: number): Dimension {
  const item = part.trim();
  if (item === '*') return { kind: 'any' };
  if (/^\d+$/.test(item)) return { kind: 'length', name: null, times: 0, plus: Number(item) };
  const [, times, name, sign, plus] = NAME.exec(item) ?? refuse(text, `'${item}' is no dimension`, at);
  const shift = Number(plus ?? 0);
  return { kind: 'length', name, times: Number(times ?? 1), plus: sign === '-' ? -shift : shift };
}

const known = new Map<string, Spec>();

/**
 * The contract that a text states.
 * @throws ArgumentError that names the column of what cannot be read.
 */
export function specOf(text: string): Spec {
  if (typeof text !== 'string') refuse(String(text), 'not a text', 0);
  const found = known.get(text);
  if (found !== undefined) return found;
  const open = text.indexOf('[');
  const head = open < 0 ? text : text.slice(0, open);
  if (open >= 0 && !text.trimEnd().endsWith(']')) refuse(text, "']' is missing", text.length);
  const dtypes = new Set(head.split('|').flatMap((part) => dtypesOf(text, part)));
  let dims: Dimension[] | null = null;
  let rest = -1;
  if (open >= 0) {
    dims = [];
    const inside = text.slice(open + 1, text.lastIndexOf(']'));
    let at = open + 1;
    for (const part of inside.trim() === '' ? [] : inside.split(',')) {
      if (part.trim() !== '...') dims.push(dimensionOf(text, part, at));
      else if (rest < 0) rest = dims.length;
      else refuse(text, "a second '...'", at);
      at += part.length + 1;
    }
  }
  const spec: Spec = { text, dtypes, dims, rest };
  if (known.size < 1000) known.set(text, spec); // texts made at run time must not pile up
  return spec;
}

/** A dimension as it was written. */
export function dimensionText(d: Dimension): string {
  if (d.kind === 'any') return '*';
  if (d.name === null) return String(d.plus);
  const shift = d.plus === 0 ? '' : d.plus > 0 ? `+${d.plus}` : String(d.plus);
  return `${d.times === 1 ? '' : `${d.times}*`}${d.name}${shift}`;
}
