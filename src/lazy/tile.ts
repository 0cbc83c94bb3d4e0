// Where an expression can be computed tile by tile: along an axis of its results that every large intermediate value has
// too. Then no more of those values exists at a time than fits a cache. Which tiles there are never shows in the bits:
// reductions run along other axes.

import { splitAxes } from '../shape/reduction.ts';
import { sizeOf } from '../shape/strides.ts';
import { type Computed, type Node, probe } from './node.ts';
import { baseOf, bytesOf, endsOf, type Plan, type Stage } from './plan.ts';

/** Bytes of intermediate values from which tiles pay. */
const LARGE = 512 * 1024;
/** Bytes of intermediate values of one tile: about a second-level cache. */
const TILE = 256 * 1024;

/** How a plan is cut. */
export interface Tiling {
  /** Axis of the results. */
  readonly axis: number;
  readonly extent: number;
  /** Positions of the axis in one tile. */
  readonly rows: number;
  /** The axis in every value that is made tile by tile; what is not here is made before, as a whole. */
  readonly at: ReadonlyMap<Node, number>;
}

/** The axis of a stage's space that is an axis of its results. */
export function axisInSpace(n: Computed, axis: number): number {
  if (n.kind === 'map') return axis;
  const { kept } = splitAxes(n.kind === 'reduce' ? n.over : n.arg.shape, n.kind === 'reduce' ? n.axes : [n.axis]);
  return kept[axis];
}

/** Which axis of its base an axis of a view is; undefined where it is none, or only part of one; -1: of no axis. */
function axisBelow(n: Node, axis: number): number | undefined {
  if (n.kind !== 'view') return axis;
  const { of, step } = n;
  const model = probe(of.shape, of.dtype);
  const seen = step.of(model);
  const stride = seen.strides[axis];
  if (stride === 0 || seen.shape[axis] === 1) return -1;
  if (!step.keepsAxes) return undefined;
  const below = of.shape.findIndex((m, d) => m > 1 && model.strides[d] === stride && m === seen.shape[axis]);
  if (below < 0 || Math.floor(seen.offset / stride) % of.shape[below] !== 0) return undefined;
  return axisBelow(of, below);
}

/** What is made tile by tile along `axis` of the results, or undefined where these cannot be. */
function follow(plan: Plan, stages: readonly Stage[], axis: number): Map<Node, number> | undefined {
  const whole = new Set<Node>();
  for (;;) {
    const before = whole.size;
    const at = new Map<Node, number>();
    for (const r of endsOf(plan)) at.set(r, axis);
    for (let i = stages.length - 1; i >= 0; i--) {
      const { nodes, body, space } = stages[i];
      const own = nodes.map((n) => (whole.has(n) ? undefined : at.get(n)));
      if (own.some((a) => a === undefined)) for (const n of nodes) whole.add(n);
      const [first] = own;
      const inSpace = first === undefined || nodes.some((n) => whole.has(n)) ? undefined : axisInSpace(nodes[0], first);
      for (const input of body.inputs) {
        const base = baseOf(input);
        if (base.kind === 'source') continue;
        const d = inSpace === undefined ? -1 : inSpace - (space.length - input.shape.length);
        const below = d < 0 || input.shape[d] === 1 ? -1 : axisBelow(input, d);
        if (below === undefined || below < 0 || (at.has(base) && at.get(base) !== below)) whole.add(base);
        else if (!whole.has(base)) at.set(base, below);
      }
    }
    if (whole.size > before) continue;
    if (endsOf(plan).some((r) => whole.has(r))) return undefined;
    return at;
  }
}

/** How to cut a plan, where that pays; `most` bounds the elements of a tile, whatever is saved. */
export function tilingOf(plan: Plan, most = Number.POSITIVE_INFINITY): Tiling | undefined {
  const results = endsOf(plan);
  const [first] = results;
  if (first === undefined || results.some((r) => r.kind === 'source')) return undefined;
  const checks = new Set(plan.roots.slice(plan.results));
  const stages = plan.stages.filter((s) => !s.nodes.some((n) => checks.has(n)));
  let best: Tiling | undefined;
  let saved = most === Number.POSITIVE_INFINITY ? LARGE : -1;
  for (let axis = 0; axis < first.shape.length; axis++) {
    const extent = first.shape[axis];
    if (extent < 2 || results.some((r) => r.shape[axis] !== extent || r.shape.length !== first.shape.length)) continue;
    const at = follow(plan, stages, axis);
    if (at === undefined) continue;
    let bytes = 0;
    for (const n of at.keys()) if (!results.includes(n)) bytes += bytesOf(n);
    if (bytes <= saved) continue;
    let rows = Math.max(1, Math.floor(TILE / Math.max(1, bytes / extent)));
    if (most !== Number.POSITIVE_INFINITY) {
      const work = Math.max(...stages.filter((s) => at.has(s.nodes[0])).map((s) => sizeOf(s.space)), 1);
      rows = Math.min(rows, Math.max(1, Math.floor(most / Math.max(1, work / extent))));
    }
    saved = bytes;
    best = { axis, extent, rows: Math.min(rows, extent), at };
  }
  return best;
}
