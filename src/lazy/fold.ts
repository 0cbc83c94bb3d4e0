// Reductions of expressions: axes, dtypes, masks and `initial` settled as eager ones are (array/reductions.ts), means and
// variances composed of the same sums and loops (array/statistics.ts), so that they give the same bits.

import { reducerFor } from '../array/masked_reducer.ts';
import { type Extreme, type PositionOptions, requireElements } from '../array/positions.ts';
import { type ReduceOptions, requireMask, requireSome, workingDType } from '../array/reductions.ts';
import {
  askedDType,
  deviations,
  dividing,
  freeing,
  meanDType,
  rooting,
  type VarianceOptions,
} from '../array/statistics.ts';
import { broadcast_to, expand_dims, ravel } from '../array/views.ts';
import { realOf } from '../dtype/category.ts';
import { asDType, dtypes } from '../dtype/dtype.ts';
import type { ArrayBase } from '../exec/array_base.ts';
import type { Moment } from '../exec/deferred.ts';
import { positionsAlong } from '../exec/positions.ts';
import { Loop } from '../exec/ufunc.ts';
import { type Monoid, type ReduceRow, stateOf } from '../ops/reduce/define.ts';
import { reductions } from '../ops/reduce/rows.ts';
import { splitAxes } from '../shape/reduction.ts';
import { normalizeAxes, normalizeAxis, sameShape } from '../shape/strides.ts';
import { literal, type Node, type ReduceNode, viewNode } from './node.ts';
import { castNode, mapNodes, refuseOut } from './step.ts';

/** Options of a reduction with its mask as a node. */
type Masked<O> = Omit<O, 'where'> & { readonly where?: Node };

const stretched = (n: Node, shape: readonly number[]): Node =>
  sameShape(n.shape, shape)
    ? n
    : viewNode(n, { text: `broadcast_to([${shape}])`, of: (a) => broadcast_to(a, shape), keepsAxes: true });

const withAxes = (n: Node, axes: readonly number[]): Node =>
  axes.length === 0
    ? n
    : viewNode(n, { text: `expand_dims([${axes}])`, of: (a) => expand_dims(a, axes), keepsAxes: true });

function maskNode(mask: Node | undefined, shape: readonly number[], where: string): Node | undefined {
  if (mask !== undefined) requireMask(mask, shape, where);
  return mask;
}

/** One monoid over axes of operands that broadcast to `over`; `empty` is the result of nothing. */
function folded(
  name: string,
  monoid: Monoid,
  args: readonly Node[],
  over: readonly number[],
  axes: readonly number[],
  empty: number | boolean,
  faults?: ReduceNode['faults'],
): Node {
  const { keptShape } = splitAxes(over, axes);
  const { state } = monoid;
  if (axes.some((d) => over[d] === 0))
    return stretched({ ...literal(Number(empty), state, name), scalar: undefined }, keptShape);
  const key = `${monoid.name}:${monoid.ins.map((d) => d.char).join('')}>${state.char}`;
  const weak = keptShape.length === 0;
  return { kind: 'reduce', name, key, monoid, args, over, axes, shape: keptShape, dtype: state, weak, faults };
}

// The result as the options want it: reduced axes with length 1, or gone; a scalar where none was named.
function delivered(n: Node, axes: readonly number[], options: Pick<ReduceOptions, 'axis' | 'keepdims'>): Node {
  const whole = options.axis === undefined || options.axis === null;
  if (options.keepdims === true) return { ...withAxes(n, axes), weak: false };
  return { ...n, weak: whole };
}

/** A reduction row over axes. */
export function reduceNode(name: string, row: ReduceRow, x: Node, options: Masked<ReduceOptions>): Node {
  const where = `np.${name}`;
  refuseOut(where, options.out);
  const { shape } = x;
  const mask = maskNode(options.where, shape, where);
  const axes = normalizeAxes(options.axis, shape.length, where);
  const working = workingDType(name, row, x.dtype, options.dtype);
  const { monoid, result } = row.of(working);
  if (row.empty === undefined && options.initial === undefined) requireSome(name, shape, axes, mask !== undefined);
  const used = reducerFor(`${monoid.name}:${working.char}`, monoid, mask !== undefined).monoid;
  const faults = row.faults && { row, working };
  const none = axes.some((d) => shape[d] === 0);
  let states = folded(name, used, mask === undefined ? [x] : [x, mask], shape, axes, row.empty ?? 0, faults);
  if (options.initial !== undefined) {
    const { state, combine } = monoid;
    const initial = literal(options.initial, state, where);
    const loop = new Loop(`${monoid.name}.initial`, {
      ins: [state, state],
      outs: [state],
      body: ([a, b]) => combine(a, b),
    });
    states = none
      ? stretched({ ...initial, scalar: undefined }, states.shape)
      : mapNodes(loop, [states, initial], `${name} initial`, where)[0];
  }
  return delivered(castNode(states, result), axes, options);
}

/** Mean, variance or standard deviation over axes. */
export function momentNode(name: Moment, x: Node, options: Masked<VarianceOptions>): Node {
  const where = `np.${name}`;
  refuseOut(where, options.out);
  const { shape, dtype } = x;
  const mask = maskNode(options.where, shape, where);
  const axes = normalizeAxes(options.axis, shape.length, where);
  const working = options.dtype === undefined ? meanDType(dtype) : askedDType(name, dtype, asDType(options.dtype));
  const real = realOf(stateOf(working));
  const count = axes.reduce((n, d) => n * shape[d], 1);
  const masks = mask === undefined ? [] : [mask];
  const counted =
    mask === undefined || count === 0
      ? undefined
      : castNode(
          folded(
            'count_nonzero',
            reductions.count_nonzero.of(dtypes.bool).monoid,
            [stretched(mask, shape)],
            shape,
            axes,
            0,
          ),
          real,
        );
  const summed = (monoid: Monoid, args: readonly Node[]): Node => {
    const used = reducerFor(`${monoid.name}:${monoid.ins[0].char}`, monoid, mask !== undefined).monoid;
    const faults = count === 0 ? undefined : { row: reductions.sum, working };
    return folded(name, used, [...args, ...masks], shape, axes, 0, faults);
  };
  const divided = (states: Node, by: Node): Node => mapNodes(dividing(states.dtype), [states, by], name, where)[0];
  const center = divided(summed(reductions.sum.of(working).monoid, [x]), counted ?? literal(count, real, where));
  if (name === 'mean') return delivered(castNode(center, working), axes, options);
  const squares = summed(deviations(working), [x, withAxes(center, axes)]);
  const ddof = options.correction ?? options.ddof ?? 0;
  const free =
    counted === undefined
      ? literal(Math.max(0, count - ddof), realOf(squares.dtype), where)
      : mapNodes(freeing(counted.dtype, false), [counted, literal(ddof, counted.dtype, where)], name, where)[0];
  const variance = divided(squares, free);
  const result = name === 'std' ? mapNodes(rooting(variance.dtype), [variance], name, where)[0] : variance;
  return delivered(castNode(result, realOf(working)), axes, options);
}

const flat = { text: 'ravel()', of: (a: ArrayBase): ArrayBase => ravel(a), keepsAxes: false };

/** Positions of an extreme along an axis. */
export function positionNode(extreme: Extreme, x: Node, options: PositionOptions): Node {
  const name = `arg${extreme}`;
  const where = `np.${name}`;
  refuseOut(where, options.out);
  const whole = options.axis === undefined || options.axis === null;
  const arg = whole && x.shape.length !== 1 ? viewNode(x, flat) : x;
  const axis = whole ? 0 : normalizeAxis(options.axis ?? 0, arg.shape.length, where);
  const { keptShape } = splitAxes(arg.shape, [axis]);
  requireElements(arg.shape, axis, where);
  const run = (a: ArrayBase): ArrayBase => positionsAlong(extreme, a, axis);
  const made: Node = { kind: 'along', name, arg, axis, run, shape: keptShape, dtype: dtypes.int32, weak: whole };
  if (options.keepdims !== true) return made;
  return { ...withAxes(made, whole ? [...x.shape.keys()] : [axis]), weak: false };
}
