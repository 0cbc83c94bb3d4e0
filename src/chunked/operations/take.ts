// Elements at positions along an axis. Where the positions of a block of the result lie near each other, it reads the stretch
// that has them; else they are dealt out twice: first what each block of the operand gives, in portions, then from these
// portions what each block of the result gets. Memory is that of blocks, whatever the positions are.

import { array, zeros } from '../../array/creation.ts';
import type { NDArray } from '../../array/ndarray.ts';
import { take as takeFrom } from '../../array/take.ts';
import { dtypes } from '../../dtype/dtype.ts';
import { lazy } from '../../lazy/lazy.ts';
import { type HeldNode, type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { arrayOf, joinedAlong, replaced, withStretch } from './pieces.ts';

/** Positions in memory: int64, one dimension, each within the axis. */
type Places = BigInt64Array;

const placesOf = (n: Node): Places => ((n as HeldNode).value as NDArray).data as Places; // made by `held` below

function held(places: Places): HeldNode {
  const value = array(places);
  return { kind: 'held', value, shape: value.shape, dtype: dtypes.int64, chunks: [Math.max(1, places.length)] };
}

function hull(places: Places, from: number, to: number): readonly [number, number] {
  let [a, b] = [Number.POSITIVE_INFINITY, 0];
  for (let i = from; i < to; i++) {
    const at = Number(places[i]);
    if (at < a) a = at;
    if (at >= b) b = at + 1;
  }
  return [a, b];
}

export const takeRow: OperationRow<{ readonly axis: number }> = {
  name: 'take',
  eager: true,
  needs({ axis }, region, [x, at]) {
    const [from, n] = [region.start[axis], region.shape[axis]];
    if (region.shape.includes(0)) {
      return [
        { start: x.shape.map(() => 0), shape: replaced(region.shape, axis, 0) },
        { start: [0], shape: [0] },
      ];
    }
    const [a, b] = hull(placesOf(at), from, from + n);
    return [withStretch(region, axis, a, b - a), { start: [from], shape: [n] }];
  },
  apply({ axis }, [x, at], region, [read]) {
    const a = arrayOf(x);
    if (region.shape.includes(0)) return [lazy(zeros(region.shape, { dtype: a.dtype }))];
    const places = lazy(arrayOf(at)).subtract(BigInt(read.start[axis])).compute();
    return [lazy(takeFrom(a, places, axis))];
  },
  text: ({ axis }) => `take along axis ${axis}`,
};

interface Collect {
  readonly axis: number;
  /** Elements of a portion along the axis. */
  readonly portion: number;
}

/** From which portions, and which part of each, elements from `from` to `to` come. */
function partsOf(places: Places, { portion }: Collect, from: number, to: number): Map<number, [number, number]> {
  const parts = new Map<number, [number, number]>();
  for (let i = from; i < to; i++) {
    const at = Number(places[i]);
    const key = Math.floor(at / portion);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [at, at + 1]);
    else if (at < part[0]) part[0] = at;
    else if (at >= part[1]) part[1] = at + 1;
  }
  return parts;
}

export const collectRow: OperationRow<Collect> = {
  name: 'collect',
  eager: true,
  rereads: true,
  needs(p, region, inputs) {
    const { axis } = p;
    const [from, n] = [region.start[axis], region.shape[axis]];
    const parts = region.shape.includes(0)
      ? []
      : [...partsOf(placesOf(inputs[inputs.length - 1]), p, from, from + n).values()];
    return inputs.map((x, i) => {
      if (i === inputs.length - 1) return { start: [from], shape: [n] };
      const part = parts[i];
      if (part !== undefined) return withStretch(region, axis, part[0], part[1] - part[0]);
      return { start: x.shape.map(() => 0), shape: replaced(region.shape, axis, 0) };
    });
  },
  apply(p, values, region, needed) {
    const { axis } = p;
    const places = arrayOf(values[values.length - 1]).copy().data as Places; // int64
    const [portions, offsets]: [NDArray[], Map<number, number>] = [[], new Map()];
    let length = 0;
    for (let i = 0; i < values.length - 1; i++) {
      const n = needed[i].shape[axis];
      if (needed[i].shape.includes(0)) continue;
      offsets.set(Math.floor(needed[i].start[axis] / p.portion), length - needed[i].start[axis]);
      portions.push(arrayOf(values[i]));
      length += n;
    }
    if (portions.length === 0) return [lazy(zeros(region.shape, { dtype: arrayOf(values[0]).dtype }))];
    const order = places.map((at) => at + BigInt(offsets.get(Math.floor(Number(at) / p.portion)) ?? 0));
    return [lazy(takeFrom(joinedAlong(portions, axis), array(order), axis))];
  },
  text: ({ axis }) => `collect along axis ${axis}`,
};

const taken = (x: Node, axis: number, places: Places, extent: number): OpNode =>
  resultsOf(
    operation(takeRow, { axis }, [x, held(places)]),
    [{ shape: replaced(x.shape, axis, places.length), dtype: x.dtype }],
    replaced(x.chunks, axis, extent),
  )[0];

/** Elements of a node at positions along an axis, each from 0 to its length. */
export function take(x: Node, axis: number, places: Places): OpNode {
  const own = x.chunks[axis];
  const extent = Math.max(1, Math.min(own, places.length));
  let near = true;
  for (let i = 0; i < places.length && near; i += extent) {
    const [a, b] = hull(places, i, Math.min(places.length, i + extent));
    near = b - a <= 2 * own;
  }
  if (near) return taken(x, axis, places, extent);

  const blocks = Math.ceil(x.shape[axis] / own);
  const counts = new Int32Array(blocks);
  for (const at of places) counts[Number(at / BigInt(own))]++;
  // Portions of each block of the operand, of `extent` elements each.
  const first = new Int32Array(blocks);
  let portions = 0;
  counts.forEach((n, b) => {
    first[b] = portions;
    portions += Math.ceil(n / extent);
  });
  const dealt = new BigInt64Array(portions * extent);
  const at = new BigInt64Array(places.length);
  const next = Int32Array.from(first, (f) => f * extent);
  places.forEach((place, i) => {
    const b = Number(place / BigInt(own));
    at[i] = BigInt(next[b]);
    dealt[next[b]++] = place;
  });
  // What a portion has too many repeats its last.
  next.forEach((end, b) => {
    if (counts[b] > 0) dealt.fill(dealt[end - 1], end, Math.ceil(end / extent) * extent);
  });
  const p: Collect = { axis, portion: extent };
  const deep = taken(x, axis, dealt, extent);
  let most = 1;
  for (let i = 0; i < at.length; i += extent) {
    most = Math.max(most, partsOf(at, p, i, Math.min(at.length, i + extent)).size);
  }
  const inputs: Node[] = [...new Array<Node>(most).fill(deep), held(at)];
  const results = [{ shape: replaced(x.shape, axis, places.length), dtype: x.dtype }];
  return resultsOf(operation(collectRow, p, inputs), results, deep.chunks)[0];
}
