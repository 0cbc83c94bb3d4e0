// Views: slices, transpositions, flips, new axes, stretched axes. What a view does is found out by taking it of an array
// without elements whose strides tell the axes apart, so that no kind of view has code of its own.

import { zeros } from '../../array/creation.ts';
import { ShapeError } from '../../base/errors.ts';
import { type ArrayBase, viewOf } from '../../exec/array_base.ts';
import type { ViewStep } from '../../exec/deferred.ts';
import { lazy } from '../../lazy/lazy.ts';
import { wrapHost } from '../../memory/storage.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';

/** One axis of a view: where it comes from and which elements it takes; -1 for an axis that is new or stretched. */
export interface ViewAxis {
  readonly from: number;
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

export interface View {
  readonly axes: readonly ViewAxis[];
  /** The element taken of each axis of the operand that has gone. */
  readonly fixed: readonly number[];
  readonly text: string;
}

/** A view as axes of its operand. Undefined where an axis of the view mixes several (diagonals). */
export function viewAxes(shape: readonly number[], dtype: ArrayBase['dtype'], step: ViewStep): View | undefined {
  // Strides of twice the room, so that offset and strides are sums with one reading only.
  const strides: number[] = [];
  let stride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= 2 * Math.max(2, shape[d]);
  }
  const probe = viewOf(wrapHost(new Uint8Array(64)), 0, shape, strides, dtype);
  const made = step.of(probe);
  const fixed = shape.map(() => 0);
  let offset = made.offset;
  for (let d = 0; d < shape.length; d++) {
    fixed[d] = Math.floor(offset / strides[d]);
    offset -= fixed[d] * strides[d];
  }
  const axes: ViewAxis[] = [];
  for (let i = 0; i < made.shape.length; i++) {
    const length = made.shape[i];
    const s = made.strides[i];
    if (s === 0 || length <= 1) {
      axes.push({ from: -1, start: 0, step: 0, length });
      continue;
    }
    const from = strides.findIndex((t, d) => Math.abs(s) % t === 0 && Math.abs(s) / t < Math.max(2, shape[d]));
    if (from < 0) return undefined;
    axes.push({ from, start: fixed[from], step: s / strides[from], length });
  }
  return { axes, fixed, text: step.text };
}

export const viewRow: OperationRow<View> = {
  name: 'view',
  needs({ axes, fixed }, region, [input]) {
    if (region.shape.includes(0)) return [{ start: input.shape.map(() => 0), shape: input.shape.map(() => 0) }];
    const start = [...fixed];
    const shape = input.shape.map(() => 1);
    axes.forEach(({ from, start: first, step }, i) => {
      const n = region.shape[i];
      if (from < 0) return;
      const a = first + step * region.start[i];
      const b = first + step * (region.start[i] + Math.max(0, n - 1));
      start[from] = Math.min(a, b);
      shape[from] = n === 0 ? 0 : Math.abs(b - a) + 1;
    });
    return [{ start: start.map((s, d) => Math.max(0, Math.min(s, input.shape[d] - shape[d]))), shape }];
  },
  apply({ axes }, [value], region) {
    const x = lazy(value as never); // an operand with axes is no number
    if (region.shape.includes(0)) return [lazy(zeros(region.shape, { dtype: x.dtype }))];
    const used = axes.filter((a) => a.from >= 0).map((a) => a.from);
    // Axes that went are taken at their only element, those that stay at their steps, in the operand's order.
    const index = x.shape.map((_, d) => {
      const axis = axes.find((a) => a.from === d);
      return axis === undefined ? 0 : axis.step === 1 ? ':' : `::${axis.step}`;
    });
    const kept = index.every((i) => i === ':') ? x : x.get(...index);
    const order = used.map((d) => [...used].sort((a, b) => a - b).indexOf(d));
    const turned = order.every((o, i) => o === i) ? kept : kept.transpose(order);
    const withNew = axes.some((a) => a.from < 0) ? turned.get(...axes.map((a) => (a.from < 0 ? null : ':'))) : turned;
    return [withNew.broadcast_to(region.shape)];
  },
  text: (p) => p.text,
};

/** A view of a node. @throws ShapeError where the view mixes axes. */
export function viewNode(input: Node, step: ViewStep): OpNode {
  const view = viewAxes(input.shape, input.dtype, step);
  if (view === undefined) {
    throw new ShapeError(
      `${step.text}: this view of an array in chunks mixes axes`,
      'take it of the blocks with mapBlocks, or of the array that compute() gives',
      { shape: input.shape, view: step.text },
    );
  }
  const shape = view.axes.map((a) => a.length);
  const chunks = view.axes.map(({ from, step: s, length }) =>
    Math.max(1, Math.min(length, from < 0 ? length : Math.ceil(input.chunks[from] / Math.abs(s)))),
  );
  const weak = input.kind === 'op' && input.weak && shape.length === 0;
  return resultsOf(operation(viewRow, view, [input]), [{ shape, dtype: input.dtype, weak }], chunks)[0];
}
