// Matrices that decompositions are proved on: by name, of any size, stack, field and layout, always the same; and the
// measures of a residual.

import type { NDArray } from '../../src/index.ts';
import * as np from '../../src/index.ts';
import { type FieldName, fields } from '../../src/linalg/lapack/language.ts';

export const fieldNames = Object.keys(fields) as FieldName[]; // Object.keys forgets literal keys
export const epsOf = (name: FieldName): number => fields[name].eps;

let state = 1;
/** A number in [−1/2, 1/2). */
const next = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32 - 0.5;
};

/** Random elements between −1/2 and 1/2, of both parts in a complex field. */
export function random(shape: readonly number[], name: FieldName, seed = 1): NDArray {
  state = seed * 7919 + shape.reduce((s, n) => 31 * s + n, 17);
  const size = shape.reduce((s, n) => s * n, 1);
  const one = (): NDArray => np.array(Float64Array.from({ length: size }, next)).reshape(shape);
  const re = one();
  return (fields[name].complex ? re.add(np.multiply(one(), new np.Complex(0, 1))) : re).astype(name);
}

/** Conjugate transposes of the matrices. */
export const adjoint = (a: NDArray): NDArray => np.conjugate(a.mT);

const powers = (n: number, from: number, to: number): NDArray =>
  np.array(Array.from({ length: n }, (_, i) => 10 ** (from + ((to - from) * i) / Math.max(1, n - 1))));

/** Square matrices by what is peculiar about them; `span` is how far exponents of ten may go in the field. */
const squares = {
  random: (n, name) => random([n, n], name),
  graded: (n, name, span) =>
    random([n, n], name)
      .multiply(powers(n, span, -span).reshape([n, 1]))
      .astype(name),
  'columns graded': (n, name, span) =>
    random([n, n], name)
      .multiply(powers(n, -span, span))
      .astype(name),
  'near singular': (n, name) => {
    const a = random([n, n], name);
    a.set([n - 1], np.add(a.get(0), np.multiply(a.get(n - 1), 1e-5)).astype(name));
    return a;
  },
  hilbert: (n, name) => {
    const i = np.arange(n);
    return np.divide(1, i.reshape([n, 1]).add(i).add(1)).astype(name);
  },
  identity: (n, name) => np.eye(n, { dtype: name }),
  'lower triangle': (n, name) => np.tril(random([n, n], name)),
  'rows turned': (n, name) =>
    np
      .flipud(np.eye(n, { dtype: name }))
      .multiply(3)
      .astype(name),
} satisfies Record<string, (n: number, name: FieldName, span: number) => NDArray>;
export type SquareName = keyof typeof squares;
export const squareNames = Object.keys(squares) as SquareName[]; // Object.keys forgets literal keys

export const square = (kind: SquareName, n: number, name: FieldName): NDArray =>
  squares[kind](n, name, fields[name].width === 4 ? 15 : 120);

/** The same elements otherwise in memory. */
export const layouts: Record<string, (a: NDArray) => NDArray> = {
  'by columns': (a) => a.mT.copy().mT,
  strided: (a) => {
    const wide = np.zeros([...a.shape.slice(0, -2), 2 * a.shape[a.ndim - 2], 3 * a.shape[a.ndim - 1]], {
      dtype: a.dtype,
    });
    const view = wide.get('...', '::2', '::3');
    view.set('...', a);
    return view;
  },
  reversed: (a) => np.flip(np.flip(a).copy()),
  host: (a) => np.frombuffer(a.toTypedArray().buffer, { dtype: a.dtype }).reshape(a.shape),
};

/** Greatest magnitude of an element; 0 of none. */
export const most = (a: NDArray): number => (a.size === 0 ? 0 : Number(np.max(np.abs(a.astype('complex128')))));

/** Greatest difference of two arrays. */
export const apart = (a: np.ArrayLike, b: np.ArrayLike): number => most(np.asarray(np.subtract(a, b)));
