// From nodes to stages: what is kept in between, which results are computed in one pass over the same blocks, and where a copy
// in other blocks saves reading the same chunks again and again. Looks at a sample of blocks, so that a grid of a million is
// planned as fast as one of two. After cubed (two primitives, memory known before the run) and, for the copies, rechunker.

import type { Leaf } from './block.ts';
import { type Grid, gridOf } from './grid.ts';
import { inOrder, inputsOf, type Node, type OpNode } from './node.ts';
import { regrid } from './operations/regrid.ts';
import { readingsOf, storedBytes } from './traffic.ts';

export interface Stage {
  readonly id: number;
  /** What it computes and keeps, block by block. Their grids have the same counts. */
  readonly roots: readonly OpNode[];
  readonly grids: readonly Grid[];
  readonly blocks: number;
  /** What it reads. */
  readonly leaves: readonly Leaf[];
  /** Stages whose results it reads. */
  readonly after: readonly Stage[];
  readonly text: string;
  /** Where the stage finds a node's elements; undefined for what it computes itself. */
  readonly leafOf: (n: Node) => Leaf | undefined;
  /** Extents of the pieces in which a result of an earlier stage is kept: its blocks, or less where readers want less. */
  readonly partsOf: (n: Leaf) => readonly number[];
}

export interface Plan {
  readonly results: readonly OpNode[];
  readonly stages: readonly Stage[];
}

/** Bytes of a block of a copy in other blocks, where nobody said what is allowed. */
const COPY_BYTES = 2 ** 26;
/** A copy costs a read, a write and a read: it must save more. */
const WORTH = 3;
/** What is smaller than this is read again rather than copied. */
const SMALL = 2 ** 25;

/** @param allowed bytes that a run may take, as far as is known */
export function planOf(results: readonly OpNode[], allowed: number = COPY_BYTES * 8): Plan {
  const nodes = inOrder(results);
  const kept = keptOps(results, nodes);
  const leafOf = (n: Node): Leaf | undefined =>
    n.kind === 'source' || (n.kind === 'op' && kept.has(n.op)) ? n : undefined;
  const planned = new Planned(Math.min(COPY_BYTES, allowed / 8));
  for (const group of together(draftsOf(nodes, kept, leafOf))) planned.add(group, leafOf);
  return { results, stages: planned.stages };
}

/** Operations whose results are there for later stages. */
function keptOps(results: readonly OpNode[], nodes: readonly Node[]): Set<object> {
  const kept = new Set<object>(results.map((n) => n.op));
  for (const n of nodes) {
    if (n.kind !== 'op') continue;
    if (n.op.kept) kept.add(n.op);
    for (const x of n.op.rereads ? inputsOf(n) : n.op.tables) if (x.kind === 'op') kept.add(x.op);
  }
  return kept;
}

/** One kept operation, with all of its results that somebody reads. */
interface Draft {
  readonly roots: OpNode[];
  readonly leaves: readonly Leaf[];
  /** Longest way from what is there at the start. */
  level: number;
}

function draftsOf(nodes: readonly Node[], kept: ReadonlySet<object>, leafOf: Stage['leafOf']): Draft[] {
  const drafts = new Map<object, Draft>();
  for (const n of nodes) {
    if (n.kind !== 'op' || !kept.has(n.op)) continue;
    const known = drafts.get(n.op);
    if (known === undefined) drafts.set(n.op, { roots: [n], leaves: leavesOf(n, leafOf), level: 0 });
    else known.roots.push(n);
  }
  for (const draft of drafts.values()) {
    for (const leaf of draft.leaves) {
      const from = leaf.kind === 'op' ? drafts.get(leaf.op) : undefined;
      if (from !== undefined) draft.level = Math.max(draft.level, from.level + 1);
    }
  }
  return [...drafts.values()];
}

// What a kept operation reads: the nearest nodes below it that are there.
function leavesOf(root: OpNode, leafOf: Stage['leafOf']): Leaf[] {
  const found = new Set<Leaf>();
  const seen = new Set<Node>();
  const visit = (n: Node): void => {
    if (seen.has(n)) return;
    seen.add(n);
    const leaf = n.kind === 'op' && n.op === root.op ? undefined : leafOf(n);
    if (leaf !== undefined) found.add(leaf);
    else for (const x of inputsOf(n)) visit(x);
  };
  visit(root);
  return [...found];
}

// Drafts of one level that go over the same blocks of something both read are one pass.
function together(drafts: readonly Draft[]): Draft[][] {
  const groups: Draft[][] = [];
  for (const draft of [...drafts].sort((a, b) => a.level - b.level)) {
    const counts = countsOf(draft);
    const group = groups.find(
      ([first, ...rest]) =>
        first.level === draft.level &&
        countsOf(first) === counts &&
        [first, ...rest].some((d) => d.leaves.some((leaf) => draft.leaves.includes(leaf))),
    );
    if (group === undefined) groups.push([draft]);
    else group.push(draft);
  }
  return groups;
}

const countsOf = ({ roots: [n] }: Draft): string => gridOf(n.shape, n.chunks).counts.join();

/** The stages so far. */
class Planned {
  readonly stages: Stage[] = [];
  readonly #stageOf = new Map<object, Stage>();
  readonly #parts = new Map<object, readonly number[]>();
  readonly #copies = new Map<Leaf, OpNode>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(group: readonly Draft[], leafOf: Stage['leafOf']): void {
    const roots = group.flatMap((d) => d.roots);
    const leaves = [...new Set(group.flatMap((d) => d.leaves))];
    const text = [...new Set(roots.map((n) => n.op.text))].join('; ');
    const direct = this.#stage(roots, leaves, text, leafOf);
    const instead = new Map<Leaf, Leaf>();
    for (const { leaf, most, moved, wanted } of readingsOf(direct)) {
      if (leaf.kind === 'op') this.#cut(leaf, most);
      else if (moved > 2 * wanted && moved > WORTH * storedBytes(leaf) && storedBytes(leaf) > SMALL) {
        instead.set(leaf, this.#copy(leaf, most));
      }
    }
    const found = (n: Node): Leaf | undefined => {
      const leaf = leafOf(n);
      return leaf === undefined ? undefined : (instead.get(leaf) ?? leaf);
    };
    const stage =
      instead.size === 0
        ? { ...direct, id: this.stages.length }
        : this.#stage(
            roots,
            leaves.map((n) => instead.get(n) ?? n),
            text,
            found,
          );
    this.#append(stage);
  }

  #append(stage: Stage): void {
    this.stages.push(stage);
    for (const n of stage.roots) this.#stageOf.set(n.op, stage);
  }

  #stage(roots: readonly OpNode[], leaves: readonly Leaf[], text: string, leafOf: Stage['leafOf']): Stage {
    const after = new Set<Stage>();
    for (const leaf of leaves) {
      const s = leaf.kind === 'op' ? this.#stageOf.get(leaf.op) : undefined;
      if (s !== undefined) after.add(s);
    }
    const grids = roots.map((n) => gridOf(n.shape, n.chunks));
    const partsOf = (n: Leaf): readonly number[] => (n.kind === 'op' && this.#parts.get(n.op)) || n.chunks;
    const id = this.stages.length;
    return { id, roots, grids, blocks: grids[0].blocks, leaves, after: [...after], text, leafOf, partsOf };
  }

  // Readers that want less than a block get pieces of what they want.
  #cut(leaf: OpNode, most: readonly number[]): void {
    const now = this.#parts.get(leaf.op) ?? leaf.chunks;
    this.#parts.set(
      leaf.op,
      now.map((n, d) => Math.max(1, Math.min(n, most[d]))),
    );
  }

  // Chunks are read once, as many at a time as fit, and kept in pieces that fit what is wanted.
  #copy(leaf: Leaf, most: readonly number[]): OpNode {
    const known = this.#copies.get(leaf);
    if (known !== undefined) {
      this.#cut(known, most);
      return known;
    }
    const chunks =
      leaf.kind === 'source'
        ? leaf.store.chunks.map((n, d) => Math.min(n, Math.max(1, leaf.shape[d])))
        : [...leaf.chunks];
    let bytes = chunks.reduce((a, b) => a * b, leaf.dtype.itemsize);
    for (let d = 0; d < chunks.length; d++) {
      const times = Math.min(Math.ceil(Math.max(1, most[d]) / chunks[d]), Math.floor(this.#most / bytes));
      if (times <= 1) continue;
      bytes *= times;
      chunks[d] = Math.min(chunks[d] * times, leaf.shape[d]);
    }
    const copy = regrid(leaf, chunks);
    this.#copies.set(leaf, copy);
    this.#append(
      this.#stage([copy], [leaf], `copy in other blocks: ${copy.op.text}`, (n) =>
        n.kind === 'source' ? n : undefined,
      ),
    );
    this.#cut(copy, most);
    return copy;
  }
}
