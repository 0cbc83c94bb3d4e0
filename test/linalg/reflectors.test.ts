// Householder reflectors: what `make` clears, near the least numbers too, and that one after another, from either side,
// they do what their block does.
import { afterEach, describe, expect, it } from 'vitest';
import { kernelOf } from '../../src/kernel/compile.ts';
import { applyBlockLeft, applyBlockRight, blockReflector } from '../../src/linalg/lapack/block_reflector.ts';
import { defineNumeric, type FieldName, fields } from '../../src/linalg/lapack/language.ts';
import { byColumns } from '../../src/linalg/lapack/level3.ts';
import { Reflectors } from '../../src/linalg/lapack/reflector.ts';
import { primarySegment, scratch } from '../../src/memory/allocate.ts';
import { fill, release, take, view } from './_operands.ts';

afterEach(release);

const names = Object.keys(fields) as FieldName[]; // Object.keys forgets literal keys
const parts = (name: FieldName): number => (fields[name].complex ? 2 : 1);
type Callees = 'make' | 'applyLeft' | 'applyLeftAdjoint' | 'applyRight' | 'applyRightAdjoint';

function call(name: FieldName, callee: Callees, ...args: number[]): void {
  const kernel = kernelOf(`test.reflectors.${name}.${callee}`, (module) => {
    const field = fields[name];
    const made = new Reflectors(module, field)[callee];
    const write = args.map(() => 'i32' as const);
    defineNumeric(module, field, write, undefined, (r, ...all) => r.run(made, ...all), 'run');
  });
  kernel.at(primarySegment()).run(...args);
}
const random = (name: FieldName, n: number): number => {
  const { ptr } = take(n * fields[name].bytes);
  fill(name, view(name, ptr, n * parts(name)));
  return ptr;
};
const numbers = (name: FieldName, ptr: number, n: number): number[] =>
  Array.from(view(name, ptr, n * parts(name)), Number);
const close = (got: readonly number[], wanted: readonly number[], within: number): void => {
  const worst = Math.max(0, ...got.map((x, i) => Math.abs(x - wanted[i])));
  expect(worst).toBeLessThanOrEqual(within);
};

describe.each(names)('%s', (name) => {
  const { bytes, eps, tiny, complex } = fields[name];
  it.each([1, 2, 3, 4, 7, 33])('a reflector of order %i clears its column', (n) => {
    for (const scale of [1, tiny, 2 ** 20 * tiny]) {
      const x = random(name, n);
      const before = view(name, x, n * parts(name)) as Float64Array; // the field's lane
      for (let i = 0; i < before.length; i++) before[i] = Math.fround(before[i]) * 8 * scale;
      const old = numbers(name, x, n);
      const copy = take(n * bytes).ptr;
      view(name, copy, old.length).set(old as never); // numbers into the field's lane
      const tau = take(bytes).ptr;
      call(name, 'make', n, x, x + bytes, tau);
      const length = Math.sqrt(old.reduce((s, y) => s + (y / scale) ** 2, 0)) * scale;
      const [beta, imaginary = 0] = numbers(name, x, 1);
      expect(imaginary).toBe(0);
      if (n === 1 && !complex) {
        expect([beta, ...numbers(name, tau, 1)]).toEqual([old[0], 0]);
        continue;
      }
      expect(Math.sign(beta)).toBe(-Math.sign(old[0]));
      expect(Math.abs(Math.abs(beta) / length - 1)).toBeLessThan(8 * eps);
      call(name, 'applyLeftAdjoint', n, 1, x + bytes, tau, copy, n * bytes);
      const wanted = old.map((_, i) => (i === 0 ? beta / scale : 0));
      close(
        numbers(name, copy, n).map((y) => y / scale),
        wanted,
        32 * n * eps,
      );
    }
  });

  it('nothing to clear: tau is 0', () => {
    const x = take(4 * bytes).ptr;
    view(name, x, 1).set([2] as never); // numbers into the field's lane
    const tau = random(name, 1);
    call(name, 'make', 4, x, x + bytes, tau);
    expect(numbers(name, x, 1)[0]).toBe(2);
    expect(numbers(name, tau, 1)[0]).toBe(0);
  });

  it.each([
    [1, 1],
    [5, 3],
    [40, 17],
    [9, 9],
  ])('%i × %i: a block is its reflectors one after another', (m, k) => {
    const a = random(name, m * k);
    const tau = take(k * bytes).ptr;
    const ld = m * bytes;
    for (let j = 0; j < k; j++) {
      const at = a + j * (ld + bytes);
      call(name, 'make', m - j, at, at + bytes, tau + j * bytes);
    }
    const segment = primarySegment();
    const n = 6;
    const each = (callee: Callees, forward: boolean, c: number, left: boolean): void => {
      for (let i = 0; i < k; i++) {
        const j = forward ? i : k - 1 - i;
        const v = a + j * (ld + bytes) + bytes;
        if (left) call(name, callee, m - j, n, v, tau + j * bytes, c + j * bytes, ld);
        else call(name, callee, n, m - j, v, tau + j * bytes, c + j * n * bytes, n * bytes, take(n * bytes).ptr);
      }
    };
    for (const adjointed of [false, true]) {
      const mark = scratch.mark();
      const h = blockReflector(segment, name, m, k, byColumns(name, a, m), tau);
      for (const left of [true, false]) {
        const [c, d] = [random(name, m * n), take(m * n * bytes).ptr];
        view(name, d, m * n * parts(name)).set(numbers(name, c, m * n) as never); // numbers into the field's lane
        if (left) applyBlockLeft(segment, name, h, n, byColumns(name, c, m), adjointed);
        else applyBlockRight(segment, name, h, n, byColumns(name, c, n), adjointed);
        if (left) each(adjointed ? 'applyLeftAdjoint' : 'applyLeft', adjointed, d, true);
        else each(adjointed ? 'applyRightAdjoint' : 'applyRight', !adjointed, d, false);
        close(numbers(name, c, m * n), numbers(name, d, m * n), 64 * k * eps);
      }
      scratch.release(mark);
    }
  });
});
