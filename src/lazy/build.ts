// What elementwise calls on expressions mean: dtypes, weak scalars, broadcasting, casting and what is refused, as eager
// calls of the same rows (exec/call.ts). Everything but the elements is settled here, when the expression is built.

import { requireCast } from '../array/convert.ts';
import { chooser } from '../array/select.ts';
import { ArgumentError } from '../base/errors.ts';
import { inCategory } from '../dtype/category.ts';
import { Complex } from '../dtype/complex.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { type Casting, canCast, promoteAll } from '../dtype/promotion.ts';
import { isScalar, type Scalar, scalarDType, weakPromote } from '../dtype/scalars.ts';
import { ArrayBase } from '../exec/array_base.ts';
import {
  isTrue,
  loopFor,
  refusalCheck,
  refuseCast,
  refuseElements,
  type UfuncOptions,
  ufuncOptions,
} from '../exec/call.ts';
import { operandOf } from '../exec/coerce.ts';
import { broadcastOperands } from '../exec/guard.ts';
import type { Ufunc } from '../exec/ufunc.ts';
import type { ElementwiseRow } from '../ops/define.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { reduceNode } from './fold.ts';
import { literal, type Node, type Refused, sourceOf } from './node.ts';
import { castNode, mapNodes, refuseOut, requireBool } from './step.ts';

/** What a weak node is as a JavaScript value. */
export const scalarKind = (d: DType): DType =>
  d.kind === 'b' ? dtypes.bool : d.kind === 'c' ? dtypes.complex128 : dtypes.float64;

/** An example of the number that comes with each run, where that is what a node stands for. */
const givenNumber = (x: Node): Scalar | undefined => (x.kind === 'source' && x.slot >= 0 ? x.scalar : undefined);

/** Does a weak node take part in an operation in `common` without a say of its own? Only where nothing can be lost. */
const yields = (weak: DType, common: DType): boolean =>
  common.kind === 'c' || (common.kind === 'f' && weak.kind !== 'c') || (weak.kind === 'b' && common.kind !== 'b');

/** Dtypes that decide on the loop, as of eager operands; reductions of all elements are weak beside arrays of floats. */
export function decidingDTypes(operands: readonly (Node | Scalar)[]): DType[] {
  const strong: DType[] = [];
  const weak: DType[] = [];
  const scalars: Scalar[] = [];
  for (const x of operands) {
    const number = isScalar(x) ? x : givenNumber(x);
    if (number !== undefined) scalars.push(number);
    else if (!isScalar(x)) (x.weak ? weak : strong).push(x.dtype);
  }
  if (strong.length === 0) return [promoteAll([...weak.map(scalarKind), ...scalars.map(scalarDType)])];
  let arrays = strong;
  if (weak.length > 0) {
    const common = promoteAll(strong);
    arrays = [common, ...weak.filter((d) => !yields(d, common))];
  }
  if (scalars.length === 0) return arrays;
  let common = arrays.length === 1 ? arrays[0] : promoteAll(arrays);
  for (const x of scalars) common = weakPromote(common, x);
  return [common];
}

const isComplex = (x: Node | Scalar): boolean => (isScalar(x) ? x instanceof Complex : x.dtype.parts === 2);

/** Whatever an operation takes: a node, or what an eager call takes. */
export function operandNode(x: unknown, where: string, nodeOf: (x: unknown) => Node | undefined): Node | Scalar {
  const node = nodeOf(x);
  if (node !== undefined) return node;
  const v = operandOf(x, where);
  return v instanceof ArrayBase ? sourceOf(v) : v;
}

/** An elementwise row applied to nodes and scalars: what every function and method of an expression comes down to. */
export function apply(
  ufunc: Ufunc,
  given: readonly (Node | Scalar)[],
  options: Omit<UfuncOptions, 'where'> & { readonly where?: Node } = {},
): Node[] {
  const { name, row } = ufunc;
  const where = `np.${name}`;
  const { where: mask, ...rest } = options;
  ufuncOptions.check(rest, where);
  refuseOut(where, rest.out);
  if (given.length !== ufunc.nin) {
    throw new ArgumentError(`${where} takes ${ufunc.nin} operands, not ${given.length}`, 'pass them', { where });
  }
  const casting = rest.casting ?? 'same_kind';
  const sharing = row.fixed === undefined ? given : given.filter((_, i) => row.fixed?.[i] === undefined);
  const loop = loopFor(ufunc, () => decidingDTypes(sharing), sharing.some(isComplex), rest);
  const { ins } = loop.types;
  broadcastOperands(
    given.flatMap((x) => (isScalar(x) ? [] : [x.shape])),
    where,
    0,
  );
  const args = given.map((x, i) => settle(x, i, ins[i], row, where, rest.casting, casting));
  if (mask !== undefined) requireBool(mask, where);
  const results: Node[] = mapNodes(loop, args, name, where, refusedOf(name, row, ins, given, args, mask));
  return mask === undefined ? results : results.map((r) => under(mask, r, where));
}

function settle(
  x: Node | Scalar,
  i: number,
  to: DType,
  row: ElementwiseRow,
  where: string,
  asked: Casting | undefined,
  casting: Casting,
): Node {
  if (isScalar(x)) return literal(row.truth ? isTrue(x) : x, to, where);
  const rule = row.fixed?.[i] === undefined ? casting : (asked ?? 'safe');
  if (!row.truth && !x.weak && !canCast(x.dtype, to, rule))
    refuseCast(where.slice(3), `operand ${i}`, x.dtype, to, rule);
  return row.truth ? x : joined(x, to);
}

/** A node as an operand in dtype `to`: a number that comes with each run takes that dtype. */
export const joined = (x: Node, to: DType): Node =>
  x.kind === 'source' && givenNumber(x) !== undefined ? { ...x, dtype: to } : x;

// Elements that the row must not see: known of numbers now, of arrays when the expression runs.
function refusedOf(
  name: string,
  { refuses }: ElementwiseRow,
  ins: readonly DType[],
  given: readonly (Node | Scalar)[],
  args: readonly Node[],
  mask: Node | undefined,
): Refused | undefined {
  if (refuses === undefined || !inCategory(ins[refuses.operand], refuses.on)) return undefined;
  const x = given[refuses.operand];
  if (isScalar(x)) {
    refuseElements(name, refuses, x, undefined);
    return undefined;
  }
  const arg = args[refuses.operand];
  const [found]: Node[] = mapNodes(refusalCheck(name, refuses).loop([ins[refuses.operand]]), [arg], name, name);
  const met = reduceNode('any', reductions.any, mask === undefined ? found : under(mask, found, name), {});
  const error = (): Error => new ArgumentError(`np.${name}: ${refuses.what}`, refuses.fix, { op: name });
  return { met, error };
}

// The result where a mask is true, 0 elsewhere, as in a fresh array.
function under(mask: Node, result: Node, where: string): Node {
  const nothing = literal(0, result.dtype, where);
  return mapNodes(chooser(result.dtype), [mask, result, nothing], 'where', where)[0];
}

/** Elements of `x` where the condition is true, of `y` elsewhere. */
export function choose(condition: Node, x: Node | Scalar, y: Node | Scalar): Node {
  const where = 'np.where';
  const d = promoteAll(decidingDTypes([x, y]));
  const args = [x, y].map((v) => (isScalar(v) ? literal(v, d, where) : joined(v, d)));
  const c = condition.dtype === dtypes.bool ? condition : castNode(condition, dtypes.bool);
  return { ...mapNodes(chooser(d), [c, ...args], 'where', where)[0], weak: false };
}

/** The elements in another dtype. @throws CastError where the rule forbids it. */
export function convert(n: Node, to: DType, casting: Casting): Node {
  requireCast(n.dtype, to, casting);
  return castNode(n, to);
}
