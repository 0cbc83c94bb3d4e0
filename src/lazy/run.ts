// Runs plans: binds sources, runs stage after stage with the kernels of exec/, whole or tile by tile, gives intermediate
// memory back as soon as nothing needs it. Written as a generator, so that it can be left between two kernels.

import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, newArray, reinterpret, requireUsable, viewOf } from '../exec/array_base.ts';
import { execute } from '../exec/call.ts';
import { readAt } from '../exec/coerce.ts';
import { copyInto, heapCopy, isResident } from '../exec/copy.ts';
import { currentErrors } from '../exec/errstate/state.ts';
import { overlaps } from '../exec/execute.ts';
import { reduceStates } from '../exec/reduce.ts';
import { runRows, runsByRows } from '../exec/rows.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { splitAxes } from '../shape/reduction.ts';
import { contiguousStrides } from '../shape/strides.ts';
import { tellReduction, tellSteps } from './faults.ts';
import { loopOf, reducerFor } from './fused.ts';
import { type Computed, literal, type Node } from './node.ts';
import { baseOf, endsOf, type Plan, type Stage } from './plan.ts';
import type { RowPlan } from './rows.ts';
import { axisInSpace, type Tiling } from './tile.ts';

/** What sources that come with each run stand for: arrays and numbers, by number of the argument. */
export type Given = readonly (ArrayBase | Scalar)[];

/** One tile: positions from `from` to `to` of the axis. */
interface Cut {
  readonly tiling: Tiling;
  readonly from: number;
  readonly to: number;
}

class Run {
  readonly #plan: Plan;
  readonly #given: Given;
  readonly #values = new Map<Node, ArrayBase>();
  /** Values of the tile at hand. */
  readonly #tile = new Map<Node, ArrayBase>();
  /** Of the stages, the last that reads each value. */
  readonly #lastUse = new Map<Node, Stage>();
  readonly #out: ArrayBase | undefined;

  constructor(plan: Plan, given: Given, out: ArrayBase | undefined) {
    this.#plan = plan;
    this.#given = given;
    this.#out = out;
  }

  *run(tiling: Tiling | undefined): Generator<void, ArrayBase[]> {
    const { stages, roots, refused, results } = this.#plan;
    const checks = new Set<Node>(roots.slice(results));
    const isCheck = (s: Stage): boolean => s.nodes.some((n) => checks.has(n));
    // What checks need, and they themselves, come first, so that a refusal comes before any work.
    const first = new Set<Stage>();
    for (let i = stages.length - 1; i >= 0; i--) {
      const s = stages[i];
      if (!isCheck(s) && !first.has(s)) continue;
      first.add(s);
      for (const n of s.body.inputs) for (const t of stages) if (t.nodes.some((m) => m === baseOf(n))) first.add(t);
    }
    for (const s of stages) if (first.has(s)) this.#whole(s);
    for (const { root, error } of refused) if (readAt(this.#valueOf(roots[root]), 0)) throw error();
    const rest = stages.filter((s) => !first.has(s));
    const tiled = tiling === undefined ? [] : rest.filter((s) => tiling.at.has(s.nodes[0]));
    const whole = rest.filter((s) => !tiled.includes(s));
    for (const s of [...whole, ...tiled]) for (const n of s.body.inputs) this.#lastUse.set(baseOf(n), s);
    for (const r of roots) this.#lastUse.delete(baseOf(r));
    for (const s of whole) {
      this.#whole(s);
      this.#free(s);
      yield;
    }
    if (tiling !== undefined) yield* this.#tiles(tiled, tiling);
    return roots.slice(0, results).map((r) => this.#valueOf(r));
  }

  /** The same with a program over rows; undefined where rows do not lie as it needs them, or something is to be told. */
  byRows({ stages, program, shape, operands, results }: RowPlan): ArrayBase[] | undefined {
    const { roots, results: count } = this.#plan;
    for (const s of this.#plan.stages) if (!stages.has(s)) this.#whole(s);
    for (const n of results) this.#values.set(n, this.#target(n));
    const arrays = operands.map(({ node }) => this.#valueOf(node));
    const rows = shape.length - 1;
    const strides = operands.map(({ single, space }, k) => {
      const a = arrays[k];
      const over = broadcastStrides(a.shape, a.strides, space);
      return single ? [...over.slice(0, rows), 0] : over;
    });
    if (!runsByRows(arrays, strides, shape[rows])) return undefined;
    if (runRows(program, arrays, strides, shape, currentErrors().wanted) !== 0) return undefined;
    return roots.slice(0, count).map((r) => this.#valueOf(r));
  }

  #whole(stage: Stage): void {
    const operands = this.#operands(stage);
    const outs = stage.nodes.map((n) => this.#target(n));
    this.#run(stage, operands, stage.space, outs);
    stage.nodes.forEach((n, i) => {
      this.#values.set(n, outs[i]);
    });
  }

  // Where a value goes: the user's array where it is the result.
  #target(n: Computed): ArrayBase {
    return this.#out !== undefined && n === this.#plan.roots[0] ? this.#out : newArray(n.shape, n.dtype);
  }

  *#tiles(stages: readonly Stage[], tiling: Tiling): Generator<void> {
    const { rows, extent, at } = tiling;
    const results = new Set<Node>(endsOf(this.#plan));
    const buffers = new Map<Node, ArrayBase>();
    const shapeFor = (n: Node, count: number): number[] => n.shape.map((m, d) => (d === at.get(n) ? count : m));
    for (const s of stages) {
      for (const n of s.nodes) {
        if (results.has(n)) this.#values.set(n, this.#target(n));
        else buffers.set(n, newArray(shapeFor(n, rows), n.dtype));
      }
    }
    for (let from = 0; from < extent; from += rows) {
      const cut: Cut = { tiling, from, to: Math.min(extent, from + rows) };
      this.#tile.clear();
      for (const s of stages) {
        const first = s.nodes[0];
        const axis = axisInSpace(first, at.get(first) ?? 0);
        const space = s.space.map((m, d) => (d === axis ? cut.to - from : m));
        const operands = this.#operands(s, { axis, cut });
        const outs = s.nodes.map((n) => {
          const buffer = buffers.get(n);
          if (buffer === undefined) return sliced(this.#valueOf(n), at.get(n) ?? 0, from, cut.to);
          const shape = shapeFor(n, cut.to - from);
          const strides = contiguousStrides(shape, n.dtype.itemsize);
          // The tile under the strides of the whole, for views to be taken of it.
          this.#tile.set(n, viewOf(buffer.storage, 0, n.shape, strides, n.dtype));
          return viewOf(buffer.storage, 0, shape, strides, n.dtype);
        });
        this.#run(s, operands, space, outs);
      }
      yield;
    }
    for (const b of buffers.values()) b.storage.dispose();
  }

  #run(stage: Stage, operands: readonly ArrayBase[], space: readonly number[], outs: readonly ArrayBase[]): void {
    const { nodes, body } = stage;
    const [node] = nodes;
    const [out] = outs;
    if (node.kind === 'map') {
      const theirs = outs.some((o) => o === this.#out);
      const met = execute(loopOf(body), operands, undefined, outs, space, [], currentErrors(), theirs);
      if (met !== 0) tellSteps(body, operands, space);
    } else if (node.kind === 'reduce') {
      const resident = operands.map((a) => (isResident(a) ? a : heapCopy(a)));
      const direct = out.contiguous && out.dtype === node.dtype && isResident(out) && out !== this.#out;
      const { keptShape: shape } = splitAxes(space, node.axes);
      const into = direct ? out : newArray(shape, node.dtype);
      reduceStates(reducerFor(node, body), resident, space, node.axes, into);
      tellReduction({ ...node, over: space, shape }, body, resident, into);
      if (!direct) copyInto(into, out);
    } else {
      const [a] = operands;
      copyInto(node.run(isResident(a) ? a : heapCopy(a)), out);
    }
  }

  // The operands of a stage over its whole space, or over a tile of it.
  #operands(stage: Stage, part?: { readonly axis: number; readonly cut: Cut }): ArrayBase[] {
    return stage.body.inputs.map((n) => {
      const a = this.#valueOf(n);
      const all = reinterpret(a, a.offset, stage.space, broadcastStrides(a.shape, a.strides, stage.space));
      if (part === undefined) return all;
      const { from, to } = part.cut;
      const start = this.#tile.has(baseOf(n)) ? 0 : from;
      return sliced(all, part.axis, start, start + to - from);
    });
  }

  #valueOf(n: Node): ArrayBase {
    const known = this.#tile.get(n) ?? this.#values.get(n);
    if (known !== undefined) return known;
    let made: ArrayBase;
    if (n.kind === 'view') {
      made = n.step.of(this.#valueOf(n.of));
      if (this.#tile.has(baseOf(n))) return made; // of this tile alone
    } else if (n.kind === 'source') made = n.held ?? this.#argument(n.slot, n);
    else throw new TypeError('a value is used before its stage ran');
    requireUsable(made, 'compute');
    this.#values.set(n, made);
    return made;
  }

  #argument(slot: number, n: Node): ArrayBase {
    const x = this.#given[slot];
    if (typeof x !== 'object' || !('storage' in x)) return literalOf(x as Scalar, n); // numbers are what is no array
    return x;
  }

  #free(stage: Stage): void {
    for (const n of stage.body.inputs) {
      const base = baseOf(n);
      if (base.kind !== 'source' && this.#lastUse.get(base) === stage) this.#values.get(base)?.storage.dispose();
    }
  }
}

const literalOf = (x: Scalar, n: Node): ArrayBase => {
  const { held } = literal(x, n.dtype, 'np.fuse');
  if (held === undefined) throw new TypeError('a literal holds its value');
  return held;
};

const sliced = (a: ArrayBase, axis: number, from: number, to: number): ArrayBase =>
  reinterpret(
    a,
    a.offset + from * a.strides[axis],
    a.shape.map((m, d) => (d === axis ? to - from : m)),
    a.strides,
  );

/** Runs a plan, a kernel or a tile at a time; `out` takes the first result. */
export function* running(
  plan: Plan,
  given: Given,
  tiling: Tiling | undefined,
  out?: ArrayBase,
  rows?: RowPlan,
): Generator<void, ArrayBase[]> {
  if (rows !== undefined && currentErrors().raising === 0 && plan.roots.length === plan.results) {
    const made = new Run(plan, given, out).byRows(rows);
    if (made !== undefined) return made;
  }
  return yield* new Run(plan, given, out).run(tiling);
}

/** Must `out` wait until all is computed? Where something still to be read shares its memory. */
export function mustWait(plan: Plan, given: Given, out: ArrayBase): boolean {
  const sources = plan.stages.flatMap((s) => s.body.inputs.map(baseOf));
  return sources.some((n) => {
    if (n.kind !== 'source') return false;
    const a = n.held ?? given[n.slot];
    return typeof a === 'object' && 'storage' in a && overlaps(a, out);
  });
}
