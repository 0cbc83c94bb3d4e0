// What computing an expression means, before it is computed: its kernels, what each makes, and the memory that fused and
// eager calls take. As data, as text, and as a picture (picture.ts).

import type { DType } from '../dtype/dtype.ts';
import { pool } from '../exec/threads/pool.ts';
import { formatShape, sizeOf } from '../shape/strides.ts';
import { type Computed, inOrder, type Node, operandsOf } from './node.ts';
import { draw } from './picture.ts';
import { baseOf, bytesOf, endsOf, type Plan, type Stage } from './plan.ts';
import { rowsOf } from './rows.ts';
import { one } from './text.ts';
import { tilingOf } from './tile.ts';

/** One fused kernel of a plan. */
export interface ExplainedKernel {
  readonly name: string;
  readonly kind: 'elementwise' | 'reduction' | 'along an axis';
  /** Shape that it goes over. */
  readonly over: readonly number[];
  readonly makes: readonly { readonly shape: readonly number[]; readonly dtype: string; readonly bytes: number }[];
  /** The operations in it, as a formula over its inputs. */
  readonly formula: string;
  /** Numbers of the kernels whose results it reads. */
  readonly reads: readonly number[];
  readonly arrays: number;
  /** Is it part of a program over rows, its result no larger than a row? */
  readonly inRows: boolean;
  /** Is it run tile by tile, and its result no larger than a tile? */
  readonly tiled: boolean;
  readonly result: boolean;
}

export interface Explanation {
  readonly kernels: readonly ExplainedKernel[];
  /** Operations in the expression, each a call and a result of its own if computed eagerly. */
  readonly operations: number;
  /** Bytes of all arrays that eager calls would make, results included. */
  readonly eagerBytes: number;
  /** Bytes of results and of the intermediate values that exist here at a time: rows as rows, tiles as tiles. */
  readonly fusedBytes: number;
  /** How it is cut: an axis of the results and how many tiles; undefined where it is computed as a whole. */
  readonly tiles: { readonly axis: number; readonly count: number } | undefined;
  readonly threads: number;
  readonly text: string;
  /** The same as a picture. */
  svg(): string;
  toString(): string;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];
/** Bytes as people read them. */
export function readable(bytes: number): string {
  let [n, i] = [bytes, 0];
  while (n >= 1000 && i < units.length - 1) [n, i] = [n / 1000, i + 1];
  return `${n >= 100 || i === 0 ? Math.round(n) : n.toPrecision(2)} ${units[i]}`;
}

const kinds = { map: 'elementwise', reduce: 'reduction', along: 'along an axis' } as const;

function formulaOf(stage: Stage): string {
  const { body, nodes } = stage;
  const names = new Map<Node, string>();
  body.inputs.forEach((n, i) => {
    names.set(n, n.kind === 'source' && n.scalar !== undefined && n.slot < 0 ? String(n.scalar) : `x${i}`);
  });
  const write = (n: Node, top: boolean): string => {
    const known = top && n.kind === 'map' ? undefined : names.get(n);
    return (
      known ??
      one(
        n,
        operandsOf(n).map((a) => write(a, false)),
      )
    );
  };
  return nodes.map((n) => write(n, true)).join(', ');
}

const makes = (n: Computed): { shape: readonly number[]; dtype: string; bytes: number } => ({
  shape: n.shape,
  dtype: (n.dtype as DType).name,
  bytes: bytesOf(n),
});

/** Explains a plan. */
export function explain(plan: Plan): Explanation {
  const { stages, roots, results } = plan;
  const rows = rowsOf(plan);
  const tiling = rows === undefined ? tilingOf(plan) : undefined;
  const ends = new Set<Node>(endsOf(plan));
  const madeBy = new Map<Node, number>();
  stages.forEach((s, i) => {
    for (const n of s.nodes) madeBy.set(n, i);
  });
  const kernels = stages.map((s, i): ExplainedKernel => {
    const bases = s.body.inputs.map(baseOf);
    const reads = new Set(bases.flatMap((n) => madeBy.get(n) ?? []));
    return {
      name: `k${i}`,
      kind: kinds[s.nodes[0].kind],
      over: s.space,
      makes: s.nodes.map(makes),
      formula: formulaOf(s),
      reads: [...reads],
      arrays: bases.filter((n) => n.kind === 'source' && n.scalar === undefined).length,
      inRows: rows?.stages.has(s) === true,
      tiled: tiling?.at.has(s.nodes[0]) === true && !s.nodes.some((n) => ends.has(n)),
      result: s.nodes.some((n) => ends.has(n)),
    };
  });
  const all = inOrder(roots.slice(0, results)).filter(
    (n) => n.kind === 'map' || n.kind === 'reduce' || n.kind === 'along',
  );
  const threads = pool().size;
  const shareOf = (k: ExplainedKernel): number => {
    if (k.inRows && !k.result && rows !== undefined) return Math.min(1, threads / sizeOf(rows.shape.slice(0, -1)));
    return k.tiled && tiling !== undefined ? tiling.rows / tiling.extent : 1;
  };
  const fusedBytes = kernels.reduce((sum, k) => sum + k.makes.reduce((b, m) => b + m.bytes * shareOf(k), 0), 0);
  const facts = {
    kernels,
    operations: all.length,
    eagerBytes: all.reduce((sum, n) => sum + bytesOf(n), 0),
    fusedBytes: Math.ceil(fusedBytes),
    tiles: tiling && { axis: tiling.axis, count: Math.ceil(tiling.extent / tiling.rows) },
    threads,
  };
  const text = textOf(facts);
  return { ...facts, text, svg: () => pictureOf(facts), toString: () => text };
}

type Facts = Omit<Explanation, 'text' | 'svg' | 'toString'>;

function pictureOf({ kernels, operations, tiles }: Facts): string {
  const cut = tiles === undefined ? '' : `, ${tiles.count} tiles along axis ${tiles.axis}`;
  const marks = (k: ExplainedKernel): string =>
    k.result ? ' (result)' : k.inRows ? ' (row by row)' : k.tiled ? ' (in tiles)' : '';
  return draw(
    `${operations} operations, ${kernels.length} kernels${cut}`,
    kernels.map((k) => ({
      heading: `${k.name}  ${k.kind} over ${formatShape(k.over)}`,
      work: k.formula,
      makes: k.makes.map((m) => `${m.dtype} ${formatShape(m.shape)}`).join(', ') + marks(k),
      reads: k.reads,
      tone: k.result ? 'result' : k.tiled || k.inRows ? 'streamed' : 'plain',
    })),
  );
}

function textOf({ kernels, operations, eagerBytes, fusedBytes, tiles, threads }: Facts): string {
  const lines = [
    `${operations} operations in ${kernels.length} kernels on up to ${threads} threads`,
    `bytes: ${readable(eagerBytes)} if eager, ${readable(fusedBytes)} here${
      tiles === undefined ? '' : `, in ${tiles.count} tiles along axis ${tiles.axis}`
    }`,
  ];
  for (const k of kernels) {
    const to = k.makes.map((m) => `${m.dtype} ${formatShape(m.shape)} ${readable(m.bytes)}`).join(', ');
    const marks = [k.result ? 'result' : '', k.inRows ? 'row by row' : '', k.tiled ? 'in tiles' : '']
      .filter(Boolean)
      .join(', ');
    const from = [...k.reads.map((r) => `k${r}`), ...(k.arrays > 0 ? [`${k.arrays} arrays`] : [])].join(', ');
    lines.push(
      `${k.name} ${k.kind} over ${formatShape(k.over)} (${sizeOf(k.over)} elements), reads ${from || 'numbers'}`,
      `   ${k.formula}`,
      `   -> ${to}${marks === '' ? '' : ` (${marks})`}`,
    );
  }
  return lines.join('\n');
}
