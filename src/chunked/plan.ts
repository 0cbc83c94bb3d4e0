// From nodes to stages: what is kept in between, and which results are computed in one pass over the same blocks. All of it
// without looking at single blocks, so that a grid of a million is planned as fast as one of two.

import type { Leaf } from './block.ts';
import { type Grid, gridOf } from './grid.ts';
import { inOrder, inputsOf, type Node, type OpNode } from './node.ts';

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
}

export interface Plan {
  readonly results: readonly OpNode[];
  readonly stages: readonly Stage[];
}

export function planOf(results: readonly OpNode[]): Plan {
  const nodes = inOrder(results);
  const kept = new Set<object>(results.map((n) => n.op));
  for (const n of nodes) {
    if (n.kind !== 'op') continue;
    if (n.op.kept) kept.add(n.op);
    if (n.op.rereads) for (const x of inputsOf(n)) if (x.kind === 'op') kept.add(x.op);
  }
  const leafOf = (n: Node): Leaf | undefined =>
    n.kind === 'source' || (n.kind === 'op' && kept.has(n.op)) ? n : undefined;

  // One draft per kept operation, all of its results that somebody reads together.
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
  const stages: Stage[] = [];
  const stageOf = new Map<object, Stage>();
  for (const group of together([...drafts.values()])) {
    const roots = group.flatMap((d) => d.roots);
    const leaves = [...new Set(group.flatMap((d) => d.leaves))];
    const after = new Set<Stage>();
    for (const leaf of leaves) {
      const s = leaf.kind === 'op' ? stageOf.get(leaf.op) : undefined;
      if (s !== undefined) after.add(s);
    }
    const grids = roots.map((n) => gridOf(n.shape, n.chunks));
    const text = [...new Set(roots.map((n) => n.op.text))].join('; ');
    const stage = { id: stages.length, roots, grids, blocks: grids[0].blocks, leaves, after: [...after], text, leafOf };
    stages.push(stage);
    for (const n of roots) stageOf.set(n.op, stage);
  }
  return { results, stages };
}

interface Draft {
  readonly roots: OpNode[];
  readonly leaves: readonly Leaf[];
  /** Longest way from what is there at the start. */
  level: number;
}

// What a kept operation reads: the nearest nodes below it that are there.
function leavesOf(root: OpNode, leafOf: (n: Node) => Leaf | undefined): Leaf[] {
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
