// Runs a loop on settled operands, wherever they lie and however they overlap: staging, layouts, the mask, faults. What
// a call means was decided before (call.ts); nothing is refused here.

import { dtypes } from '../dtype/dtype.ts';
import { keepAlive, primarySegment, within } from '../memory/allocate.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce } from '../shape/coalesce.ts';
import { mayOverlap, sameLayout, solveOverlap } from '../shape/overlap.ts';
import { sizeOf } from '../shape/strides.ts';
import { type ArrayBase, newArray, newResult } from './array_base.ts';
import { copyInto, copyOf, heapCopy, isResident } from './copy.ts';
import type { Errors } from './errstate/state.ts';
import { layoutOf, runLoops } from './run.ts';
import { eachTile, homeOf, tileSize } from './tiles.ts';
import { runTurned, turnedInputs } from './turned.ts';
import { type Loop, layoutCodes, operandCode } from './ufunc.ts';

export const place = (a: ArrayBase) => ({
  offset: a.storage.ptr + a.offset,
  shape: a.shape,
  strides: a.strides,
  itemsize: a.dtype.itemsize,
});

export const sameMemory = (a: ArrayBase, b: ArrayBase): boolean =>
  a.storage.segment === b.storage.segment && a.storage.host === b.storage.host;

/** Would writing `out` element by element change what is still to be read of `input`? */
export function clashes(input: ArrayBase, out: ArrayBase): boolean {
  if (!sameMemory(input, out)) return false;
  const a = place(input);
  const b = place(out);
  if (!mayOverlap(a, b)) return false;
  if (sameLayout(a, b)) return false;
  return solveOverlap(a, b);
}

/** Do two arrays share bytes, in whatever layout? */
export const overlaps = (a: ArrayBase, b: ArrayBase): boolean => sameMemory(a, b) && mayOverlap(place(a), place(b));

const mayThrow = (
  loop: Loop,
  arrays: readonly (ArrayBase | undefined)[],
  results: readonly ArrayBase[],
  { raising }: Errors,
): boolean => {
  const codes = arrays.map((a, i) => operandCode(a?.dtype ?? loop.types.ins[i], 0));
  for (const r of results) codes.push(operandCode(r.dtype, 0));
  return (loop.possible(codes) & raising) !== 0;
};

/**
 * Runs a loop on settled operands (undefined = scalar parameter); results may be anywhere and may overlap inputs. Returns
 * the bits of the faults met among those that `errors` asks for; where one of them throws, results that are the user's
 * (`theirs`) are as they were.
 */
export function execute(
  loop: Loop,
  arrays: readonly (ArrayBase | undefined)[],
  mask: ArrayBase | undefined,
  results: readonly ArrayBase[],
  shape: readonly number[],
  params: (number | bigint)[],
  errors?: Errors,
  theirs = false,
): number {
  const places = [...arrays, mask, ...results];
  if (places.some((a) => a !== undefined && !isResident(a))) {
    const home = homeOf(places);
    if (home !== primarySegment()) {
      return within(home, () => execute(loop, arrays, mask, results, shape, params, errors, theirs));
    }
    if (places.some((a) => a !== undefined && !isResident(a) && a.size > tileSize()) || sizeOf(shape) > tileSize()) {
      return inTiles(loop, arrays, mask, results, shape, params, errors, theirs);
    }
  }
  const staged: ArrayBase[] = [];
  const apartCopy = (a: ArrayBase): ArrayBase => {
    const copy = heapCopy(a);
    staged.push(copy);
    return copy;
  };
  const safe = (a: ArrayBase): ArrayBase => (!isResident(a) || results.some((r) => clashes(a, r)) ? apartCopy(a) : a);
  const inputs = arrays.map((a) => (a === undefined ? undefined : safe(a)));
  const where = mask === undefined ? undefined : safe(mask);
  // Results that two outputs share, or that are not in the heap, are computed apart and copied over; so are those that
  // must stay as they are if a fault throws.
  const apart = errors !== undefined && errors.raising !== 0 && theirs && mayThrow(loop, arrays, results, errors);
  const targets = results.map((r, i) => {
    const direct =
      !apart && isResident(r) && results.every((other, j) => j === i || !clashes(other, r)) && results.indexOf(r) === i;
    if (direct) return r;
    return where === undefined ? newArray(r.shape, r.dtype) : heapCopy(r);
  });
  const all: ArrayBase[] = [];
  for (const a of inputs) if (a !== undefined) all.push(a);
  if (where !== undefined) all.push(where, ...targets);
  all.push(...targets);
  const loops = coalesce(
    shape,
    all.map((a) => broadcastStrides(a.shape, a.strides, shape)),
  );
  const n = loops.shape[loops.shape.length - 1];
  const last = loops.shape.length - 1;
  const itemsizes = all.map((a) => a.dtype.itemsize);
  const turned = turnedInputs(loops, itemsizes, all.length - targets.length);
  const codes = all.map((a, k) =>
    turned?.[k] ? layoutCodes.contiguous : layoutOf(loops.strides[k][last], a.dtype.itemsize, n),
  );
  const keyed: number[] = [];
  let k = 0;
  arrays.forEach((a, i) => {
    keyed.push(
      a === undefined ? operandCode(loop.types.ins[i], layoutCodes.parameter) : operandCode(all[k].dtype, codes[k++]),
    );
  });
  const firstOut = all.length - targets.length;
  targets.forEach((t, i) => {
    keyed.push(operandCode(t.dtype, codes[firstOut + i]));
  });
  if (where !== undefined) keyed.push(operandCode(dtypes.bool, codes[k]));
  const at = {
    addresses: all.map((a) => a.storage.ptr + a.offset),
    itemsizes,
    codes,
  };
  const wanted = errors?.wanted ?? 0;
  const run = (plain: boolean): number => {
    const kernel = loop.kernel(keyed, where !== undefined, wanted, plain);
    if (turned !== undefined) return runTurned(kernel, primarySegment(), loops, at, turned, params);
    return runLoops(kernel, primarySegment(), loops, at, params);
  };
  // A plain look first: what is suspicious mostly was so in the operands. Not where results replace them.
  const inPlace = wanted !== 0 && inputs.some((a) => a !== undefined && targets.some((t) => overlaps(a, t)));
  let met = inPlace ? 0 : run(true);
  if (inPlace || met) met = run(false);
  for (const a of all) keepAlive(a.storage);
  if (errors !== undefined && (met & errors.raising) !== 0) return met;
  targets.forEach((t, i) => {
    if (t === results[i]) return;
    copyInto(t, results[i]);
    t.storage.dispose();
  });
  for (const a of staged) a.storage.dispose();
  return met;
}

/** The same for large operands that lie in several places: tile by tile, each of them brought together. */
function inTiles(
  loop: Loop,
  arrays: readonly (ArrayBase | undefined)[],
  mask: ArrayBase | undefined,
  results: readonly ArrayBase[],
  shape: readonly number[],
  params: (number | bigint)[],
  errors: Errors | undefined,
  theirs: boolean,
): number {
  const staged: ArrayBase[] = [];
  // What a result would overwrite before it is read lies apart; so does what is small and read over and over.
  const safe = (a: ArrayBase | undefined): ArrayBase | undefined => {
    if (a === undefined) return undefined;
    const small = !isResident(a) && a.size <= tileSize() && a.size < sizeOf(shape);
    if (!small && !results.some((r) => clashes(a, r))) return a;
    const copy = small ? heapCopy(a) : copyOf(a);
    staged.push(copy);
    return copy;
  };
  const inputs = arrays.map(safe);
  const where = safe(mask);
  const targets = results.map((r, i) => {
    if (results.indexOf(r) === i && results.every((other, j) => j === i || !clashes(other, r))) return r;
    return where === undefined ? newResult(r.shape, r.dtype) : copyOf(r);
  });
  const along = [...targets, ...inputs.flatMap((a) => (a === undefined ? [] : [a]))];
  along.sort((a, b) => Number(isResident(a)) - Number(isResident(b)));
  const run = (writes: boolean): number => {
    let met = 0;
    eachTile(shape, along, (tile) => {
      const part = (a: ArrayBase | undefined): ArrayBase | undefined => (a === undefined ? undefined : tile(a));
      const parts = targets.map((t) => (writes ? tile(t) : newArray(tile(t).shape, t.dtype)));
      met |= execute(loop, inputs.map(part), part(where), parts, parts[0].shape, params, errors);
      if (!writes) for (const p of parts) p.storage.dispose();
    });
    return met;
  };
  // Where a fault may throw, a first round writes nothing that lasts.
  const raising = errors?.raising ?? 0;
  let met = errors !== undefined && raising !== 0 && theirs && mayThrow(loop, arrays, results, errors) ? run(false) : 0;
  if ((met & raising) === 0) {
    met = run(true);
    targets.forEach((t, i) => {
      if (t !== results[i]) copyInto(t, results[i]);
    });
  }
  for (const a of staged) a.storage.dispose();
  return met;
}
