// Products of two arrays, summed over the axes that both have: matmul, tensordot, dot. Blocks of the result are computed from
// whole panels of both operands where these are small beside the memory of a block, else panel by panel, summed afterwards in
// the order of a tree: which of the two depends on shapes and blocks alone, so that results do not depend on who computes.

import type { NDArray } from '../../array/ndarray.ts';
import { squeeze } from '../../array/views.ts';
import { asDType } from '../../dtype/dtype.ts';
import { promoteAll } from '../../dtype/promotion.ts';
import { lazy } from '../../lazy/lazy.ts';
import { einsum } from '../../linalg/einsum.ts';
import { gridOf } from '../grid.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { arrayOf, joinedAlong } from './pieces.ts';
import { reduceTree } from './tree.ts';
import { viewNode } from './view.ts';

/** Axes by number: those that an operand shares with the result or the other have the same number. */
export interface Contract {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly out: readonly number[];
}

interface Panels extends Contract {
  /** The axis that is summed panel by panel, its extents per panel; the result has an axis of panels in front. */
  readonly panel: { readonly label: number; readonly extent: number; readonly length: number } | undefined;
}

export const contractRow: OperationRow<Panels> = {
  name: 'product',
  eager: true,
  needs({ a, b, out, panel }, region, inputs) {
    const skip = panel === undefined ? 0 : 1;
    const none = region.shape.includes(0);
    return inputs.map((x, i) => {
      const [start, shape]: [number[], number[]] = [[], []];
      [a, b][i].forEach((label, d) => {
        const at = out.indexOf(label);
        let [from, n] = [0, x.shape[d]];
        if (at >= 0 && n > 1) [from, n] = [region.start[at + skip], region.shape[at + skip]];
        else if (panel?.label === label) {
          from = Math.min(region.start[0] * panel.extent, x.shape[d]);
          n = Math.min(panel.extent * region.shape[0], x.shape[d] - from);
        }
        start.push(from);
        shape.push(none ? 0 : n);
      });
      return none ? { start: start.map(() => 0), shape } : { start, shape };
    });
  },
  apply({ a, b, out, panel }, values, region) {
    const [x, y] = values.map(arrayOf);
    const product = (u: typeof x, v: typeof x) => einsum(u, a, v, b, out) as typeof x; // arrays give an array
    if (panel === undefined || region.shape.includes(0)) {
      const made = product(x, y);
      return [lazy(made).reshape(region.shape)];
    }
    const labels = [a, b];
    const parts = Array.from({ length: region.shape[0] }, (_, i) => {
      const [u, v] = [x, y].map((operand, k) =>
        operand.get(
          ...labels[k].map((l) => (l === panel.label ? `${i * panel.extent}:${(i + 1) * panel.extent}` : ':')),
        ),
      );
      return lazy(product(u, v))
        .reshape([1, ...region.shape.slice(1)])
        .compute();
    });
    return [lazy(joinedAlong(parts, 0))];
  },
  text: ({ panel }) => (panel === undefined ? 'product' : 'product, by panels'),
};
/** The same where blocks of the operands are wanted by several blocks of the result. */
export const contractAgainRow: OperationRow<Panels> = { ...contractRow, name: 'product again', rereads: true };

/** Bytes of both panels of a block: more than a block of the operands, as they are what a product reads again. */
const PANELS = 2 ** 26;

/** The product of two nodes. Axes of one number have one extent, or 1. */
export function contracted(x: Node, y: Node, labels: Contract): OpNode {
  const { a, b, out } = labels;
  const dtype = promoteAll([x.dtype, y.dtype]);
  const extentOf = (label: number): number => Math.max(x.shape[a.indexOf(label)] ?? 0, y.shape[b.indexOf(label)] ?? 0);
  const axisOf = (label: number): { n: Node; d: number } => {
    const own = { n: x, d: a.indexOf(label) };
    const other = { n: y, d: b.indexOf(label) };
    if (own.d < 0 || (other.d >= 0 && x.shape[own.d] === 1)) return other;
    return own;
  };
  const chunkOf = (label: number): number => {
    const { n, d } = axisOf(label);
    return n.chunks[d];
  };
  const empty = (labels: readonly number[]): boolean =>
    labels.some(
      (l) => (a.includes(l) && x.shape[a.indexOf(l)] === 0) || (b.includes(l) && y.shape[b.indexOf(l)] === 0),
    );
  const shape = out.map((l) => (empty([l]) ? 0 : extentOf(l)));
  const chunks = out.map((l) => Math.max(1, chunkOf(l)));
  const summed = a.filter((l) => !out.includes(l));
  const rows = (own: readonly number[]): number =>
    own.filter((l) => out.includes(l)).reduce((n, l) => n * chunkOf(l), dtype.itemsize);
  const deep = summed.reduce((n, l) => n * extentOf(l), 1);
  const sides = rows(a) + rows(b);
  const grid = gridOf(shape, chunks);
  const alone = (own: readonly number[]): boolean => out.every((l, d) => own.includes(l) || grid.counts[d] === 1);
  const row = alone(a) && alone(b) ? contractRow : contractAgainRow;
  const [label] = [...summed].sort((p, q) => extentOf(q) - extentOf(p));
  if (label === undefined || sides * deep <= PANELS || empty(summed)) {
    const p: Panels = { ...labels, panel: undefined };
    return resultsOf(operation(row, p, [x, y]), [{ shape, dtype }], chunks)[0];
  }
  const length = extentOf(label);
  const each = Math.max(1, Math.floor(PANELS / (sides * (deep / length))));
  const own = Math.max(1, chunkOf(label));
  const extent = Math.min(length, each > own ? each - (each % own) : each);
  const count = Math.ceil(length / extent);
  const p: Panels = { ...labels, panel: { label, extent, length } };
  const parts = resultsOf(operation(row, p, [x, y]), [{ shape: [count, ...shape], dtype }], [1, ...chunks])[0];
  const total = reduceTree(
    'reduce',
    { name: 'sum', dtype: asDType(dtype).name, initial: undefined, masked: false },
    [parts],
    [0],
  );
  return viewNode(total, { text: 'squeeze(0)', of: (v) => squeeze(v as NDArray, 0), keepsAxes: true }); // every array is an NDArray
}
