// Which stages of a plan are one program over rows: reductions along the last axis of one shape, the elementwise work
// before, between and after them, and the small work on their results. Softmax, normalization of rows and the like are then
// one kernel. What else the plan has is computed before, as a whole.

import type { ViewStep } from '../exec/deferred.ts';
import { type Along, LONGEST, type RowProgram } from '../exec/rows.ts';
import type { Place } from '../kernel/wasm/rows.ts';
import { isFloating } from '../ops/reduce/define.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { sameShape, sizeOf } from '../shape/strides.ts';
import { loopOf, reducerFor, stepFaults } from './fused.ts';
import { type Computed, type Node, probe } from './node.ts';
import { baseOf, endsOf, type Plan, type Stage } from './plan.ts';

/** A value in memory: it broadcasts to `space`, which is that of the rows but for the last axis where it is single. */
export interface RowOperand {
  readonly node: Node;
  readonly single: boolean;
  readonly space: readonly number[];
}

/** A plan some stages of which are one program. */
export interface RowPlan {
  readonly stages: ReadonlySet<Stage>;
  readonly program: RowProgram;
  /** Of every row: the shape, whose last axis rows run along. */
  readonly shape: readonly number[];
  /** What operands are: values that are there before, then results. */
  readonly operands: readonly RowOperand[];
  readonly results: readonly Computed[];
}

/** How a stage goes over rows: a fold, over rows, or over one element of each; undefined where it does not. */
type Way = 'fold' | 'row' | 'single';

function wayOf({ nodes, space }: Stage, shape: readonly number[]): Way | undefined {
  const [node] = nodes;
  const last = shape.length - 1;
  if (node.kind === 'along') return undefined;
  if (node.kind === 'reduce') {
    return sameShape(space, shape) && node.axes.length === 1 && node.axes[0] === last ? 'fold' : undefined;
  }
  if (sameShape(space, shape)) return 'row';
  const outer = shape.slice(0, last);
  return sameShape(space, outer) || sameShape(space, [...outer, 1]) ? 'single' : undefined;
}

// Does a stage see a value where it lies: element by element of its row, or (`single`) one for every row?
function seesInPlace(input: Node, single: boolean, space: readonly number[], shape: readonly number[]): boolean {
  const base = baseOf(input);
  const views: ViewStep[] = [];
  for (let n = input; n.kind === 'view'; n = n.of) views.push(n.step);
  if (views.some((v) => !v.keepsAxes)) return false;
  const seen = views.reduceRight((a, v) => v.of(a), probe(base.shape, base.dtype));
  if (seen.offset !== 0) return false;
  const strides = broadcastStrides(seen.shape, seen.strides, space);
  const rows = shape.length - 1;
  if (single && space.length > rows && space[rows] > 1 && strides[rows] !== 0) return false;
  let expected = base.dtype.itemsize;
  for (let d = single ? rows - 1 : rows; d >= 0; d--) {
    if (shape[d] > 1 && strides[d] !== expected) return false;
    expected *= shape[d];
  }
  return true;
}

/** The program over rows in a plan; undefined where there is none that saves anything. */
export function rowsOf(plan: Plan): RowPlan | undefined {
  const results = endsOf(plan);
  const checks = new Set(plan.roots.slice(plan.results));
  for (const end of plan.stages) {
    const [node] = end.nodes;
    if (!results.includes(node) || (node.kind !== 'map' && node.kind !== 'reduce')) continue;
    const shapes = node.kind === 'reduce' ? [node.over] : [node.shape];
    for (const shape of shapes) {
      const found = programOver(plan, shape, checks);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function programOver(plan: Plan, shape: readonly number[], checks: ReadonlySet<Node>): RowPlan | undefined {
  const n = shape[shape.length - 1];
  if (shape.length < 2 || n < 2 || n > LONGEST || sizeOf(shape) === 0) return undefined;
  const ways = new Map<Stage, Way>();
  for (const s of plan.stages) {
    const way = s.nodes.some((m) => checks.has(m)) ? undefined : wayOf(s, shape);
    if (way !== undefined) ways.set(s, way);
  }
  const stageOf = new Map<Node, Stage>();
  for (const s of plan.stages) for (const m of s.nodes) stageOf.set(m, s);
  // A value that is needed otherwise than where it lies is computed before.
  for (let changed = true; changed; ) {
    changed = false;
    for (const s of plan.stages) {
      for (const input of s.body.inputs) {
        const from = stageOf.get(baseOf(input));
        const way = from && ways.get(from);
        if (from === undefined || way === undefined) continue;
        const to = ways.get(s);
        const single = way !== 'row';
        const fits = to !== undefined && (single || to !== 'single') && seesInPlace(input, single, s.space, shape);
        if (!fits) changed = ways.delete(from) || changed;
      }
    }
  }
  const stages = plan.stages.filter((s) => ways.has(s));
  if (stages.length < 2 || !stages.some((s) => ways.get(s) === 'fold')) return undefined;
  return assembled(plan, shape, stages, ways, stageOf);
}

function assembled(
  plan: Plan,
  shape: readonly number[],
  stages: readonly Stage[],
  ways: ReadonlyMap<Stage, Way>,
  stageOf: ReadonlyMap<Node, Stage>,
): RowPlan {
  const ends = new Set<Node>(endsOf(plan));
  const places = new Map<Node, Place>();
  const operands: RowPlan['operands'][number][] = [];
  const [singles, rows, results] = [[] as Node[], [] as Node[], [] as Computed[]];
  const inside = new Set(stages);
  const isInside = (n: Node): boolean => {
    const from = stageOf.get(baseOf(n));
    return from !== undefined && inside.has(from);
  };
  // What is there before, as rows see it and as single values do.
  const outside = { row: new Map<Node, Place>(), single: new Map<Node, Place>() };
  for (const s of stages) {
    const single = ways.get(s) === 'single';
    const seen = single ? outside.single : outside.row;
    for (const input of s.body.inputs) {
      if (isInside(input) || seen.has(input)) continue;
      seen.set(input, { at: 'operand', number: operands.push({ node: input, single, space: s.space }) - 1 });
    }
  }
  // Results come after what is read, in the order of the kernel's operands.
  for (const s of stages) {
    const single = ways.get(s) !== 'row';
    for (const m of s.nodes) {
      if (ends.has(m)) {
        results.push(m);
        places.set(m, { at: 'operand', number: operands.push({ node: m, single, space: m.shape }) - 1 });
      } else if (single) places.set(m, { at: 'single', number: singles.push(m) - 1 });
      else places.set(m, { at: 'row', number: rows.push(m) - 1 });
    }
  }
  const placeOf = (n: Node, single: boolean): Place => {
    const found = isInside(n) ? places.get(baseOf(n)) : (single ? outside.single : outside.row).get(n);
    if (found === undefined) throw new TypeError('a value of a program over rows has no place');
    return found;
  };
  const steps = stages.map((s): Along => {
    const [node] = s.nodes;
    const single = ways.get(s) === 'single';
    const ins = s.body.inputs.map((input) => placeOf(input, single));
    const outs = s.nodes.map((m) => placeOf(m, single));
    if (node.kind === 'reduce') {
      const faults = node.faults !== undefined || s.body.steps.some((t) => stepFaults(t) !== 0);
      const reducer = reducerFor(node, s.body);
      return { ins, outs, run: { kind: 'fold', reducer, watch: faults && isFloating(node.dtype) } };
    }
    return { ins, outs, run: { kind: 'map', loop: loopOf(s.body), single } };
  });
  const text = steps.map(({ ins, outs, run }) => {
    const name = run.kind === 'fold' ? run.reducer.monoid.name : `${run.loop.name}${run.single ? '!' : ''}`;
    return `${name}(${[...ins, ...outs].map((p) => p.at[0] + p.number)})`;
  });
  const program: RowProgram = {
    name: `${text.join(';')}|${operands.map((o) => o.node.dtype.char).join('')}`,
    steps,
    singles: singles.map((m) => m.dtype),
    rows: rows.map((m) => m.dtype),
  };
  return { stages: inside, program, shape, operands, results };
}
