// Where Orthant answers otherwise than NumPy on purpose: each difference once, with its reason. Known gaps that are not
// on purpose are in test/xfails.ts.

import type { DType } from '../../src/dtype/dtype.ts';
import type { Case } from './_case.ts';

export interface Decision {
  readonly reason: string;
  readonly covers: (c: Case, message: string) => boolean;
}

const dtypesOf = (c: Case): readonly DType[] => (c.facts.ds ?? c.facts.dtypes ?? []) as readonly DType[]; // as put in
const clash = (ds: readonly DType[]): boolean => ds.some((d) => d.name === 'uint64') && ds.some((d) => d.kind === 'i');

export const decisions: readonly Decision[] = [
  {
    reason: 'uint64 with a signed integer has no common dtype unless promote.uint64_int64 says so (design 4)',
    covers: (c, message) => clash(dtypesOf(c)) && /ours: DTypeError/.test(message),
  },
];
