// From expressions to stages: what is computed together, and what is kept in between. A stage is one fused kernel: an
// elementwise one, or one into a reduction. Intermediate results are made where a reduction ends, where dear work is
// needed twice, and where something small is stretched over something large; else nothing is stored.

import { sizeOf } from '../shape/strides.ts';
import { Canon } from './canonical.ts';
import { type Body, bodyOf, weightOf } from './fused.ts';
import { type Computed, inOrder, type MapNode, type Node, operandsOf, type Refused, type Step } from './node.ts';

/** Work (in additions per element) from which a value that two stages need is kept instead of computed twice. */
const DEAR = 10;
/** Work saved, in additions, from which a small value is made before it is stretched. */
const WORTH_A_STAGE = 30_000;
/** A kernel has no more steps, work and operands than these: compiling takes time, and registers are few. */
const MOST_STEPS = 64;
const MOST_WORK = 3000;
const MOST_INPUTS = 24;

/** One fused kernel. */
export interface Stage {
  /** What it computes: several only of elementwise results of one shape. */
  readonly nodes: readonly Computed[];
  readonly body: Body;
  /** Shape that it goes over: of the operands. */
  readonly space: readonly number[];
}

export interface Plan {
  readonly roots: readonly Node[];
  readonly stages: readonly Stage[];
  /** Checks that come before everything: number of the root that must be false. */
  readonly refused: readonly { readonly root: number; readonly error: Refused['error'] }[];
  /** How many of the roots are results. */
  readonly results: number;
}

/** The stages that compute these expressions. */
export function planOf(given: readonly Node[]): Plan {
  const canon = new Canon();
  const roots = canon.of(given);
  const results = roots.length;
  const refused: { root: number; error: Refused['error'] }[] = [];
  for (let more = canon.takeRefused(); more.length > 0; more = canon.takeRefused()) {
    for (const { met, error } of more) {
      const [root] = canon.of([met]);
      if (!refused.some((r) => roots[r.root] === root)) refused.push({ root: roots.push(root) - 1, error });
    }
  }
  return { roots, stages: stagesOf(roots, results), refused, results };
}

const spaceOf = (n: Computed): readonly number[] =>
  n.kind === 'reduce' ? n.over : n.kind === 'along' ? n.arg.shape : n.shape;

class Choice {
  readonly kept = new Set<Node>();
  readonly users = new Map<Node, Node[]>();
  readonly order: readonly Node[];

  constructor(roots: readonly Node[]) {
    this.order = inOrder(roots);
    for (const n of this.order) for (const a of operandsOf(n)) this.users.set(a, [...(this.users.get(a) ?? []), n]);
    for (const n of this.order) {
      if (n.kind === 'reduce' || n.kind === 'along') this.kept.add(n);
      if (n.kind === 'view' && n.of.kind === 'map') this.kept.add(n.of);
      if (n.kind === 'along' && n.arg.kind === 'map') this.kept.add(n.arg);
    }
    for (const r of roots) if (r.kind === 'map') this.kept.add(r);
  }

  /** Keeps what is cheaper kept than computed where it is used. */
  weigh(): void {
    const work = new Map<Node, number>();
    for (const n of this.order) {
      if (n.kind !== 'map') continue;
      work.set(
        n,
        n.step.args.reduce((w, a) => w + (this.kept.has(a) ? 0 : (work.get(a) ?? 0)), weightOf(n.step)),
      );
    }
    const stages = new Map<Node, Set<Computed>>();
    for (let i = this.order.length - 1; i >= 0; i--) {
      const n = this.order[i];
      if (n.kind !== 'map' || this.kept.has(n)) continue;
      const into = new Set<Computed>();
      for (const u of this.users.get(n) ?? []) {
        if (u.kind === 'source' || u.kind === 'view') continue;
        if (this.kept.has(u)) into.add(u);
        else for (const s of stages.get(u) ?? []) into.add(s);
      }
      stages.set(n, into);
      const size = sizeOf(n.shape);
      const own = work.get(n) ?? 0;
      let largest = size;
      for (const s of into) largest = Math.max(largest, sizeOf(spaceOf(s)));
      const stretched = size * 2 <= largest && (size === 1 ? own >= DEAR : (largest - size) * own > WORTH_A_STAGE);
      if ((into.size > 1 && own >= DEAR) || stretched) this.kept.add(n);
    }
  }

  /** Cuts what is too large for one kernel. */
  cut(): void {
    const inside = new Map<Node, { steps: Set<Step>; inputs: Set<Node>; work: number }>();
    for (const n of this.order) {
      if (n.kind !== 'map' && n.kind !== 'reduce') continue;
      const args = operandsOf(n);
      for (;;) {
        const steps = new Set<Step>(n.kind === 'map' ? [n.step] : []);
        const inputs = new Set<Node>();
        for (const a of args) {
          const below = this.kept.has(a) ? undefined : inside.get(a);
          if (below === undefined) inputs.add(a);
          else {
            for (const s of below.steps) steps.add(s);
            for (const i of below.inputs) inputs.add(i);
          }
        }
        let work = 0;
        for (const s of steps) work += weightOf(s);
        const fits = steps.size <= MOST_STEPS && work <= MOST_WORK && inputs.size <= MOST_INPUTS;
        const largest = args
          .filter((a) => a.kind === 'map' && !this.kept.has(a))
          .sort((a, b) => (inside.get(b)?.work ?? 0) - (inside.get(a)?.work ?? 0))[0];
        if (fits || largest === undefined) {
          inside.set(n, { steps, inputs, work });
          break;
        }
        this.kept.add(largest);
      }
    }
  }
}

// The stages that read a value, itself or through steps that are done again; undefined where a view of it is needed.
function readersOf(n: Node, choice: Choice): Set<Computed> | undefined {
  const found = new Set<Computed>();
  for (const u of choice.users.get(n) ?? []) {
    if (u.kind === 'source' || u.kind === 'view') return undefined;
    const all = choice.kept.has(u) ? [u] : readersOf(u, choice);
    if (all === undefined) return undefined;
    for (const r of all) found.add(r);
  }
  return found;
}

// Elementwise results of one shape that only one another read are one kernel.
function together(ends: readonly Node[], choice: Choice): Map<Node, MapNode[]> {
  const groups = new Map<string, MapNode[]>();
  const member = new Map<Node, MapNode[]>();
  for (const n of choice.order.filter((m) => ends.includes(m)).reverse()) {
    if (n.kind !== 'map') continue;
    const key = `${n.shape}`;
    const group = groups.get(key) ?? [];
    const readers = readersOf(n, choice);
    if (readers === undefined || [...readers].some((r) => !group.includes(r as MapNode))) continue; // only members count
    group.unshift(n);
    groups.set(key, group);
    member.set(n, group);
  }
  return member;
}

function stagesOf(roots: readonly Node[], results: number): Stage[] {
  const choice = new Choice(roots);
  choice.weigh();
  choice.cut();
  const { kept, order } = choice;
  const member = together(roots.slice(0, results), choice);
  const stages: Stage[] = [];
  for (const n of order) {
    if (n.kind === 'source' || n.kind === 'view' || !kept.has(n) || member.has(n)) continue;
    const ends = n.kind === 'map' ? [n] : operandsOf(n);
    stages.push({ nodes: [n], body: bodyOf(ends, n.kind === 'map', (m) => kept.has(m)), space: spaceOf(n) });
  }
  for (const nodes of new Set(member.values())) {
    const isInput = (m: Node): boolean => kept.has(m) && !nodes.includes(m as MapNode); // only members count
    stages.push({ nodes, body: bodyOf(nodes, true, isInput), space: nodes[0].shape });
  }
  return stages;
}

/** A node without the views on it. */
export function baseOf(n: Node): Node {
  let base = n;
  while (base.kind === 'view') base = base.of;
  return base;
}

/** What results are, or are views of. */
export const endsOf = ({ roots, results }: Plan): Node[] => [...new Set(roots.slice(0, results).map(baseOf))];

/** Bytes that a value takes. */
export const bytesOf = (n: Node): number => sizeOf(n.shape) * n.dtype.itemsize;
