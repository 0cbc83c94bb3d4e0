// Results of several arrays: fields by NumPy's names, which may also be taken apart by position, as named tuples are.

/** Fields by name, and in their order: `const { Q, R } = …` and `const [q, r] = …`. */
export type Named<T extends object> = Readonly<T> & Iterable<T[keyof T]>;

class Fields {
  [Symbol.iterator](): Iterator<unknown> {
    return Object.values(this)[Symbol.iterator]();
  }
}

/** A result with these fields, in this order. */
export const named = <T extends object>(fields: T): Named<T> =>
  Object.freeze(Object.assign(new Fields(), fields)) as unknown as Named<T>; // its iterator goes through T's own fields

/** Is this such a result? */
export const isNamed = (x: unknown): boolean => x instanceof Fields;
