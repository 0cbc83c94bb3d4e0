// What a refused allocation was for: the operation, its operands' shapes, and by how much broadcasting expands them. The
// heap knows bytes only; whoever knows more adds it here on the error's way out.

import { MemoryError } from '../base/errors.ts';
import { formatShape, sizeOf } from '../shape/strides.ts';
import { ArrayBase } from './array_base.ts';

/** From this many elements of the result per element of the largest operand on the message points at broadcasting. */
const EXPANDS = 2;

/** The error to throw instead: a MemoryError that says what was computed of what; any other error as it is. */
export function explained(
  error: unknown,
  op: string,
  operands: readonly unknown[],
  result?: readonly number[],
): unknown {
  if (!(error instanceof MemoryError) || error.facts.shapes !== undefined) return error;
  const shapes = operands.flatMap((x) => (x instanceof ArrayBase ? [x.shape] : []));
  const largest = Math.max(1, ...shapes.map(sizeOf));
  const expansion = result === undefined ? undefined : sizeOf(result) / largest;
  const of = shapes.length === 0 ? '' : ` of ${shapes.map(formatShape).join(' and ')}`;
  const much = expansion !== undefined && expansion >= EXPANDS;
  const to = much
    ? `, whose result of ${formatShape(result ?? [])} has ${expansion} times the elements of the largest`
    : '';
  const what = error.what.replace(/^[^:]*: /, '');
  const fix = much ? `reduce or select before the operands are broadcast; or ${error.fix}` : error.fix;
  const facts = { ...error.facts, operation: `np.${op}`, shapes, expansion };
  return new MemoryError(`np.${op}${of}${to}: ${what}`, fix, facts, { cause: error });
}
