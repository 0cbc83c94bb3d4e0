// Two arrays of one shape merged element by element: a₀ b₀ a₁ b₁ … In the words of a map kernel this is a complex result
// whose parts are the arrays, so that registers are shuffled and nothing is stored with a stride.

import type { Lane } from '../dtype/dtype.ts';
import { load } from '../kernel/builder.ts';
import { type Kernel, kernelOf } from '../kernel/compile.ts';
import { addMap } from '../kernel/wasm/map.ts';
import { keepAlive } from '../memory/allocate.ts';
import type { ArrayBase } from './array_base.ts';
import { isResident } from './copy.ts';
import { runLong } from './run.ts';

const lanes: Readonly<Record<number, Lane>> = { 1: 'u8', 2: 'u16', 4: 'u32', 8: 'u64' };

function kernelFor(lane: Lane): Kernel {
  return kernelOf(`interleave:${lane}`, (module, tableAddress) => {
    const part = { lane, parts: 1, layout: 'contiguous' } as const;
    addMap(module, {
      inputs: [part, part],
      outputs: [{ lane, parts: 2, layout: 'contiguous' }],
      params: [],
      body: [load(0, 0, lane).node, load(1, 0, lane).node],
      tableAddress,
    });
  });
}

/** Can `a` and `b` be merged into `to` as they lie? All contiguous in the heap, of one dtype of at most 8 bytes. */
export function canInterleave(a: ArrayBase, b: ArrayBase, to: ArrayBase): boolean {
  return (
    a.dtype === to.dtype &&
    b.dtype === to.dtype &&
    to.dtype.itemsize in lanes &&
    a.contiguous &&
    b.contiguous &&
    to.contiguous &&
    isResident(a) &&
    isResident(b) &&
    isResident(to)
  );
}

/** Writes the elements of `a` and `b` alternately into `to`, which has twice as many and overlaps neither. */
export function interleave(a: ArrayBase, b: ArrayBase, to: ArrayBase): void {
  const { itemsize } = to.dtype;
  const at = [a.storage.ptr + a.offset, b.storage.ptr + b.offset, to.storage.ptr + to.offset];
  runLong(kernelFor(lanes[itemsize]), a.size, at, [itemsize, itemsize, 2 * itemsize], []);
  keepAlive(a.storage);
  keepAlive(b.storage);
}
