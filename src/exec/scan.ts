// Running reductions along one axis (cumsum, cumprod …): strictly left to right. Along memory with a scalar kernel that
// carries the state, across memory row by row with the elementwise kernel. An output that does not move along the axis
// keeps the last state alone: a reduction from left to right.

import { dtypes } from '../dtype/dtype.ts';
import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce } from '../shape/coalesce.ts';
import { type ArrayBase, newArray } from './array_base.ts';
import type { Reducer } from './monoid.ts';
import { eachOuter, layoutOf, nest, runLoops, SLICE } from './run.ts';
import { layoutCodes, operandCode } from './ufunc.ts';

/** The running states of a resident array along `axis`, C-contiguous, of the state's dtype. */
export function scanStates(reducer: Reducer, a: ArrayBase, axis: number): ArrayBase {
  const out = newArray(a.shape, reducer.monoid.state);
  scanInto(reducer, a, axis, out);
  return out;
}

/** How a scan starts, and what takes part in it. */
export interface ScanChoice {
  /** `out` holds the states to go on from; without it the first elements are the first states. */
  readonly started?: boolean;
  /** Elements that take part, of the array's shape (strides may be 0); only for scans that are started. */
  readonly mask?: ArrayBase;
}

/** Writes the running states to `out`, a resident array of the state's dtype and the shape of `a`. */
export function scanInto(reducer: Reducer, a: ArrayBase, axis: number, out: ArrayBase, choice: ScanChoice = {}): void {
  if (a.size === 0) return;
  const { mask, started = false } = choice;
  const n = a.shape[axis];
  const rest = (list: readonly number[]): number[] => list.filter((_, d) => d !== axis);
  const arrays = mask === undefined ? [a, out] : [a, out, mask];
  const others = coalesce(
    rest(a.shape),
    arrays.map((x) => rest(broadcastStrides(x.shape, x.strides, x.shape))),
  );
  const along = arrays.map((x) => x.strides[axis]);
  const addresses = arrays.map((x) => x.storage.ptr + x.offset);
  const last = others.shape.length - 1;
  const leads = along[1] === 0 ? 0 : 1; // a result that does not move says nothing of memory
  const rowsOfMany = others.shape[last] >= 4 && Math.abs(along[leads]) > Math.abs(others.strides[leads][last]);
  if (rowsOfMany || mask !== undefined) across(reducer, a, n, others, along, addresses, started);
  else runs(reducer, a, n, others, along, addresses, started);
  for (const x of arrays) keepAlive(x.storage);
}

type Loops = ReturnType<typeof coalesce>;

function runs(
  reducer: Reducer,
  a: ArrayBase,
  n: number,
  others: Loops,
  along: readonly number[],
  addresses: readonly number[],
  started: boolean,
): void {
  const segment = primarySegment();
  const { state } = reducer.monoid;
  const code = layoutOf(along[0], a.dtype.itemsize, n);
  // An output that does not move is strided even for one element: `resume` looks back by its stride.
  const outLayout = along[1] !== 0 && layoutOf(along[1], state.itemsize, n) === layoutCodes.contiguous ? 0 : 1;
  const kernel = reducer.scans([operandCode(a.dtype, code)], outLayout).at(segment);
  const steps: number[] = [];
  if (code === layoutCodes.strided) steps.push(along[0]);
  if (outLayout === 1) steps.push(along[1]);
  if (!started && n <= SLICE && (others.shape.length > 1 || others.shape[0] > 1)) {
    nest(kernel, others.shape, others.strides, others.shape.length, addresses, along, n, []);
    return;
  }
  eachOuter(others.shape, others.strides, others.shape.length, addresses, (at) => {
    for (let done = 0; done < n; done += SLICE) {
      const run = done === 0 && !started ? kernel.run : kernel.resume;
      run(Math.min(SLICE, n - done), at[0] + done * along[0], at[1] + done * along[1], ...steps);
    }
  });
}

// out[0] = value(x[0]), then out[i] = step(out[i - 1], x[i]) for whole rows, in order; where a mask lets them through.
function across(
  reducer: Reducer,
  a: ArrayBase,
  n: number,
  others: Loops,
  along: readonly number[],
  addresses: readonly number[],
  started: boolean,
): void {
  const segment = primarySegment();
  const { state } = reducer.monoid;
  const last = others.shape.length - 1;
  const m = others.shape[last];
  const [x, y, mask] = others.strides;
  const cx = layoutOf(x[last], a.dtype.itemsize, m);
  const cy = layoutOf(y[last], state.itemsize, m);
  const [input, output] = [operandCode(a.dtype, cx), operandCode(state, cy)];
  if (!started) {
    const first = reducer.value.kernel([input, output], false);
    runLoops(first, segment, others, { addresses, itemsizes: [a.dtype.itemsize, state.itemsize], codes: [cx, cy] }, []);
  }
  const skipped = started ? 0 : 1;
  if (n === skipped) return;
  const rows = [
    { at: addresses[1] + (skipped - 1) * along[1], along: along[1], strides: y, code: cy, dtype: state },
    { at: addresses[0] + skipped * along[0], along: along[0], strides: x, code: cx, dtype: a.dtype },
  ];
  if (mask !== undefined) {
    const code = layoutOf(mask[last], 1, m);
    rows.push({ at: addresses[2] + skipped * along[2], along: along[2], strides: mask, code, dtype: dtypes.bool });
  }
  rows.push({ ...rows[0], at: addresses[1] + skipped * along[1] });
  const step = mask === undefined ? reducer.step : reducer.chosenStep;
  runLoops(
    step.kernel(
      rows.map((r) => operandCode(r.dtype, r.code)),
      false,
    ),
    segment,
    { shape: [n - skipped, ...others.shape], strides: rows.map((r) => [r.along, ...r.strides]) },
    {
      addresses: rows.map((r) => r.at),
      itemsizes: rows.map((r) => r.dtype.itemsize),
      codes: rows.map((r) => r.code),
    },
    [],
    true,
  );
}
