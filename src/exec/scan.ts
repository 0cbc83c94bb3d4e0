// Running reductions along one axis (cumsum, cumprod …): strictly left to right. Along memory with a scalar kernel that
// carries the state, across memory row by row with the elementwise kernel.

import { keepAlive, primarySegment } from '../memory/allocate.ts';
import { broadcastStrides } from '../shape/broadcast.ts';
import { coalesce } from '../shape/coalesce.ts';
import { type ArrayBase, newArray } from './array_base.ts';
import type { Reducer } from './monoid.ts';
import { eachOuter, layoutOf, nest, runLoops, SLICE } from './run.ts';
import { layoutCodes, operandCode } from './ufunc.ts';

/** The running states of a resident array along `axis`, C-contiguous, of the state's dtype. */
export function scanStates(reducer: Reducer, a: ArrayBase, axis: number): ArrayBase {
  const { state } = reducer.monoid;
  const out = newArray(a.shape, state);
  if (out.size === 0) return out;
  const n = a.shape[axis];
  const rest = (list: readonly number[]): number[] => list.filter((_, d) => d !== axis);
  const others = coalesce(rest(a.shape), [rest(broadcastStrides(a.shape, a.strides, a.shape)), rest(out.strides)]);
  const along = [a.strides[axis], out.strides[axis]];
  const addresses = [a.storage.ptr + a.offset, out.storage.ptr + out.offset];
  const last = others.shape.length - 1;
  if (others.shape[last] >= 4 && Math.abs(along[1]) > Math.abs(others.strides[1][last]))
    across(reducer, a, n, others, along, addresses);
  else runs(reducer, a, n, others, along, addresses);
  keepAlive(a.storage);
  return out;
}

type Loops = ReturnType<typeof coalesce>;

function runs(
  reducer: Reducer,
  a: ArrayBase,
  n: number,
  others: Loops,
  along: readonly number[],
  addresses: readonly number[],
): void {
  const segment = primarySegment();
  const { state } = reducer.monoid;
  const code = layoutOf(along[0], a.dtype.itemsize, n);
  const outLayout = layoutOf(along[1], state.itemsize, n) === layoutCodes.contiguous ? 0 : 1;
  const kernel = reducer.scans([operandCode(a.dtype, code)], outLayout).at(segment);
  const steps: number[] = [];
  if (code === layoutCodes.strided) steps.push(along[0]);
  if (outLayout === 1) steps.push(along[1]);
  if (n <= SLICE && (others.shape.length > 1 || others.shape[0] > 1)) {
    nest(kernel, others.shape, others.strides, others.shape.length, addresses, along, n, []);
    return;
  }
  eachOuter(others.shape, others.strides, others.shape.length, addresses, (at) => {
    for (let done = 0; done < n; done += SLICE) {
      const run = done === 0 ? kernel.run : kernel.resume;
      run(Math.min(SLICE, n - done), at[0] + done * along[0], at[1] + done * along[1], ...steps);
    }
  });
}

// out[0] = value(x[0]), then out[i] = step(out[i - 1], x[i]) for whole rows, in order.
function across(
  reducer: Reducer,
  a: ArrayBase,
  n: number,
  others: Loops,
  along: readonly number[],
  addresses: readonly number[],
): void {
  const segment = primarySegment();
  const { state } = reducer.monoid;
  const last = others.shape.length - 1;
  const m = others.shape[last];
  const [x, y] = others.strides;
  const cx = layoutOf(x[last], a.dtype.itemsize, m);
  const cy = layoutOf(y[last], state.itemsize, m);
  const first = reducer.value.kernel([operandCode(a.dtype, cx), operandCode(state, cy)], false);
  runLoops(first, segment, others, { addresses, itemsizes: [a.dtype.itemsize, state.itemsize], codes: [cx, cy] }, []);
  if (n === 1) return;
  const codes = [cy, cx, cy];
  const step = reducer.step.kernel([operandCode(state, cy), operandCode(a.dtype, cx), operandCode(state, cy)], false);
  const loops = {
    shape: [n - 1, ...others.shape],
    strides: [
      [along[1], ...y],
      [along[0], ...x],
      [along[1], ...y],
    ],
  };
  runLoops(
    step,
    segment,
    loops,
    {
      addresses: [addresses[1], addresses[0] + along[0], addresses[1] + along[1]],
      itemsizes: [state.itemsize, a.dtype.itemsize, state.itemsize],
      codes,
    },
    [],
    true,
  );
}
