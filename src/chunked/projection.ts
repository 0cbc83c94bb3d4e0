// What a plan takes of memory, known before anything is read: per stage the largest of a sample of blocks (traffic.ts), with
// what is read, what is computed (on a heap that only counts), what is written, and what is held all the while. A plan that
// does not fit is refused with the blocks that would. After cubed: projected memory is compared with what is allowed first.

import { empty } from '../array/creation.ts';
import { estimate, KEPT } from '../array/estimate.ts';
import { EstimateError, MemoryError } from '../base/errors.ts';
import { readable } from '../memory/refusal.ts';
import { formatShape, sizeOf } from '../shape/strides.ts';
import type { Allowed } from './allowed.ts';
import { type BlockWork, type Leaf, withTables } from './block.ts';
import { keptReadMemory, keptWhole, nbytesOf } from './kept.ts';
import type { OpNode } from './node.ts';
import type { Plan, Stage } from './plan.ts';
import { Programs } from './program.ts';
import type { Targets } from './target.ts';
import { sampledWork } from './traffic.ts';

/** Blocks that are read while one is computed, and written after it: the first that fits is taken. */
export interface Overlap {
  readonly ahead: number;
  readonly behind: number;
}
const overlaps: readonly Overlap[] = [
  { ahead: 2, behind: 2 },
  { ahead: 1, behind: 1 },
  { ahead: 1, behind: 0 },
  { ahead: 0, behind: 0 },
];

/** What the run itself takes beside arrays: slabs of small arrays, constants, scratch that stays. */
const RUN = 2 ** 20;

/** Bytes of the largest block of a stage. */
export interface BlockMemory {
  /** The arrays that are read. */
  readonly arrays: number;
  /** What reading them takes besides. */
  readonly reading: number;
  /** The most there is while it is computed, arrays and results included. */
  readonly computing: number;
  readonly results: number;
  /** What writing or keeping them takes besides. */
  readonly writing: number;
  /** Bytes moved from outside, on average. */
  readonly moved: number;
}

export interface StageMemory extends BlockMemory, Overlap {
  readonly stage: Stage;
  /** Held all the while: results in memory, small results of earlier stages, tables. */
  readonly held: number;
  /** All of it together. */
  readonly projected: number;
  /** What is left for blocks of intermediate results. */
  readonly room: number;
}

export interface Projection {
  readonly allowed: Allowed;
  /** Of the stage that takes most. */
  readonly projected: number;
  readonly stages: readonly StageMemory[];
}

const mostOf = (of: readonly number[]): number => of.reduce((a, b) => Math.max(a, b), 0);
const sumOf = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0);

/** Memory of the largest block among a sample. */
function blockMemory(stage: Stage, targets: Targets, read: ReadonlySet<OpNode>): BlockMemory {
  const works = sampledWork(stage);
  const programs = new Programs();
  const seen = new Set<string>();
  const found: BlockMemory[] = [];
  let moved = 0;
  for (const work of works) {
    moved += sumOf(work.reads.map(({ node, region }) => (node.kind === 'source' ? node.store.readBytes(region) : 0)));
    const key = programs.keyOf(work);
    if (seen.has(key)) continue;
    seen.add(key);
    const arrays = sumOf(work.reads.map(({ node, region }) => nbytesOf({ shape: region.shape, dtype: node.dtype })));
    const reading = sumOf(
      work.reads.map(({ node, region }) =>
        node.kind === 'source' ? node.store.readMemory(region) : keptReadMemory(node, stage.partsOf(node), region),
      ),
    );
    const results = sumOf(
      work.tops.map(({ region }, i) => nbytesOf({ shape: region.shape, dtype: stage.roots[i].dtype })),
    );
    const writing = mostOf(
      stage.roots.map((n, i) => {
        const to = targets.get(n)?.writeMemory?.(work.tops[i].region) ?? 0;
        // A block that goes to disk in several pieces is copied piece by piece.
        const cut = read.has(n) && !keptWhole(n) && stage.partsOf(n).some((p, d) => p < n.chunks[d]);
        return Math.max(to, cut ? sizeOf(stage.partsOf(n)) * n.dtype.itemsize : 0);
      }),
    );
    found.push({ arrays, reading, computing: computing(work, arrays, results), results, writing, moved: 0 });
  }
  const most = (of: (m: BlockMemory) => number): number => mostOf(found.map(of));
  return {
    arrays: most((m) => m.arrays),
    reading: most((m) => m.reading),
    computing: most((m) => m.computing),
    results: most((m) => m.results),
    writing: most((m) => m.writing),
    moved: moved / works.length,
  };
}

/** The most there is while a block is computed. Nobody knows of functions that look at elements: twice what they get and give. */
function computing(work: BlockWork, arrays: number, results: number): number {
  try {
    return estimate(() => {
      const given = work.reads.map(({ node, region }) => empty(region.shape, { dtype: node.dtype }));
      return new Programs().evaluate(work, given);
    }).peak;
  } catch (error) {
    if (error instanceof EstimateError) return 2 * (arrays + results);
    throw error;
  }
}

/** Results that later stages read. */
export function readLater(plan: Plan): Set<OpNode> {
  return new Set(plan.stages.flatMap((s) => s.leaves.filter((n): n is OpNode => n.kind === 'op')));
}

/**
 * The memory of every stage.
 * @throws MemoryError where one needs more than is allowed.
 */
export function project(plan: Plan, targets: Targets, allowed: Allowed): Projection {
  const read = readLater(plan);
  const lastReader = new Map<OpNode, number>();
  for (const s of plan.stages) for (const n of s.leaves) if (n.kind === 'op') lastReader.set(n, s.id);
  const results = sumOf([...targets].map(([n, target]) => (target.inMemory === true ? nbytesOf(n) : 0)));
  const stages = plan.stages.map((stage, at): StageMemory => {
    const block = blockMemory(stage, targets, read);
    const whole = [...read].filter((n) => {
      const from = plan.stages.findIndex((s) => s.roots.includes(n));
      return keptWhole(n) && from <= at && (lastReader.get(n) ?? -1) >= at;
    });
    const tables = withTables(stage.roots, stage.leafOf).flatMap((op) => op.tables);
    const held = RUN + results + sumOf(whole.map(nbytesOf)) + sumOf(tables.map(nbytesOf));
    const need = ({ ahead, behind }: Overlap): number =>
      block.computing +
      block.reading +
      block.writing +
      ahead * (block.arrays + block.reading) +
      behind * (block.results + block.writing);
    const least = held + need({ ahead: 0, behind: 0 });
    if (least > allowed.bytes) throw refused(stage, block, { held, results, least }, allowed);
    // What overlaps reading and writing may take half of what is left; the rest is for intermediate results.
    const most = least + (allowed.bytes - least) / 2;
    const way = overlaps.find((o) => held + need(o) <= most) ?? overlaps[overlaps.length - 1];
    const projected = held + need(way);
    return { stage, ...block, ...way, held, projected, room: allowed.bytes - projected };
  });
  return { allowed, projected: mostOf(stages.map((s) => s.projected)), stages };
}

interface Needed {
  readonly held: number;
  readonly results: number;
  readonly least: number;
}

function refused(stage: Stage, block: BlockMemory, { held, results, least }: Needed, allowed: Allowed): MemoryError {
  const facts = {
    operation: stage.text,
    stage: stage.id,
    projected: least,
    allowed: allowed.bytes,
    allowedBy: allowed.source,
    held,
    block: { ...block },
  };
  const what = `${stage.text} (stage ${stage.id + 1}): a block would take ${readable(least)}, and ${readable(Math.max(0, allowed.bytes))} are allowed by ${allowed.source}`;
  const blockBytes = least - held;
  if (results > allowed.bytes / 2 || held > allowed.bytes) {
    return new MemoryError(
      `${what}; ${readable(held)} of it are results in memory`,
      'write the result to a file instead: await a.store(path), or reduce it first',
      facts,
    );
  }
  const smaller = smallerBlocks(stage, (allowed.bytes - held - KEPT) / (blockBytes - KEPT));
  const fix =
    smaller === undefined
      ? `allow it: { memory: ${Math.ceil(least)} }`
      : `take smaller blocks of ${smaller.of}: a.rechunk([${smaller.chunks.join(', ')}]), or allow it: { memory: ${Math.ceil(least)} }`;
  return new MemoryError(what, fix, { ...facts, rechunk: smaller?.chunks });
}

/** Extents that take a part of the memory, of what a block has most of. */
function smallerBlocks(stage: Stage, part: number): { readonly of: string; readonly chunks: number[] } | undefined {
  let largest: { readonly n: Leaf; readonly shape: readonly number[]; readonly nbytes: number } | undefined;
  for (const work of sampledWork(stage)) {
    const tops = work.tops.map(({ region }, i) => ({ node: stage.roots[i], region }));
    for (const { node: n, region } of [...work.reads, ...tops]) {
      const nbytes = sizeOf(region.shape) * n.dtype.itemsize;
      if (largest === undefined || nbytes > largest.nbytes) largest = { n, shape: region.shape, nbytes };
    }
  }
  if (largest === undefined || part <= 0) return undefined;
  const { n, shape, nbytes } = largest;
  const chunks = [...shape];
  const most = nbytes * part * MARGIN;
  while (sizeOf(chunks) * n.dtype.itemsize > most) {
    const longest = chunks.indexOf(mostOf(chunks));
    if (chunks[longest] <= 1) return undefined;
    chunks[longest] = Math.ceil(chunks[longest] / 2);
  }
  const of = n.kind === 'source' ? n.store.name : `the ${formatShape(n.shape)} array of '${n.op.text}'`;
  return { of, chunks };
}

/** Not all of what a block takes becomes less with its extents. */
const MARGIN = 0.75;
