// JSON documents of Zarr: metadata and attributes, read with nothing believed. Integers past 2^53 are bigints and the
// words NaN and Infinity, which Python writes into attributes, are numbers; both JSON.parse cannot. Not their meaning.
// Source of the grammar: RFC 8259.

import { ArgumentError, FormatError } from '../../base/errors.ts';

export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Bytes of the longest document that is read: consolidated metadata of large hierarchies is some MB. */
export const LONGEST = 16 * 2 ** 20;
const DEEPEST = 64;

const isObject = (x: unknown): x is JsonObject => typeof x === 'object' && x !== null && !Array.isArray(x);

export const damaged = (file: string, why: string, facts: Readonly<Record<string, unknown>> = {}): FormatError =>
  new FormatError(`${file}: ${why}`, 'copy the store again, or write it again with the program that made it', {
    file,
    ...facts,
  });

// A number that JSON.parse or JSON.stringify would change or refuse goes through them as a string that begins with this,
// which no document can hold on purpose.
let sign: string | undefined;
function nonce(): string {
  sign ??= `number ${Math.random()}${Math.random()}: `;
  return sign;
}
const words = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function revive(_: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(nonce())) return value;
  const text = value.slice(nonce().length);
  return words.get(text) ?? BigInt(text);
}

/** The text with such numbers marked. One pass, whatever the text: it may be hostile. */
function marked(text: string, file: string): string {
  const parts: string[] = [];
  let done = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    } else if (c === '[' || c === '{') {
      if (++depth > DEEPEST) throw damaged(file, `brackets are nested more than ${DEEPEST} deep`);
    } else if (c === ']' || c === '}') {
      depth--;
    } else if (c === '-' || c === 'N' || c === 'I' || (c >= '0' && c <= '9')) {
      let end = at + 1;
      while (end < text.length && /[\w.+]/.test(text[end])) end++;
      const word = text.slice(at, end);
      if (words.has(word) || (/^-?\d{16,400}$/.test(word) && !Number.isSafeInteger(Number(word)))) {
        parts.push(text.slice(done, at), `"${nonce()}${word}"`);
        done = end;
      }
      at = end - 1;
    }
  }
  if (parts.length === 0) return text;
  return parts.join('') + text.slice(done);
}

/** The object that a document is. @throws FormatError for anything else. */
export function parseDocument(text: string, file: string): Fields {
  const whole = marked(text, file);
  let value: unknown;
  try {
    value = whole === text ? JSON.parse(whole) : JSON.parse(whole, revive);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(
      `${file} is not JSON: ${why}`,
      'copy the store again; a document may be cut off',
      { file },
      { cause },
    );
  }
  if (!isObject(value)) throw damaged(file, 'the document is not an object');
  return new Fields(value, file, '');
}

/** The text of a document. @throws ArgumentError for what JSON cannot say: NaN, functions, cycles. */
export function documentText(value: JsonObject, where: string): string {
  const refuse = (what: string): never => {
    throw new ArgumentError(
      `${where}: the attributes hold ${what}, which JSON cannot`,
      'write it as a string or null',
      {},
    );
  };
  let text: string;
  try {
    text = JSON.stringify(
      value,
      (key, item: unknown) => {
        if (typeof item === 'bigint') return `${nonce()}${item}`;
        if (Object.is(item, -0)) return `${nonce()}-0.0`;
        if (typeof item === 'number' && !Number.isFinite(item)) return refuse(`${item} at '${key}'`);
        if (typeof item === 'function' || typeof item === 'symbol') return refuse(`a ${typeof item} at '${key}'`);
        return item;
      },
      2,
    );
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    return refuse('what refers to itself');
  }
  return text.replace(new RegExp(`"${nonce().replaceAll('.', '\\.')}([-.\\d]+)"`, 'g'), '$1');
}

/** The members of an object in a document, each of the kind that it must be. */
export class Fields {
  readonly of: JsonObject;
  /** For messages. */
  readonly file: string;
  private readonly at: string;

  constructor(of: JsonObject, file: string, at: string) {
    this.of = of;
    this.file = file;
    this.at = at;
  }

  get(key: string): Json | undefined {
    return Object.hasOwn(this.of, key) ? this.of[key] : undefined;
  }

  wrong(key: string, must: string): FormatError {
    const shown = JSON.stringify(this.get(key), (_, x) => (typeof x === 'bigint' ? String(x) : x)) ?? 'missing';
    const short = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
    return damaged(this.file, `${this.at}${key} is ${short} and must be ${must}`, { key: this.at + key });
  }

  integer(key: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.get(key);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw this.wrong(key, `an integer from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}`);
  }

  integers(key: string, least: number): number[] {
    const value = this.get(key);
    const fits = (n: Json): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= least;
    if (!Array.isArray(value) || !value.every(fits)) throw this.wrong(key, `a list of integers from ${least}`);
    return [...value];
  }

  string(key: string): string {
    const value = this.get(key);
    if (typeof value === 'string') return value;
    throw this.wrong(key, 'a string');
  }

  oneOf<T extends string>(key: string, ...words: readonly T[]): T {
    const value = words.find((word) => word === this.get(key));
    if (value !== undefined) return value;
    throw this.wrong(key, words.map((word) => `'${word}'`).join(' or '));
  }

  flag(key: string): boolean {
    const value = this.get(key);
    if (typeof value === 'boolean') return value;
    throw this.wrong(key, 'true or false');
  }

  object(key: string): Fields {
    const value = this.get(key);
    if (isObject(value)) return new Fields(value, this.file, `${this.at}${key}.`);
    throw this.wrong(key, 'an object');
  }

  /** The same; empty where it is missing. */
  optional(key: string): Fields {
    const value = this.get(key);
    return value === undefined || value === null ? new Fields({}, this.file, `${this.at}${key}.`) : this.object(key);
  }

  objects(key: string, most: number): Fields[] {
    const value = this.get(key);
    if (!Array.isArray(value) || value.length > most || !value.every(isObject)) {
      throw this.wrong(key, `a list of at most ${most} objects`);
    }
    return value.map((item: JsonObject, i) => new Fields(item, this.file, `${this.at}${key}[${i}].`));
  }
}
