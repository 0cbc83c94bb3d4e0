// Elementwise nodes of operations whose dtypes are settled, and what all builders of nodes refuse alike.

import { ArgumentError, DTypeError } from '../base/errors.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { identity } from '../exec/copy.ts';
import type { Loop } from '../exec/ufunc.ts';
import { broadcastShapes } from '../shape/broadcast.ts';
import type { MapNode, Node, Refused, Step } from './node.ts';

const chars = (list: readonly DType[]): string => list.map((d) => d.char).join('');

/** One operation on nodes whose dtypes were settled: a node per output. */
export function mapNodes(loop: Loop, args: readonly Node[], name: string, where: string, refused?: Refused): MapNode[] {
  const { types } = loop;
  const shape = broadcastShapes(
    args.map((a) => a.shape),
    where,
  );
  const step: Step = { name, key: `${loop.name}:${chars(types.ins)}>${chars(types.outs)}`, types, args, refused };
  const weak = args.every((a) => a.weak || (a.kind === 'source' && a.scalar !== undefined));
  return types.outs.map((dtype, out) => ({ kind: 'map', step, out, shape, dtype, weak }));
}

/** A node in another dtype. */
export const castNode = (n: Node, to: DType): Node =>
  n.dtype === to ? n : { ...mapNodes(identity(to), [n], 'astype', 'astype')[0], weak: n.weak };

/** Expressions have no target: compute has. */
export function refuseOut(where: string, out: unknown): void {
  if (out === undefined) return;
  throw new ArgumentError(`${where}: an expression has no out`, 'pass it to compute: x.compute({ out })', { where });
}

/** @throws DTypeError for a mask that is not bool. */
export function requireBool(mask: Node, where: string): void {
  if (mask.dtype === dtypes.bool) return;
  throw new DTypeError(`${where}: where must be bool, not ${mask.dtype.name}`, "compare it, or use astype('bool')", {
    where,
  });
}
