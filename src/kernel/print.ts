// Expressions as text, for reports and error messages. A value used more than once gets a line and a name, numbered in
// the order of evaluation, so the text depends on the expression alone and not on what was built before it.

import { type Node, topological } from './ir.ts';

const LONGEST = 100;

function leaf(n: Node): string | undefined {
  const number = Number(n.imm);
  switch (n.op) {
    case 'const':
      return n.type === 'bool' ? `${n.imm}` : `${Object.is(n.imm, -0) ? '-0' : n.imm}:${n.type}`;
    case 'load':
      return `in${number >> 1}${number & 1 ? '.im' : ''}:${n.type}`;
    case 'param':
      return `p${number}:${n.type}`;
    case 'lane':
      return 'lane';
    default:
      return undefined;
  }
}

function call(n: Node, text: (a: Node) => string): string {
  const args = n.args.map(text);
  switch (n.op) {
    case 'convert':
    case 'bitcast':
      return `${n.op === 'convert' ? 'to' : 'bits'}_${n.type}(${args})`;
    case 'table':
      return `table${n.imm}(${args}):${n.type}`;
    default:
      if (n.imm !== null) args.push(`#${n.imm}`);
      return `${n.op}(${args.join(', ')})`;
  }
}

/**
 * Text of a kernel's roots: a line for every shared value, then one line per root.
 * @example printExpression([x.mul(x).add(1).node]) // 'out0 = add(mul(in0:f64, in0:f64), 1:f64): f64'
 */
export function printExpression(roots: readonly Node[]): string {
  const order = topological(roots);
  const uses = new Map<Node, number>();
  for (const n of order) for (const a of n.args) uses.set(a, (uses.get(a) ?? 0) + 1);
  const known = new Map<Node, string>();
  const lines: string[] = [];
  const textOf = (n: Node): string => known.get(n) ?? '?';
  for (const n of order) {
    const text = leaf(n) ?? call(n, textOf);
    const named = n.args.length > 0 && ((uses.get(n) ?? 0) > 1 || (text.length > LONGEST && uses.has(n)));
    if (named) {
      const name = `v${lines.length}`;
      lines.push(`${name} = ${text}: ${n.type}`);
      known.set(n, name);
    } else known.set(n, text);
  }
  roots.forEach((r, i) => {
    lines.push(`out${i} = ${textOf(r)}: ${r.type}`);
  });
  return lines.join('\n');
}
