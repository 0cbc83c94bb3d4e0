// The header of .npy files, read and written: magic, version, and a Python dict literal of three keys. The reader takes
// exactly that and nothing else: headers come from anywhere, and every number in them is distrusted.
// Format: numpy.lib.format, versions 1.0, 2.0 and 3.0.
import { DTypeError, FormatError } from '../base/errors.ts';
import { asDType, type DType } from '../dtype/dtype.ts';
import { MAX_NDIM, type Order, type Shape, sizeOf } from '../shape/strides.ts';
import { type ByteReader, take } from './source.ts';
import type { Task } from './task.ts';

export interface NpyHeader extends HeaderFields {
  /** Of the format: '1.0'. */
  readonly version: string;
  /** Bytes before the first element. */
  readonly offset: number;
}

/** What the text of a header says. */
export interface HeaderFields {
  readonly dtype: DType;
  /** Elements lie with the most significant byte first. */
  readonly swapped: boolean;
  readonly order: Order;
  readonly shape: Shape;
  /** Bytes of the elements. */
  readonly nbytes: number;
}

/** '\x93NUMPY'. */
export const NPY_MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Ours are 128 bytes; structured dtypes make long ones, and nothing needs more. */
const LONGEST = 65535;

const damaged = (name: string, why: string, facts: Record<string, unknown> = {}): FormatError =>
  new FormatError(`${name}: ${why}`, 'the file is damaged or not a .npy file; write it again with np.save', {
    file: name,
    ...facts,
  });

/** Reads a header and leaves the reader at the first element. */
export function* readHeader(reader: ByteReader): Task<NpyHeader> {
  const { name } = reader;
  const start = yield* take(reader, 8);
  if (start.byteLength < 8) throw damaged(name, `${start.byteLength} bytes are too few for a .npy header`);
  if (NPY_MAGIC.some((byte, i) => start[i] !== byte))
    throw damaged(name, 'the first bytes are not those of a .npy file');
  const major = start[6];
  const version = `${major}.${start[7]}`;
  if (major < 1 || major > 3 || start[7] !== 0) {
    throw new FormatError(`${name}: .npy version ${version} is unknown`, 'save it as version 1.0, 2.0 or 3.0', {
      version,
    });
  }
  const size = yield* take(reader, major === 1 ? 2 : 4);
  if (size.byteLength < (major === 1 ? 2 : 4)) throw damaged(name, 'the header ends before its length');
  const view = new DataView(size.buffer, size.byteOffset, size.byteLength);
  const length = major === 1 ? view.getUint16(0, true) : view.getUint32(0, true);
  if (length > LONGEST) throw damaged(name, `a header of ${length} bytes is longer than any real one`, { length });
  const bytes = yield* take(reader, length);
  if (bytes.byteLength < length) {
    throw damaged(name, `the header should have ${length} bytes and ends after ${bytes.byteLength}`, {
      expected: length,
      found: bytes.byteLength,
    });
  }
  const fields = parseHeader(new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes), name);
  return { ...fields, version, offset: start.byteLength + size.byteLength + length };
}

/** The text of a header. Exported for tests. */
export function parseHeader(text: string, name: string): HeaderFields {
  const found = new Literal(text, name).dict();
  for (const key of ['descr', 'fortran_order', 'shape']) {
    if (!found.has(key)) throw damaged(name, `the header has no '${key}'`);
  }
  if (found.size !== 3) throw damaged(name, `the header has other keys than descr, fortran_order and shape`);
  const { dtype, swapped } = parseDescr(found.get('descr'), name);
  const fortran = found.get('fortran_order');
  if (typeof fortran !== 'boolean') throw damaged(name, 'fortran_order is neither True nor False');
  const shape = found.get('shape');
  if (!Array.isArray(shape) || shape.some((n) => typeof n !== 'number')) {
    throw damaged(name, 'shape is not a tuple of integers');
  }
  return { dtype, swapped, order: fortran ? 'F' : 'C', shape, nbytes: checkedBytes(shape, dtype, name) };
}

function checkedBytes(shape: number[], dtype: DType, name: string): number {
  const bad = shape.find((n) => !(n >= 0 && Number.isSafeInteger(n)));
  if (bad !== undefined) throw damaged(name, `the header has a dimension of ${bad}`, { shape });
  if (shape.length > MAX_NDIM) throw damaged(name, `${shape.length} dimensions are more than ${MAX_NDIM}`, { shape });
  const nbytes = sizeOf(shape) * dtype.itemsize;
  if (!Number.isSafeInteger(nbytes))
    throw damaged(name, `shape (${shape.join(', ')}) is larger than any file`, { shape });
  return nbytes;
}

/** Types NumPy saves and Orthant does not have: what to say in NumPy before saving again. */
const remedies: readonly (readonly [RegExp, string, string])[] = [
  [/^\|?O/, 'Python objects (a pickle, which can run code)', "save a.astype('float64'), or another numeric dtype"],
  [/^[<>|=]?[SaU]/, 'strings', 'encode them as numbers, or save them as JSON'],
  [/^[<>|=]?[Mm]/, 'dates or durations', "save a.astype('int64')"],
  [/^[<>|=]?V/, 'raw bytes', "save a.view('uint8')"],
  [/^[<>|=]?f(12|16)$/, 'extended-precision floats', "save a.astype('float64')"],
  [/^[<>|=]?c(24|32)$/, 'extended-precision complex numbers', "save a.astype('complex128')"],
];

function parseDescr(descr: unknown, name: string): { dtype: DType; swapped: boolean } {
  if (Array.isArray(descr)) {
    const fix = 'save each field as an array of its own: np.savez(path, **{n: a[n] for n in a.dtype.names})';
    throw new DTypeError(`${name}: the elements are structured`, fix, { file: name, descr });
  }
  if (typeof descr !== 'string') throw damaged(name, 'descr is not a string');
  const [, order = '', code = ''] = /^([<>|=]?)([biufc]\d+)$/.exec(descr) ?? [];
  // Only sized codes: what else names a dtype for Orthant is not what NumPy writes.
  if (/^(b1|[iu][1248]|f[248]|c8|c16)$/.test(code)) {
    const dtype = asDType(`<${code}`);
    return { dtype, swapped: order === '>' && dtype.itemsize > 1 };
  }
  for (const [pattern, what, how] of remedies) {
    if (pattern.test(descr)) {
      throw new DTypeError(`${name}: the elements are ${what}, dtype '${descr}'`, `in NumPy, ${how}`, {
        file: name,
        descr,
      });
    }
  }
  throw damaged(name, `descr '${descr}' names no dtype`, { descr });
}

/** The part of Python's literals that headers are made of: strings, integers, booleans, tuples, lists, one dict. */
class Literal {
  private readonly text: string;
  private readonly name: string;
  private at = 0;

  constructor(text: string, name: string) {
    this.text = text;
    this.name = name;
  }

  dict(): Map<string, unknown> {
    const made = new Map<string, unknown>();
    this.expect('{');
    while (!this.accept('}')) {
      const key = this.value(0);
      if (typeof key !== 'string') throw this.wrong('a key that is not a string');
      if (made.has(key)) throw this.wrong(`'${key}' twice`);
      this.expect(':');
      made.set(key, this.value(0));
      if (!this.accept(',')) {
        this.expect('}');
        break;
      }
    }
    this.blank();
    if (this.at < this.text.length) throw this.wrong('more than a dict');
    return made;
  }

  private value(depth: number): unknown {
    if (depth > 32) throw this.wrong('brackets too deep'); // recursion a hostile header could drive
    this.blank();
    const c = this.text[this.at];
    if (c === "'" || c === '"') return this.string(c);
    if (this.accept('(')) return this.items(')', depth);
    if (this.accept('[')) return this.items(']', depth);
    // Python 2 wrote long integers with an L.
    const [word = ''] = /^(True|False|-?\d{1,20}L?)(?![\w.])/.exec(this.text.slice(this.at, this.at + 32)) ?? [];
    if (word === '') throw this.wrong('something that is no string, integer, boolean or tuple');
    this.at += word.length;
    return word === 'True' ? true : word === 'False' ? false : Number.parseInt(word, 10);
  }

  private string(quote: string): string {
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) throw this.wrong('a string without end');
    const body = this.text.slice(this.at + 1, end);
    if (body.includes('\\')) throw this.wrong('an escape in a string');
    this.at = end + 1;
    return body;
  }

  private items(close: string, depth: number): unknown[] {
    const made: unknown[] = [];
    while (!this.accept(close)) {
      made.push(this.value(depth + 1));
      if (this.accept(',')) continue;
      this.expect(close);
      // (3) is a number in brackets, not a tuple.
      if (close === ')' && made.length === 1) throw this.wrong('brackets around one value, which make no tuple');
      break;
    }
    return made;
  }

  private blank(): void {
    while (/[ \t\n]/.test(this.text[this.at] ?? '')) this.at++;
  }

  private accept(c: string): boolean {
    this.blank();
    if (this.text[this.at] !== c) return false;
    this.at++;
    return true;
  }

  private expect(c: string): void {
    if (!this.accept(c)) throw this.wrong(`no '${c}' where one belongs`);
  }

  private wrong(what: string): FormatError {
    return damaged(this.name, `the header has ${what}, at character ${this.at}`, {
      header: this.text.slice(0, 200),
      at: this.at,
    });
  }
}

const ALIGNMENT = 64;
/** Room for the first axis to grow to any size without moving the data. */
const GROWTH = 21;

/** The header NumPy writes for such an array, magic and padding included. */
export function headerBytes(dtype: DType, shape: Shape, order: Order): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  let text = `{'descr': '${dtype.descr}', 'fortran_order': ${order === 'F' ? 'True' : 'False'}, 'shape': ${tuple}, }`;
  if (shape.length > 0) text += ' '.repeat(GROWTH - String(shape[order === 'F' ? shape.length - 1 : 0]).length);
  const start = NPY_MAGIC.length + 4; // version 1.0: no shape of 64 dimensions needs more than 16 bits of length
  text = `${text}${' '.repeat(ALIGNMENT - ((start + text.length + 1) % ALIGNMENT))}\n`;
  const bytes = new Uint8Array(start + text.length);
  bytes.set([...NPY_MAGIC, 1, 0, text.length & 255, text.length >> 8]);
  for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
  return bytes;
}
