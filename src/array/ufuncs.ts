// The rows made callable: one Ufunc per row, shared by functions, methods and whatever else runs rows.

import { Ufunc } from '../exec/ufunc.ts';
import { type ElementwiseName, elementwise, elementwiseNames } from '../ops/rows.ts';

/** Every row's Ufunc by the row's first name. */
export const ufuncs = {} as Readonly<Record<ElementwiseName, Ufunc>>; // filled for every name just below
for (const name of elementwiseNames) Object.assign(ufuncs, { [name]: new Ufunc(name, elementwise[name]) });
