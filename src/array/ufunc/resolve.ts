// The dtypes a call of a ufunc would compute in, before it is made.

import { ArgumentError } from '../../base/errors.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../../dtype/dtype.ts';
import { promoteAll } from '../../dtype/promotion.ts';
import { weakPromote } from '../../dtype/scalars.ts';
import { loopFor, type UfuncOptions } from '../../exec/call.ts';
import { Options } from '../../exec/options.ts';
import type { Ufunc } from '../../exec/ufunc.ts';

/** A dtype, or `Number`, `BigInt`, `Boolean` for a scalar that joins weakly. */
export type OperandType = DTypeLike | NumberConstructor | BigIntConstructor | BooleanConstructor;

const resolveOptions = new Options('dtype', 'signature');
const weak = new Map<unknown, number | bigint | boolean>([
  [Number, 0],
  [BigInt, 0n],
  [Boolean, false],
]);

/** `ufunc.resolve_dtypes`: the dtypes a call computes in, inputs then outputs, for operands of these dtypes. */
export function resolveDTypes(
  ufunc: Ufunc,
  operands: readonly (OperandType | null)[],
  options: Pick<UfuncOptions, 'dtype' | 'signature'> = {},
): DType[] {
  const where = `np.${ufunc.name}.resolve_dtypes`;
  resolveOptions.check(options, where);
  if (operands.length !== ufunc.nin && operands.length !== ufunc.nin + ufunc.nout) {
    throw new ArgumentError(
      `${where}: ${operands.length} dtypes for ${ufunc.nin} operands`,
      'pass one dtype per operand; null for results',
      { where },
    );
  }
  const given = operands.slice(0, ufunc.nin);
  const scalars = given.map((x) => weak.get(x));
  const known = given.flatMap((x, i) => (scalars[i] === undefined && x !== null ? [asDType(x as DTypeLike)] : [])); // the weak ones are left out
  let deciding = known;
  if (scalars.some((s) => s !== undefined)) {
    let common = known.length === 0 ? dtypes.bool : promoteAll(known);
    for (const s of scalars) if (s !== undefined) common = weakPromote(common, s);
    deciding = [common];
  }
  const { ins, outs } = loopFor(
    ufunc,
    () => deciding,
    deciding.some((d) => d.parts === 2),
    options,
  ).types;
  return [...ins, ...outs];
}
