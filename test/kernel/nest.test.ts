// The odometer around runs against nested loops: random dimensions, steps of either sign and zero, three operands.

import { describe, expect, it } from 'vitest';
import { laneNumber, load } from '../../src/kernel/builder.ts';
import { addMap } from '../../src/kernel/wasm/map.ts';
import { nestWords } from '../../src/kernel/wasm/nest.ts';
import type { OperandSpec } from '../../src/kernel/wasm/operands.ts';
import { allocate, primarySegment } from '../../src/memory/allocate.ts';
import type { Storage } from '../../src/memory/storage.ts';
import { compiled } from './_machine.ts';
import { Random, seeds } from './_random.ts';

const ITEM = 4;
const words = (s: Storage): Int32Array => primarySegment().i32.subarray(s.ptr / 4, (s.ptr + s.nbytes) / 4);

/** Elements between neighbours of each dimension (last = innermost), the span they cover, and where element 0 is. */
interface Walk {
  readonly steps: readonly number[];
  readonly origin: number;
  readonly span: number;
}

function walk(extents: readonly number[], steps: readonly number[]): Walk {
  let [low, high] = [0, 0];
  extents.forEach((n, d) => {
    const reach = Math.max(0, n - 1) * steps[d];
    if (reach < 0) low += reach;
    else high += reach;
  });
  return { steps, origin: -low, span: high - low + 1 };
}

/** Steps that visit every element of an output once: a shuffled, flipped, spread-out row-major order. */
function outputSteps(r: Random, extents: readonly number[], contiguous: boolean): number[] {
  const order = extents.map((_, d) => d);
  if (!contiguous) order.sort(() => r.next() - 0.5);
  const steps = extents.map(() => 0);
  let step = 1;
  for (const d of order.reverse()) {
    const spread = d === extents.length - 1 && contiguous ? 1 : 1 + r.below(2);
    steps[d] = step * spread * (r.chance(0.3) && !(d === extents.length - 1 && contiguous) ? -1 : 1);
    step *= spread * Math.max(1, extents[d]);
  }
  return steps;
}

const kernels = new Map<string, ReturnType<typeof compiled>>();
function kernelFor(specs: readonly OperandSpec[], numbered: boolean) {
  const key = JSON.stringify([specs, numbered]);
  const sum = load(0, 0, 'i32')
    .mul(3)
    .add(load(1, 0, 'i32'));
  const body = [(numbered ? sum.add(laneNumber().mul(1000)) : sum).node];
  const made =
    kernels.get(key) ??
    compiled((module, tableAddress) =>
      addMap(module, { inputs: specs.slice(0, 2), outputs: specs.slice(2), params: [], body, tableAddress }),
    );
  kernels.set(key, made);
  return made;
}

function check(seed: number): void {
  const r = new Random(seed);
  const extents = Array.from({ length: 1 + r.below(5) }, () => 1 + r.below(5));
  extents[extents.length - 1] = r.below(40);
  const inner = extents.length - 1;
  const layouts = [r.pick(['contiguous', 'strided', 'uniform'] as const), r.pick(['contiguous', 'strided'] as const)];
  const specs: OperandSpec[] = [layouts[0], layouts[1], r.pick(['contiguous', 'strided'] as const)].map((layout) => ({
    lane: 'i32',
    parts: 1,
    layout,
  }));
  const walks = specs.map((s, k) => {
    const steps =
      k === 2
        ? outputSteps(r, extents, s.layout === 'contiguous')
        : extents.map(() => r.pick([0, 1, -1, 2, -3, 5, 11]));
    if (s.layout === 'contiguous') steps[inner] = 1;
    if (s.layout === 'uniform') steps[inner] = 0;
    return walk(extents, steps);
  });
  const storages = walks.map((w) => allocate(w.span * ITEM, true));
  for (const s of storages.slice(0, 2)) {
    const all = words(s);
    for (let i = 0; i < all.length; i++) all[i] = r.below(1 << 20);
  }
  const numbered = r.chance(0.3);
  const before = words(storages[2]).slice();
  const at = (w: Walk, index: readonly number[]): number => index.reduce((sum, i, d) => sum + i * w.steps[d], w.origin);
  // the oracle: nested loops in C order
  const index = extents.map(() => 0);
  const total = extents.reduce((p, n) => p * n, 1);
  for (let k = 0; k < total; k++) {
    const [a, b] = [0, 1].map((o) => words(storages[o])[at(walks[o], index)]);
    before[at(walks[2], index)] = (Math.imul(a, 3) + b + (numbered ? k * 1000 : 0)) | 0;
    for (let d = inner; d >= 0 && ++index[d] === extents[d]; d--) index[d] = 0;
  }
  const outer = extents.slice(0, -1).reverse();
  const descriptor = allocate(nestWords(outer.length, 3) * 4, false);
  primarySegment().i32.set(
    [
      outer.length,
      extents[inner],
      ...walks.map((w, k) => storages[k].ptr + w.origin * ITEM),
      ...walks.map((w) => w.steps[inner] * ITEM),
      ...outer.flatMap((n, j) => {
        const d = inner - 1 - j;
        return [n, 0, ...walks.map((w) => w.steps[d] * ITEM), ...walks.map((w) => w.steps[d] * n * ITEM)];
      }),
    ],
    descriptor.ptr / 4,
  );
  kernelFor(specs, numbered).nest(descriptor.ptr, ...(numbered ? [0] : []));
  const got = words(storages[2]).slice();
  if (!Buffer.from(got.buffer).equals(Buffer.from(before.buffer)))
    expect.fail(
      `extents ${extents}, layouts ${specs.map((s) => s.layout)}, steps ${walks.map((w) => `[${w.steps}]`)}, numbered ${numbered}\nKERNEL_SEED=${seed} npx vitest run test/kernel/nest.test.ts`,
    );
  for (const s of [...storages, descriptor]) s.dispose();
}

describe('nest', () => {
  it('visits what nested loops visit', { timeout: 60_000 }, () => {
    for (const seed of seeds(3000)) check(seed);
  });
});
