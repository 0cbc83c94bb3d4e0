// The vector functions of decompositions against sums written out, in all four fields and around the register sizes.

import { expect, test } from 'vitest';
import { kernelOf } from '../../src/kernel/compile.ts';
import type { Callee } from '../../src/kernel/wasm/assembler.ts';
import { defineNumeric, type Field, type FieldName, fields, numberParams } from '../../src/linalg/lapack/language.ts';
import { Vectors } from '../../src/linalg/lapack/vectors.ts';
import { allocate, primarySegment } from '../../src/memory/allocate.ts';

type C = readonly [number, number];
const mul = ([a, b]: C, [c, d]: C): C => [a * c - b * d, a * d + b * c];
const add = ([a, b]: C, [c, d]: C): C => [a + c, b + d];
const conj = ([a, b]: C): C => [a, -b];

const names = Object.keys(fields) as FieldName[];
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33];

/** A column of the heap with small whole numbers, which all sums keep exactly. */
class Column {
  readonly field: Field;
  readonly n: number;
  readonly storage = allocate(4096, true);
  constructor(field: Field, n: number, seed: number) {
    this.field = field;
    this.n = n;
    for (let i = 0; i < n; i++)
      this.put(i, [((seed * 7 + i * 5) % 9) - 4, field.complex ? ((seed + i * 3) % 7) - 3 : 0]);
  }
  get ptr(): number {
    return this.storage.ptr;
  }
  #lane(): Float32Array | Float64Array {
    const segment = primarySegment();
    return this.field.width === 4 ? segment.f32 : segment.f64;
  }
  put(i: number, [re, im]: C): void {
    const at = (this.ptr + i * this.field.bytes) / this.field.width;
    this.#lane()[at] = re;
    if (this.field.complex) this.#lane()[at + 1] = im;
  }
  get(i: number): C {
    const at = (this.ptr + i * this.field.bytes) / this.field.width;
    return [this.#lane()[at], this.field.complex ? this.#lane()[at + 1] : 0];
  }
  all(n = this.n): C[] {
    return Array.from({ length: n }, (_, i) => this.get(i));
  }
}

/** Calls one function of `Vectors` with a number (both parts for complex fields) and integers. */
function call(field: Field, name: keyof Vectors & string, factor: C | number | undefined, ...rest: number[]): void {
  const real = typeof factor === 'number';
  const params = [...(factor === undefined ? [] : real ? [field.lane] : numberParams(field))];
  const kernel = kernelOf(`test.vectors.${field.name}.${name}`, (module) => {
    const callee: Callee = new Vectors(module, field)[name];
    defineNumeric(
      module,
      field,
      [...params, ...rest.map(() => 'i32' as const), 'i32'],
      undefined,
      (r, ...all) => {
        const result = all[all.length - 1];
        const value = r.call(callee, ...all.slice(0, -1));
        if (callee.result === undefined) r.run(callee, ...all.slice(0, -1));
        else if (callee.result === 'i32') r.store('i32', result, value);
        else if (callee.result === 'v128') r.put(result, r.numberFrom(value));
        else r.putReal(result, r.real(value));
      },
      'run',
    );
  });
  const parts =
    factor === undefined ? [] : typeof factor === 'number' ? [factor] : field.complex ? factor : [factor[0]];
  kernel.at(primarySegment()).run(...parts, ...rest, out.ptr);
}
const out = allocate(64, true);
const outNumber = (field: Field): C => {
  const lane = field.width === 4 ? primarySegment().f32 : primarySegment().f64;
  return [lane[out.ptr / field.width], field.complex ? lane[out.ptr / field.width + 1] : 0];
};

test.each(names)('%s: vectors', (name) => {
  const field: Field = fields[name];
  const a: C = [3, field.complex ? -2 : 0];
  for (const n of lengths) {
    const [x, y] = [new Column(field, n, 1), new Column(field, n, 2)];
    const [x0, y0] = [x.all(), y.all()];
    call(field, 'axpy', a, n, x.ptr, y.ptr);
    expect(y.all(), `axpy ${n}`).toEqual(y0.map((v, i) => add(v, mul(a, x0[i]))));
    const y1 = y.all();
    call(field, 'swap', undefined, n, x.ptr, y.ptr);
    expect([x.all(), y.all()], `swap ${n}`).toEqual([y1, x0]);
    call(field, 'dot', undefined, n, x.ptr, y.ptr);
    const sum = (f: (v: C) => C): C => y1.reduce<C>((s, v, i) => add(s, mul(f(v), x0[i])), [0, 0]);
    expect(outNumber(field), `dot ${n}`).toEqual(sum((v) => v));
    call(field, 'dotConjugated', undefined, n, x.ptr, y.ptr);
    expect(outNumber(field), `dotConjugated ${n}`).toEqual(sum(field.complex ? conj : (v) => v));
    call(field, 'scale', a, n, y.ptr);
    expect(y.all(), `scale ${n}`).toEqual(x0.map((v) => mul(a, v)));
    call(field, 'scaleReal', 2, n, x.ptr);
    expect(x.all(), `scaleReal ${n}`).toEqual(y1.map(([re, im]) => [re * 2, im * 2]));
    const [u, v] = [new Column(field, n, 3), new Column(field, n, 4)];
    const [u0, v0] = [u.all(), v.all()];
    const lane = field.lane;
    const rotate = kernelOf(`test.rotate.${name}`, (module) => {
      const callee = new Vectors(module, field).rotate;
      defineNumeric(
        module,
        field,
        [lane, lane, 'i32', 'i32', 'i32'],
        undefined,
        (r, ...all) => r.run(callee, ...all),
        'run',
      );
    });
    rotate.at(primarySegment()).run(2, 3, n, u.ptr, v.ptr);
    expect(u.all(), `rotate ${n}`).toEqual(u0.map((p, i) => add(mul([2, 0], p), mul([3, 0], v0[i]))));
    expect(v.all(), `rotate ${n}`).toEqual(v0.map((q, i) => add(mul([2, 0], q), mul([-3, 0], u0[i]))));
  }
});

test.each(names)('%s: norm and greatest', (name) => {
  const field: Field = fields[name];
  for (const scale of [1, 2 ** (field.width === 4 ? 100 : 800), 2 ** (field.width === 4 ? -120 : -1000)]) {
    for (const n of [0, 1, 3, 8, 17]) {
      const x = new Column(field, n, 5);
      x.all().forEach(([re, im], i) => {
        x.put(i, [re * scale, im * scale]);
      });
      call(field, 'norm', undefined, n, x.ptr);
      const expected = Math.sqrt(x.all().reduce((s, [re, im]) => s + (re / scale) ** 2 + (im / scale) ** 2, 0));
      const [norm] = outNumber(field);
      expect(Math.abs(norm / scale - expected), `norm ${n} ${scale}`).toBeLessThanOrEqual(8 * field.eps * expected);
      if (n === 0) continue;
      call(field, 'greatest', undefined, n, x.ptr);
      const sizes = x.all().map(([re, im]) => Math.abs(re) + Math.abs(im));
      expect(primarySegment().i32[out.ptr / 4], `greatest ${n}`).toBe(sizes.indexOf(Math.max(...sizes)));
    }
  }
  const x = new Column(field, 9, 5);
  for (const special of [Number.NaN, Number.POSITIVE_INFINITY]) {
    x.put(6, [special, 0]);
    call(field, 'norm', undefined, 9, x.ptr);
    expect(outNumber(field)[0]).toBe(special);
    call(field, 'greatest', undefined, 9, x.ptr);
    expect(primarySegment().i32[out.ptr / 4]).toBe(6);
  }
});

test.each(names)('%s: matrix with vector', (name) => {
  const field: Field = fields[name];
  const a: C = [2, field.complex ? 1 : 0];
  for (const m of [0, 1, 3, 4, 7]) {
    for (const n of [0, 1, 2, 3, 4, 5, 9]) {
      const ld = 8;
      const step = 2; // elements of the second vector lie two apart
      const matrix = new Column(field, ld * n, 1);
      const at = (i: number, j: number): C => matrix.get(j * ld + i);
      const rows = Array.from({ length: m }, (_, i) => i);
      const columns = Array.from({ length: n }, (_, j) => j);
      const pitch = [ld * field.bytes, step * field.bytes];
      const [x, y] = [new Column(field, n * step, 3), new Column(field, m, 4)];
      const y0 = y.all();
      call(field, 'addColumns', a, m, n, matrix.ptr, pitch[0], x.ptr, pitch[1], y.ptr);
      expect(y.all(), `addColumns ${m} ${n}`).toEqual(
        rows.map((i) =>
          add(
            y0[i],
            mul(
              a,
              columns.reduce<C>((s, j) => add(s, mul(at(i, j), x.get(j * step))), [0, 0]),
            ),
          ),
        ),
      );
      for (const turn of ['addDots', 'addDotsConjugated'] as const) {
        const z = new Column(field, n * step, 5);
        const z0 = z.all();
        const of = turn === 'addDots' || !field.complex ? (v: C): C => v : conj;
        call(field, turn, a, m, n, matrix.ptr, pitch[0], y.ptr, z.ptr, pitch[1]);
        expect(z.all(), `${turn} ${m} ${n}`).toEqual(
          z0.map((v, k) =>
            k % step === 0
              ? add(
                  v,
                  mul(
                    a,
                    rows.reduce<C>((s, i) => add(s, mul(of(at(i, k / step)), y.get(i))), [0, 0]),
                  ),
                )
              : v,
          ),
        );
      }
      for (const turn of ['addOuter', 'addOuterConjugated'] as const) {
        const of = turn === 'addOuter' || !field.complex ? (v: C): C => v : conj;
        const before = matrix.all();
        call(field, turn, a, m, n, y.ptr, x.ptr, pitch[1], matrix.ptr, pitch[0]);
        expect(matrix.all(), `${turn} ${m} ${n}`).toEqual(
          before.map((v, k) => {
            const [i, j] = [k % ld, Math.floor(k / ld)];
            return i < m ? add(v, mul(mul(a, of(x.get(j * step))), y.get(i))) : v;
          }),
        );
      }
    }
  }
});
