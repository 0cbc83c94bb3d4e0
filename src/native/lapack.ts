// LAPACK's routines as rows: their names for real and complex matrices and what each argument is. Fortran passes every
// argument by address, so that this is all there is to a prototype; lengths of texts follow at the end, hidden.
// Source: the reference LAPACK's documentation of each, https://www.netlib.org/lapack/explore-html/.

import { type Blas, type BlasDType, letters } from './blas.ts';
import { inFortran } from './families.ts';
import type { Foreign } from './ffi.ts';

/**
 * One form of a routine: its name without the dtype's letter, and a letter per argument: c a character, i an integer,
 * r a real number of the matrix's precision, p an address, o where it says how it went (`info`).
 */
interface Form {
  readonly name: string;
  readonly takes: string;
}
const alike = (name: string, takes: string) => ({ real: { name, takes }, complex: { name, takes } });

export const lapackRows = {
  getrf: alike('getrf', 'iipipo'),
  getri: alike('getri', 'ipippio'),
  gesv: alike('gesv', 'iipippio'),
  potrf: alike('potrf', 'cipio'),
  geqrf: alike('geqrf', 'iipippio'),
  orgqr: { real: { name: 'orgqr', takes: 'iiipippio' }, complex: { name: 'ungqr', takes: 'iiipippio' } },
  syevd: { real: { name: 'syevd', takes: 'ccipippipio' }, complex: { name: 'heevd', takes: 'ccipippipipio' } },
  gesdd: { real: { name: 'gesdd', takes: 'ciipippipipipo' }, complex: { name: 'gesdd', takes: 'ciipippipipippo' } },
  geev: { real: { name: 'geev', takes: 'ccipipppipipio' }, complex: { name: 'geev', takes: 'ccipippipipipo' } },
  gelsd: { real: { name: 'gelsd', takes: 'iiipipiprppipo' }, complex: { name: 'gelsd', takes: 'iiipipiprppippo' } },
} as const satisfies Record<string, { readonly real: Form; readonly complex: Form }>;
export type LapackName = keyof typeof lapackRows;

/** A routine that can be called. */
export interface LapackRoutine {
  readonly takes: string;
  readonly call: Foreign;
}

const known = new WeakMap<Blas, Map<string, LapackRoutine | undefined>>();

/** A routine for a dtype; undefined when the library lacks it. */
export function lapackRoutine(blas: Blas, name: LapackName, dtype: BlasDType): LapackRoutine | undefined {
  let own = known.get(blas);
  if (own === undefined) {
    own = new Map();
    known.set(blas, own);
  }
  const key = letters[dtype] + name;
  if (!own.has(key)) {
    const { name: symbol, takes } = lapackRows[name][dtype.startsWith('complex') ? 'complex' : 'real'];
    const addresses = Array.from(takes, () => 'uintptr_t');
    const lengths = Array.from(takes.replace(/[^c]/g, ''), () => 'size_t');
    const types = [...addresses, ...lengths].map((type, i) => `${type} a${i}`);
    const call = blas.library.find(`void ${inFortran(blas.spelling, letters[dtype] + symbol)}(${types.join(', ')})`);
    own.set(key, call && { takes, call });
  }
  return own.get(key);
}

/** Routines that a library lacks for some dtype. */
export function missingRoutines(blas: Blas): string[] {
  const names = Object.keys(lapackRows) as LapackName[]; // the keys of that very object
  const dtypes = Object.keys(letters) as BlasDType[]; // as above
  return names.filter((name) => dtypes.some((dtype) => lapackRoutine(blas, name, dtype) === undefined));
}
