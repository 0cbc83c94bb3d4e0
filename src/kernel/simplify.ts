// Rewrites that never change a bit: constant folding and identities that hold for every input, NaN and -0 included.
// `node` is what everybody builds with; a node that exists is already simple. Nothing here reassociates floats.

import { evaluate } from './interpret.ts';
import { constant, isInt, isSigned, type Node, type Op, ops, type Rebuild, rawNode, type ValueType } from './ir.ts';

const isConst = (n: Node): boolean => n.op === 'const';
const is = (n: Node, v: number): boolean => n.op === 'const' && Number(n.imm) === v && !Object.is(n.imm, -0);

type Rule = (args: readonly Node[], imm: Node['imm'], type: ValueType) => Node | undefined;

// Identities of integers and bools need no care; those of floats are only the exact ones (x*1, x/1).
const rules: Partial<Record<Op, Rule>> = {
  add: ([a, b]) => (isInt(a.type) ? (is(b, 0) ? a : is(a, 0) ? b : undefined) : undefined),
  sub: ([a, b]) => (isInt(a.type) && is(b, 0) ? a : undefined),
  mul: ([a, b]) => (is(b, 1) ? a : is(a, 1) ? b : undefined),
  div: ([a, b]) => (is(b, 1) ? a : undefined),
  and: ([a, b]) => (a === b ? a : undefined),
  or: ([a, b]) => (a === b ? a : undefined),
  not: ([a]) => (a.op === 'not' ? a.args[0] : undefined),
  neg: ([a]) => (a.op === 'neg' ? a.args[0] : undefined),
  abs: ([a]) => (isSigned(a.type) ? undefined : a),
  shlk: ([a], imm) => (imm === 0 ? a : undefined),
  shrk: ([a], imm) => (imm === 0 ? a : undefined),
  select: ([c, a, b]) => (a === b ? a : c.op === 'const' ? (c.imm ? a : b) : undefined),
  rare: ([c, a, b]) => (a === b ? a : c.op === 'const' ? (c.imm ? a : b) : undefined),
  convert: ([a], _imm, type) => {
    if (a.type === type) return a;
    // bool → number → bool
    if (type === 'bool' && a.op === 'convert' && a.args[0].type === 'bool') return a.args[0];
    return undefined;
  },
  bitcast: ([a], _imm, type) =>
    a.type === type ? a : a.op === 'bitcast' ? node('bitcast', a.args, null, type) : undefined,
};

/** Builds a node, folding constants and exact identities. */
export const node = (op: Op, args: readonly Node[], imm: Node['imm'] = null, stated?: ValueType): Node => {
  const raw = rawNode(op, args, imm, stated);
  if (args.length > 0 && op !== 'table' && args.every(isConst)) {
    return constant(
      raw.type,
      evaluate(
        raw,
        args.map((a) => a.imm ?? 0),
      ),
    );
  }
  const rule = rules[op];
  return rule?.(args, imm, raw.type) ?? raw;
};

export const rebuild: Rebuild = (op, args, imm, stated) =>
  node(op, args, imm, ops[op].result === 'stated' ? stated : undefined);
