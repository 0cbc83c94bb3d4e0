// Elements from and to positions: gathers and scatters over any shape, layout and number of index arrays. The loops are
// those of an elementwise call in which one operand is reached through others. Bounds are checked while gathering into
// fresh memory, and before the first element is stored when scattering.

import { IndexError } from '../../base/errors.ts';
import type { DType } from '../../dtype/dtype.ts';
import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import { addBounds, addMove, type IndexLane } from '../../kernel/indexing/moves.ts';
import { keepAlive, primarySegment, Standing } from '../../memory/allocate.ts';
import { broadcastStrides } from '../../shape/broadcast.ts';
import { coalesce, type Loops } from '../../shape/coalesce.ts';
import type { View } from '../../shape/selection.ts';
import { sizeOf } from '../../shape/strides.ts';
import { type ArrayBase, newArray, rawView } from '../array_base.ts';
import { heapCopy } from '../copy.ts';
import { isShort, turned } from '../copy_loops.ts';
import { overlaps } from '../execute.ts';
import { layoutOf, runLoops } from '../run.ts';

/** Positions along one axis of the indexed array: contiguous, in the heap, of an integer dtype. */
export interface Positions {
  readonly array: ArrayBase;
  /** In bytes, per dimension of the result. */
  readonly strides: readonly number[];
  /** The axis they index, for messages. */
  readonly axis: number;
  readonly size: number;
  /** Bytes from one position to the next in the indexed array. */
  readonly step: number;
}

/** One side of a move: where its first element is, and its strides over the result's dimensions. */
export interface Side {
  readonly address: number;
  readonly strides: readonly number[];
}

/** Largest rows that move as one element, in bytes. */
export const WIDEST = 64;

const flags = new Standing(64);

/** Address of the word that kernels report to, set to 0. */
export function flag(): number {
  const { ptr } = flags;
  primarySegment().i32[ptr >>> 2] = 0;
  return ptr;
}

const laneOf = (d: DType): IndexLane => d.lane as IndexLane; // of an integer dtype

const layoutNames = ['contiguous', 'strided', 'uniform'] as const; // by layout code

// Kernels by a number made of everything they depend on; an index of many arrays makes a text.
const known = new Map<number | string, Kernel>();
const MOST_NUMBERED = 6;

/** The kernel for elements of `item` bytes, positions of these dtypes, and layout codes of positions, array and plain. */
export function moveKernel(item: number, stores: boolean, of: readonly DType[], codes: readonly number[]): Kernel {
  let key: number | string = of.length;
  if (of.length <= MOST_NUMBERED) {
    key = (key * (WIDEST + 1) + item) * 2 + (stores ? 1 : 0);
    for (let k = 0; k < codes.length; k++) key = key * 4 + codes[k];
    for (let k = 0; k < of.length; k++) key = key * 16 + of[k].id;
  } else key = `${item}:${stores}:${of.map((d) => d.id)}:${codes}`;
  let found = known.get(key);
  if (found === undefined) {
    const lanes = of.map(laneOf);
    found = kernelOf(`move:${stores}:${item}:${lanes}:${codes}`, (module) => {
      addMove(module, {
        item,
        stores,
        indices: lanes.map((lane, j) => ({ lane, layout: layoutNames[codes[j]] })),
        array: layoutNames[codes[lanes.length]],
        plain: layoutNames[codes[lanes.length + 1]],
      });
    });
    known.set(key, found);
  }
  return found;
}

// Short rows that lie side by side in both become elements.
function widen(loops: Loops, indices: number, item: number): number {
  const last = loops.shape.length - 1;
  const bytes = loops.shape[last] * item;
  if (bytes > WIDEST || loops.shape[last] === 1) return item;
  for (let k = 0; k < loops.strides.length; k++) {
    if (loops.strides[k][last] !== (k < indices ? 0 : item)) return item;
  }
  loops.shape.pop();
  for (const s of loops.strides) s.pop();
  if (last === 0) {
    loops.shape.push(1);
    for (const s of loops.strides) s.push(0);
  }
  return bytes;
}

/**
 * Moves elements of `item` bytes over `shape` between an array indexed by positions and a plain one; whether all positions
 * were in bounds. Stores happen in C order of `shape`, so that of several to one place the last stays.
 */
export function move(
  shape: readonly number[],
  positions: readonly Positions[],
  array: Side,
  plain: Side,
  itemsize: number,
  stores: boolean,
): boolean {
  const indices = positions.length;
  const operands: (readonly number[])[] = [];
  for (let j = 0; j < indices; j++) operands.push(positions[j].strides);
  operands.push(array.strides, plain.strides);
  const loops = coalesce(shape, operands, stores ? inOrder : undefined);
  const item = widen(loops, indices, itemsize);
  if (loops.shape[loops.shape.length - 1] === 0) return true;
  const addresses: number[] = [];
  const itemsizes: number[] = [];
  const params: number[] = [];
  const of: DType[] = [];
  for (let j = 0; j < indices; j++) {
    const { array: a, size, step } = positions[j];
    addresses.push(a.storage.ptr + a.offset);
    itemsizes.push(a.dtype.itemsize);
    of.push(a.dtype);
    params.push(size, step);
  }
  addresses.push(array.address, plain.address);
  itemsizes.push(item, item);
  const at = flag();
  params.push(at);
  const segment = primarySegment();
  const run = (part: Loops, from: readonly number[]): void => {
    const last = part.shape.length - 1;
    const codes: number[] = [];
    for (let k = 0; k < itemsizes.length; k++)
      codes.push(layoutOf(part.strides[k][last], itemsizes[k], part.shape[last]));
    runLoops(moveKernel(item, stores, of, codes), segment, part, { addresses: from, itemsizes, codes }, params, stores);
  };
  if (stores || sizeOf(shape) < LEAST_TURNED || !isShort(loops)) run(loops, addresses);
  else {
    for (const { loops: part, skip } of turned(loops)) {
      run(
        part,
        addresses.map((address, k) => address + skip[k]),
      );
    }
  }
  for (let j = 0; j < indices; j++) keepAlive(positions[j].array.storage);
  return segment.i32[at >>> 2] === 0;
}

const inOrder = { keepOrder: true } as const;
/** Elements below which arranging loops anew costs more than short ones do. */
const LEAST_TURNED = 1024;

/** Are all of these positions in bounds? */
export function inBounds({ array, size }: Positions): boolean {
  const lane = laneOf(array.dtype);
  const at = flag();
  const segment = primarySegment();
  const { run } = kernelOf(`bounds:${lane}`, (module) => addBounds(module, lane)).at(segment);
  run(array.size, array.storage.ptr + array.offset, size, at);
  keepAlive(array.storage);
  return segment.i32[at >>> 2] === 0;
}

/** Throws for the first position out of bounds on the first axis. */
export const refused = (array: ArrayBase, size: number, where: string): never =>
  refusePositions([{ array, strides: array.strides, axis: 0, size, step: 0 }], where);

/** Throws for the first position that is out of bounds; `inBounds` said that there is one. */
export function refusePositions(positions: readonly Positions[], where: string): never {
  for (const { array, axis, size } of positions) {
    const all = rawView(array);
    for (let k = 0; k < all.length; k++) {
      const index = Number(all[k]);
      if (index >= -size && index < size) continue;
      const at: number[] = [];
      for (let d = array.ndim - 1, rest = k; d >= 0; d--) {
        at.unshift(rest % array.shape[d]);
        rest = Math.floor(rest / array.shape[d]);
      }
      const range = size === 0 ? 'the axis is empty' : `indices go from ${-size} to ${size - 1}`;
      throw new IndexError(
        `${where}: index ${index} is out of bounds on axis ${axis} of size ${size} (position ${at.length === 1 ? k : `(${at})`} of the index array)`,
        range,
        { index, axis, size, position: at },
      );
    }
  }
  throw new TypeError(`${where}: positions were refused for nothing`);
}

/** Refuses positions out of bounds before anything is written. */
export function checkPositions(positions: readonly Positions[], where: string): void {
  for (const p of positions) if (!inBounds(p)) refusePositions(positions, where);
}

const addressOf = (a: ArrayBase): number => a.storage.ptr + a.offset;

/**
 * What a view of a resident array holds at positions, as a new array or in `out`: of the view's shape, the array's dtype, in
 * the heap and apart from array and positions.
 * @throws IndexError for positions out of bounds; nothing is written then.
 */
export function gatherAt(
  a: ArrayBase,
  view: View,
  positions: readonly Positions[],
  where: string,
  out?: ArrayBase,
): ArrayBase {
  const to = out ?? newArray(view.shape, a.dtype);
  if (out !== undefined || to.size === 0) checkPositions(positions, where);
  if (to.size === 0) return to;
  const from = { address: a.storage.ptr + view.offset, strides: view.strides };
  const target = { address: addressOf(to), strides: to.strides };
  if (!move(view.shape, positions, from, target, a.dtype.itemsize, false)) refusePositions(positions, where);
  keepAlive(a.storage);
  return to;
}

/**
 * Stores values, of the array's dtype, in the heap and apart from it, broadcast to a view of it, at positions. Of several
 * values for one place the last stays.
 * @throws IndexError for positions out of bounds, before the first is stored.
 */
export function scatterAt(
  a: ArrayBase,
  view: View,
  given: readonly Positions[],
  values: ArrayBase,
  where: string,
): void {
  const positions = given.map((p) => (overlaps(p.array, a) ? { ...p, array: heapCopy(p.array) } : p));
  checkPositions(positions, where);
  const strides = broadcastStrides(values.shape, values.strides, view.shape, where);
  if (sizeOf(view.shape) === 0) return;
  const to = { address: a.storage.ptr + view.offset, strides: view.strides };
  move(view.shape, positions, to, { address: addressOf(values), strides }, a.dtype.itemsize, true);
  keepAlive(a.storage);
  keepAlive(values.storage);
}
