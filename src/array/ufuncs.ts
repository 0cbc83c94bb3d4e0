// The rows made callable: one Ufunc per row, shared by functions, methods and whatever else runs rows.

import { Ufunc } from '../exec/ufunc.ts';
import { bounds } from '../ops/elementwise/bounds.ts';
import { type ElementwiseName, elementwise, elementwiseNames } from '../ops/rows.ts';

/** Every row's Ufunc by the row's first name. */
export const ufuncs = {} as Readonly<Record<ElementwiseName, Ufunc>>; // filled for every name just below
for (const name of elementwiseNames) Object.assign(ufuncs, { [name]: new Ufunc(name, elementwise[name]) });

const ofBounds = (name: keyof typeof bounds): Ufunc => new Ufunc(name, bounds[name]);
/** What clip, nan_to_num and round run. */
export const boundUfuncs = {
  clip: ofBounds('clip'),
  nan_to_num: ofBounds('nan_to_num'),
  'round.up': ofBounds('round.up'),
  'round.down': ofBounds('round.down'),
} as const;

/** The Ufunc of a row by its name; undefined for those of users. */
export const ufuncNamed = (name: string): Ufunc | undefined =>
  (ufuncs as Readonly<Record<string, Ufunc>>)[name] ?? (boundUfuncs as Readonly<Record<string, Ufunc>>)[name];
