// A plan as lines of text: what is computed of what, in which blocks, from which files. Two runs with the same lines compute
// the same blocks. For people to compare, too: the first line that differs names what has changed.

import { NDArray } from '../array/ndarray.ts';
import { contiguousIn } from '../exec/copy.ts';
import { crc32 } from '../io/crc32.ts';
import type { FileSystem } from '../io/source.ts';
import type { ArrayStore } from '../io/store.ts';
import { typedView } from '../memory/storage.ts';
import { formatShape } from '../shape/strides.ts';
import { inOrder, type Node } from './node.ts';
import type { Plan } from './plan.ts';

function sumOf(a: NDArray): string {
  const lies = contiguousIn(a);
  const sum = crc32(typedView(lies.storage, lies.offset, lies.nbytes, Uint8Array));
  if (lies !== a) lies.storage.dispose();
  return sum.toString(16);
}

/** Parameters as text: functions by their source, arrays by a checksum of their elements. */
const textOf = (params: unknown): string =>
  JSON.stringify(params, (_, value: unknown) => {
    if (typeof value === 'function') return `function ${crc32(new TextEncoder().encode(String(value))).toString(16)}`;
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof NDArray) return `array ${formatShape(value.shape)} ${value.dtype.name} ${sumOf(value)}`;
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    return value;
  }) ?? 'none';

function storeText(fs: FileSystem, { name, location, format }: ArrayStore): string {
  const path = location?.replace(/#[^/]*$/, '');
  const stat = path === undefined ? undefined : fs.statSync(path, { throwIfNoEntry: false });
  const size = stat === undefined ? '' : `, ${stat.size} bytes, changed ${new Date(stat.mtimeMs).toISOString()}`;
  return `${format} ${name}${size}`;
}

/** The lines of a plan. */
export function fingerprint(plan: Plan, fs: FileSystem): string[] {
  const roots = [...plan.results, ...plan.stages.flatMap((s) => s.roots)];
  const numbers = new Map<Node, number>();
  const lines: string[] = [];
  const results = new Set<Node>(plan.results);
  for (const n of inOrder(roots)) {
    numbers.set(n, numbers.size);
    const grid = `${formatShape(n.shape)} ${n.dtype.name} in blocks of ${formatShape(n.chunks)}`;
    const what =
      n.kind === 'source'
        ? storeText(fs, n.store)
        : n.kind === 'held'
          ? `held ${textOf(n.value)}`
          : `${n.op.name} ${n.out} of ${n.op.inputs.map((x) => numbers.get(x)).join(', ')} with ${textOf(n.op.params)}`;
    lines.push(`${numbers.get(n)}${results.has(n) ? ', a result' : ''}: ${grid}: ${what}`);
  }
  for (const s of plan.stages) {
    const reads = s.leaves.map((n) => `${numbers.get(n)} in pieces of ${formatShape(s.partsOf(n))}`);
    const makes = s.roots.map((n) => numbers.get(n)).join(', ');
    lines.push(`stage ${s.id} (depends on the memory that is allowed): ${makes} from ${reads.join(', ')}`);
  }
  return lines;
}
