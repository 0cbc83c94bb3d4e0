// Checks bodies before they are compiled: every node against the op table and its operands, parameters and constants
// against what the kernel declares. A body that passes lowers to valid code; one that fails says which value is wrong.

import { KernelError } from '../base/errors.ts';
import type { Lane } from '../dtype/dtype.ts';
import { laneRange } from './interpret.ts';
import { bitsOf, isFloat, isWide, type Node, ops, topological, typeOf, type ValueType } from './ir.ts';
import { printExpression } from './print.ts';
import { tableById } from './tables.ts';

/** What a body may refer to, and what its roots must be. */
export interface Signature {
  /** Lane and number of parts of every operand that may be loaded, by operand number. */
  readonly loads: (operand: number) => { readonly lane: Lane; readonly parts: 1 | 2 } | undefined;
  readonly params: readonly ValueType[];
  /** Type of every root. */
  readonly results: readonly ValueType[];
  /** May it use the number of the element? */
  readonly lane?: boolean;
}

const naturalNumber = (v: Node['imm']): v is number => typeof v === 'number' && Number.isInteger(v) && v >= 0;

function wrongConstant(n: Node): string | undefined {
  const { imm, type } = n;
  if (type === 'bool') return typeof imm === 'boolean' ? undefined : 'a bool constant must be true or false';
  if (isFloat(type)) {
    if (typeof imm !== 'number') return 'a float constant must be a number';
    return type === 'f32' && !Object.is(Math.fround(imm), imm) ? 'not a float32' : undefined;
  }
  if (typeof imm !== (isWide(type) ? 'bigint' : 'number'))
    return `an ${type} constant must be a ${isWide(type) ? 'bigint' : 'number'}`;
  if (typeof imm === 'number' && (!Number.isInteger(imm) || Object.is(imm, -0))) return `not an integer of ${type}`;
  const [lo, hi] = laneRange(type);
  const v = BigInt(imm ?? 0);
  return v < lo || v > hi ? `out of the range of ${type}` : undefined;
}

function wrongLoad(n: Node, { loads }: Signature): string | undefined {
  if (!naturalNumber(n.imm)) return 'a load needs an operand number';
  const o = loads(n.imm >> 1);
  if (o === undefined) return `there is no operand ${n.imm >> 1}`;
  if ((n.imm & 1) >= o.parts) return `operand ${n.imm >> 1} has no imaginary part`;
  return o.lane === n.type ? undefined : `operand ${n.imm >> 1} has lane ${o.lane}`;
}

function wrongTable(n: Node): string | undefined {
  const t = naturalNumber(n.imm) ? tableById(n.imm) : undefined;
  if (t === undefined) return 'no such table is registered';
  if (t.lane !== n.type) return `table '${t.name}' has lane ${t.lane}`;
  return n.args[0].type === 'i32' ? undefined : 'the index must be i32';
}

// What only one operation asks for, beyond the op table.
const peculiar: Partial<Record<Node['op'], (n: Node, s: Signature) => string | undefined>> = {
  const: wrongConstant,
  load: wrongLoad,
  param: (n, { params }) =>
    naturalNumber(n.imm) && params[n.imm] === n.type ? undefined : `the kernel has no parameter ${n.imm} of this type`,
  lane: (n, s) =>
    !s.lane ? 'this kind of kernel has no element number' : n.type === 'i32' ? undefined : 'the element number is i32',
  shlk: (n) => (naturalNumber(n.imm) && n.imm < bitsOf(n.type) ? undefined : 'the amount must be 0 … bits − 1'),
  shrk: (n) => (naturalNumber(n.imm) && n.imm < bitsOf(n.type) ? undefined : 'the amount must be 0 … bits − 1'),
  bitcast: (n) => (n.type !== 'bool' && bitsOf(n.type) === bitsOf(n.args[0].type) ? undefined : 'the widths differ'),
  table: wrongTable,
};

function wrong(n: Node, s: Signature): string | undefined {
  if (!Object.hasOwn(ops, n.op)) return 'no such operation';
  return typeOf(n.op, n.args, n.type) === n.type ? peculiar[n.op]?.(n, s) : 'the type is not that of the operation';
}

/**
 * Throws a KernelError with the expression printed when a body does not fit its kernel.
 * @example verifyBody([x.sqrt().node], { loads: () => ({ lane: 'f64', parts: 1 }), params: [], results: ['f64'] }, 'map')
 */
export function verifyBody(roots: readonly Node[], signature: Signature, where: string): void {
  const refuse = (why: string, bad: Node): never => {
    throw new KernelError(
      `${where} kernel: ${why}, in\n${printExpression([bad])}`,
      'give the body the operands, parameters and lanes that the kernel declares',
      { where, op: bad.op, type: bad.type, body: printExpression(roots) },
    );
  };
  for (const n of topological(roots)) {
    const why = wrong(n, signature);
    if (why !== undefined) refuse(why, n);
  }
  const { results } = signature;
  if (results.length !== roots.length) {
    throw new KernelError(
      `${where} kernel: ${roots.length} roots for ${results.length} result parts`,
      'give one root per part of every output',
      { where, body: printExpression(roots) },
    );
  }
  roots.forEach((r, i) => {
    if (r.type !== results[i]) refuse(`result ${i} is ${r.type}, its operand is ${results[i]}`, r);
  });
}
