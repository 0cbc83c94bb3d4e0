// Expressions as text: each value that is used more than once has a name, so that nothing is written twice.

import { inOrder, type Node, operandsOf } from './node.ts';

/** One line per shared value, the result last. */
export function textOf(root: Node): string {
  const users = new Map<Node, number>();
  const order = inOrder([root]);
  for (const n of order) for (const a of operandsOf(n)) users.set(a, (users.get(a) ?? 0) + 1);
  const written = new Map<Node, string>();
  const lines: string[] = [];
  let sources = 0;
  for (const n of order) {
    if (n.kind === 'source') {
      const name = n.scalar !== undefined && n.slot < 0 ? String(n.scalar) : `a${sources++}`;
      written.set(n, name);
      continue;
    }
    const text = one(
      n,
      operandsOf(n).map((a) => written.get(a) ?? '?'),
    );
    const shared = (users.get(n) ?? 0) > 1;
    if (shared) lines.push(`t${lines.length} = ${text}`);
    written.set(n, shared ? `t${lines.length - 1}` : text);
  }
  return [...lines, written.get(root) ?? ''].join('; ');
}

/** One node over its operands. */
export function one(n: Node, args: readonly string[]): string {
  switch (n.kind) {
    case 'source':
      return 'array';
    case 'map':
      return n.step.name === 'astype'
        ? `${args[0]}.astype(${n.dtype.name})`
        : `${n.step.name}(${args.join(', ')})${n.step.types.outs.length > 1 ? `[${n.out}]` : ''}`;
    case 'reduce':
      return `${n.name}(${args.join(', ')}${n.shape.length === 0 ? '' : `, axis=${n.axes}`})`;
    case 'view':
      return `${args[0]}.${n.step.text}`;
    case 'along':
      return `${n.name}(${args[0]}, axis=${n.axis})`;
  }
}
