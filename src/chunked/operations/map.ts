// Functions of the user, block by block: of the same rectangle of several operands, with neighbours on all sides where they
// are asked for. What a function gives is checked; an error in it says where it happened.

import { asarray } from '../../array/creation.ts';
import type { NDArray } from '../../array/ndarray.ts';
import { ArgumentError, DTypeError, EstimateError, OrthantError, ShapeError } from '../../base/errors.ts';
import { asDType, type DTypeName } from '../../dtype/dtype.ts';
import { isScalar } from '../../dtype/scalars.ts';
import type { Region } from '../../io/store.ts';
import { lazy } from '../../lazy/lazy.ts';
import { estimating } from '../../memory/allocate.ts';
import { formatShape, sameShape } from '../../shape/strides.ts';
import { type Grid, gridOf, placeOf, regionOf, regionText } from '../grid.ts';
import { type Node, type OperationRow, type OpNode, operation, resultsOf } from '../node.ts';
import { blocksIn, meeting, slicesOf } from '../region.ts';
import { broadcastRegion } from './elementwise.ts';
import { arrayOf, joinedAlong } from './pieces.ts';

/** Where a block stands. */
export interface BlockPlace {
  /** The rectangle of the result that it is. */
  readonly region: Region;
  /** Its place in the grid, per axis. */
  readonly block: readonly number[];
}

/** A function of the blocks of operands. */
export type BlockFunction = (...args: [...blocks: NDArray[], place: BlockPlace]) => unknown;

export interface Mapping {
  readonly fn: BlockFunction;
  readonly name: string;
  readonly dtype: DTypeName;
  /** Shape and blocks of the result. */
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  /** Shape and blocks of the operands together; the result's unless blocks change their shape. */
  readonly from: { readonly shape: readonly number[]; readonly chunks: readonly number[] } | undefined;
  /** Shapes of the operands. */
  readonly inputs: readonly (readonly number[])[];
  /** Elements on both sides that a block gets besides its own, per axis. */
  readonly depth: readonly number[] | undefined;
}

const grids = new WeakMap<Mapping, { readonly of: Grid; readonly from: Grid }>();
function gridsOf(p: Mapping): { readonly of: Grid; readonly from: Grid } {
  let found = grids.get(p);
  if (found === undefined) {
    const of = gridOf(p.shape, p.chunks);
    found = { of, from: p.from === undefined ? of : gridOf(p.from.shape, p.from.chunks) };
    grids.set(p, found);
  }
  return found;
}

/** The rectangle of whole blocks around a rectangle. */
function wholeBlocks(grid: Grid, blocks: readonly number[]): Region {
  const first = regionOf(grid, blocks[0]);
  const last = regionOf(grid, blocks[blocks.length - 1]);
  return { start: first.start, shape: first.start.map((s, d) => last.start[d] + last.shape[d] - s) };
}

const grown = ({ start, shape }: Region, depth: readonly number[] | undefined): Region =>
  depth === undefined ? { start, shape } : { start, shape: shape.map((n, d) => n + 2 * depth[d]) };

function called(p: Mapping, arrays: readonly NDArray[], region: Region, block: readonly number[]): NDArray {
  const at = `block (${block.join(', ')}), elements [${regionText(region)}]`;
  let given: unknown;
  try {
    given = p.fn(...([...arrays, { region, block }] as never)); // the arrays, then the place
  } catch (error) {
    if (error instanceof EstimateError) throw error;
    const what = error instanceof OrthantError ? error.what : error instanceof Error ? error.message : String(error);
    const made = new ArgumentError(`${p.name} failed at ${at}: ${what}`, 'see the cause', { region, block });
    made.cause = error;
    throw made;
  }
  const facts = { region, block };
  if (given instanceof Promise)
    throw new ArgumentError(`${p.name} at ${at}: the function is async`, 'compute synchronously', facts);
  const made = isScalar(given) ? asarray(given) : asarray(given as NDArray); // anything array-like
  const depth = p.depth;
  const trimmed =
    depth !== undefined && sameShape(made.shape, grown(region, depth).shape)
      ? made.get(...region.shape.map((n, d) => `${depth[d]}:${depth[d] + n}`))
      : made;
  if (!sameShape(trimmed.shape, region.shape)) {
    throw new ShapeError(
      `${p.name} at ${at}: a result of shape ${formatShape(made.shape)} where ${formatShape(region.shape)} is due`,
      'give a block of the shape that was asked for, or say { shape, chunks } of the result',
      facts,
    );
  }
  const dtype = asDType(p.dtype);
  if (trimmed.dtype === dtype) return trimmed;
  if (trimmed.dtype.kind === 'c' && dtype.kind !== 'c') {
    throw new DTypeError(
      `${p.name} at ${at}: a result of ${trimmed.dtype.name}, not ${p.dtype}`,
      `say { dtype: '${trimmed.dtype.name}' }`,
      facts,
    );
  }
  return trimmed.astype(dtype);
}

export const mapRow: OperationRow<Mapping> = {
  name: 'map of blocks',
  eager: true,
  local: true,
  needs(p, region, inputs) {
    const { of, from } = gridsOf(p);
    const whole = grown(wholeBlocks(from, blocksIn(of, region)), p.depth);
    return inputs.map((x) => broadcastRegion(whole, x.shape));
  },
  apply(p, values, region, needed) {
    if (estimating()) throw new EstimateError(`${p.name}: what a function takes is not known`, 'nothing', {});
    const { of, from } = gridsOf(p);
    const blocks = blocksIn(of, region);
    const arrays = values.map(arrayOf);
    const made = blocks.map((block) => {
      const given = grown(regionOf(from, block), p.depth);
      const own = arrays.map((a, i) => {
        const part = broadcastRegion(given, p.inputs[i]);
        return part.start.length === 0 ? a : a.get(...slicesOf(part, needed[i].start));
      });
      return { region: regionOf(of, block), values: called(p, own, regionOf(of, block), placeOf(of, block)) };
    });
    return [lazy(put(made, region))];
  },
  text: (p) => p.name,
};

// Blocks of a grid, in order, put together to a rectangle.
function put(made: readonly { readonly region: Region; readonly values: NDArray }[], region: Region): NDArray {
  const parts = made.map((m) => {
    const own = meeting(m.region, region);
    const slices = slicesOf(own, m.region.start);
    return { at: own.start, values: slices.length === 0 ? m.values : m.values.get(...slices) };
  });
  let rows = parts;
  for (let d = region.shape.length - 1; d >= 0; d--) {
    const groups = new Map<string, typeof rows>();
    for (const part of rows) {
      const key = part.at.slice(0, d).join();
      groups.set(key, [...(groups.get(key) ?? []), part]);
    }
    rows = [...groups.values()].map((g) => ({
      at: g[0].at.slice(0, d),
      values: joinedAlong(
        g.map((x) => x.values),
        d,
      ),
    }));
  }
  return rows[0].values;
}

/** What a function gives of the blocks of nodes that broadcast to one shape. */
export const mapped = (p: Mapping, inputs: readonly Node[]): OpNode =>
  resultsOf(operation(mapRow, p, inputs), [{ shape: p.shape, dtype: asDType(p.dtype) }], p.chunks)[0];
