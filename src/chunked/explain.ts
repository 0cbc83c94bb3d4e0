// What computing arrays in chunks means, before it is computed: stages, blocks, bytes read and written, the memory that a block
// takes, disk for what does not stay in memory. As data, as text, and as a picture.

import { readable } from '../lazy/explain.ts';
import { draw } from '../lazy/picture.ts';
import { formatShape, sizeOf } from '../shape/strides.ts';
import type { Leaf } from './block.ts';
import type { Plan, Stage } from './plan.ts';
import { readingsOf } from './traffic.ts';

/** One pass over blocks. */
export interface ExplainedStage {
  readonly id: number;
  readonly text: string;
  /** Blocks, each computed on all cores. */
  readonly blocks: number;
  readonly reads: readonly { readonly from: string; readonly bytes: number; readonly of: number }[];
  readonly makes: readonly {
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly chunks: readonly number[];
    readonly bytes: number;
    readonly result: boolean;
  }[];
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Most bytes that a block takes at a time, what it reads and makes included. */
  readonly memory: number;
  /** Numbers of the stages whose results it reads. */
  readonly after: readonly number[];
}

export interface ChunkedExplanation {
  readonly stages: readonly ExplainedStage[];
  /** Blocks of all stages. */
  readonly blocks: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Most bytes that a block of any stage takes. */
  readonly memory: number;
  /** Bytes of results that later stages read, which go to disk where they do not fit in what is left of the memory. */
  readonly kept: number;
  /** Bytes that a run may take. */
  readonly allowed: number;
  readonly text: string;
  /** The same as a picture. */
  svg(): string;
  toString(): string;
}

type Facts = Omit<ChunkedExplanation, 'text' | 'svg' | 'toString'>;

/** Explains a plan; `memoryOf` says what a block of a stage takes. */
export function explainPlan(plan: Plan, allowed: number, memoryOf: (stage: Stage) => number): ChunkedExplanation {
  const stages = plan.stages.map((s): ExplainedStage => {
    const reads = readingsOf(s).map(({ leaf, moved, wanted }) => ({
      from: nameOf(leaf, plan),
      bytes: Math.round(moved),
      of: Math.round(wanted),
    }));
    const makes = s.roots.map((n) => ({
      shape: n.shape,
      dtype: n.dtype.name,
      chunks: n.chunks,
      bytes: sizeOf(n.shape) * n.dtype.itemsize,
      result: plan.results.some((r) => r.op === n.op && r.out === n.out),
    }));
    return {
      id: s.id,
      text: s.text,
      blocks: s.blocks,
      reads,
      makes,
      bytesRead: reads.reduce((sum, r) => sum + r.bytes, 0),
      bytesWritten: makes.reduce((sum, m) => sum + m.bytes, 0),
      memory: memoryOf(s),
      after: s.after.map((t) => t.id),
    };
  });
  const facts = {
    stages,
    blocks: stages.reduce((sum, s) => sum + s.blocks, 0),
    bytesRead: stages.reduce((sum, s) => sum + s.bytesRead, 0),
    bytesWritten: stages.reduce((sum, s) => sum + s.bytesWritten, 0),
    memory: Math.max(0, ...stages.map((s) => s.memory)),
    kept: stages.flatMap((s) => s.makes).reduce((sum, m) => sum + (m.result ? 0 : m.bytes), 0),
    allowed,
  };
  const text = textOf(facts);
  return { ...facts, text, svg: () => pictureOf(facts), toString: () => text };
}

const nameOf = (leaf: Leaf, plan: Plan): string => {
  if (leaf.kind === 'source') return leaf.store.name;
  const made = plan.stages.find((s) => s.roots.some((n) => n.op === leaf.op));
  return made === undefined ? leaf.op.text : `stage ${made.id}`;
};

const blocksOf = (n: number): string => (n === 1 ? '1 block' : `${n} blocks`);
const madeText = (s: ExplainedStage): string => {
  const texts = s.makes.map((m) => `${m.dtype} ${formatShape(m.shape)} in blocks of ${formatShape(m.chunks)}`);
  return [...new Set(texts)].map((t) => counted(t, texts.filter((other) => other === t).length)).join(', ');
};
const counted = (text: string, times: number): string => (times === 1 ? text : `${times} × ${text}`);

/** What is read of one place, together. */
function summed(reads: ExplainedStage['reads']): ExplainedStage['reads'] {
  const by = new Map<string, ExplainedStage['reads'][number]>();
  for (const r of reads) {
    const known = by.get(r.from) ?? { from: r.from, bytes: 0, of: 0 };
    by.set(r.from, { from: r.from, bytes: known.bytes + r.bytes, of: known.of + r.of });
  }
  return [...by.values()];
}

function textOf({ stages, blocks, bytesRead, bytesWritten, memory, kept, allowed }: Facts): string {
  const lines = [
    `${stages.length} stages, ${blocksOf(blocks)}; reads ${readable(bytesRead)}, writes ${readable(bytesWritten)}`,
    `memory: ${readable(memory)} for a block, ${readable(kept)} kept between stages, ${readable(allowed)} allowed`,
  ];
  for (const s of stages) {
    const from = summed(s.reads)
      .map((r) => `${r.from} ${readable(r.bytes)}${again(r)}`)
      .join(', ');
    lines.push(
      `stage ${s.id}: ${blocksOf(s.blocks)} of ${readable(s.memory)}, reads ${from === '' ? 'nothing' : from}`,
      `   ${s.text}`,
      `   -> ${madeText(s)}, ${readable(s.bytesWritten)}${s.makes.some((m) => m.result) ? ' (result)' : ''}`,
    );
  }
  return lines.join('\n');
}

// Chunks that are read in vain cost time, and a rechunk saves them: they are shown.
const again = ({ bytes, of }: { readonly bytes: number; readonly of: number }): string =>
  of > 0 && bytes > 1.5 * of ? ` (${readable(of)} wanted)` : '';

function pictureOf({ stages, blocks, bytesRead, bytesWritten, memory, allowed }: Facts): string {
  const title = `${stages.length} stages, ${blocksOf(blocks)}, reads ${readable(bytesRead)}, writes ${readable(bytesWritten)}, ${readable(memory)} of ${readable(allowed)} for a block`;
  return draw(
    title,
    stages.map((s) => ({
      heading: `stage ${s.id}  ${blocksOf(s.blocks)}, reads ${readable(s.bytesRead)}, takes ${readable(s.memory)}`,
      work: s.text,
      makes: madeText(s),
      reads: s.after,
      tone: s.makes.some((m) => m.result) ? 'result' : 'plain',
    })),
  );
}
