// Arguments and results as plain data: numbers, texts, lists and plain objects as they are, arrays as places in the
// shared memory. Functions and objects of classes do not travel and are refused by name.

import { ArgumentError } from '../../base/errors.ts';
import { Complex } from '../../dtype/complex.ts';
import { asDType, isDType } from '../../dtype/dtype.ts';
import type { Storage } from '../../memory/storage.ts';
import { ArrayBase, viewOf } from '../array_base.ts';
import { isNamed, named } from '../named.ts';

type Primitive = number | bigint | string | boolean | null | undefined;

/** A value that travels. */
export type Node =
  | Primitive
  | { readonly list: readonly Node[] }
  | { readonly object: Readonly<Record<string, Node>>; readonly named?: true }
  | { readonly complex: readonly [re: number, im: number] }
  | { readonly dtype: string }
  | { readonly raw: ArrayBufferView }
  | { readonly array: ArrayPlan };

/** An array over storage number `storage`. */
export interface ArrayPlan {
  readonly storage: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly dtype: string;
}

/** Where a storage's bytes are. */
export interface StoragePlan {
  readonly ptr: number;
  readonly nbytes: number;
}

const isPlain = (x: object): boolean => {
  const prototype = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
};

/** Packs values, and collects the storages of their arrays. */
export class Packer {
  readonly storages: Storage[] = [];
  /** Arrays in the order met. */
  readonly arrays: ArrayBase[] = [];
  readonly #where: string;

  constructor(where: string) {
    this.#where = where;
  }

  /** `name` is what the value is called in an error. */
  pack(value: unknown, name: string): Node {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')) {
      return value as Primitive; // by the test above
    }
    if (typeof value === 'object') {
      if (value instanceof ArrayBase) return { array: this.#plan(value) };
      if (value instanceof Complex) return { complex: [value.re, value.im] };
      if (isDType(value)) return { dtype: value.name };
      if (ArrayBuffer.isView(value)) return { raw: value };
      if (Array.isArray(value)) return { list: value.map((x, i) => this.pack(x, `${name}[${i}]`)) };
      if (isPlain(value) || isNamed(value)) {
        const entries = Object.entries(value).map(([key, x]) => [key, this.pack(x, `${name}.${key}`)]);
        return { object: Object.fromEntries(entries), ...(isNamed(value) && { named: true }) };
      }
    }
    const kind = typeof value === 'object' ? `an object of class ${value.constructor?.name}` : `a ${typeof value}`;
    throw new ArgumentError(
      `${this.#where}: ${name} is ${kind}, which cannot go to another thread`,
      'pass arrays, numbers, texts, lists and plain objects, or call the function without async',
      { argument: name },
    );
  }

  #plan(a: ArrayBase): ArrayPlan {
    let storage = this.storages.indexOf(a.storage);
    if (storage < 0) storage = this.storages.push(a.storage) - 1;
    this.arrays.push(a);
    return { storage, offset: a.offset, shape: a.shape, strides: a.strides, dtype: a.dtype.name };
  }
}

/** The value again; `arrayOf` makes the arrays. */
export function unpack(node: Node, arrayOf: (plan: ArrayPlan) => unknown): unknown {
  if (node === null || typeof node !== 'object') return node;
  if ('array' in node) return arrayOf(node.array);
  if ('list' in node) return node.list.map((x) => unpack(x, arrayOf));
  if ('complex' in node) return new Complex(...node.complex);
  if ('dtype' in node) return asDType(node.dtype);
  if ('raw' in node) return node.raw;
  const fields = Object.fromEntries(Object.entries(node.object).map(([key, x]) => [key, unpack(x, arrayOf)]));
  return node.named ? named(fields) : fields;
}

/** An array as planned, over a storage of this thread. */
export const planned = (storage: Storage, { offset, shape, strides, dtype }: ArrayPlan): ArrayBase =>
  viewOf(storage, offset, shape, strides, asDType(dtype));
