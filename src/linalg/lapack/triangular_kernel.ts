// The small diagonal blocks of triangular problems: X = T⁻¹·B or X = T·B in place, T lower triangular of at most BLOCK
// rows. T is spread over registers once; columns of B go through in panels that stay in the nearest cache. Strides may be
// negative: an upper triangle is a lower one read backwards. Larger triangles: triangular_solve.ts, triangular_multiply.ts.

import type { Callee, Value, Variable } from '../../kernel/wasm/assembler.ts';
import { constant } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, type Num, type NumberRoutine } from './language.ts';

export type TriangularTask = 'solve' | 'multiply';

/** Rows of the largest triangle that the kernel takes. */
export const BLOCK = 32;

/** Bits of the kernel's `mode`: the diagonal is one and not read, T is conjugated. */
export const triangleBits = { unit: 1, conjugate: 2 } as const;

/** Registers of a row of a panel, per part: panels of whole width first, then narrow ones. */
const widths = (field: Field): readonly number[] => (field.complex ? [4, 1] : [8, 2]);

const parts = (field: Field): number => (field.complex ? 2 : 1);

/** Bytes of scratch per thread: T spread over registers, then a panel. */
export const triangularScratch = (field: Field): number =>
  16 * parts(field) * ((BLOCK * (BLOCK + 1)) / 2 + BLOCK * widths(field)[0]);

const i32s = (n: number): WasmType[] => new Array<WasmType>(n).fill('i32');

/** spread(n, t, rowStride, columnStride, mode, to): rows of T up to the diagonal, its parts over whole registers. */
function addSpread(module: ModuleCode, field: Field, task: TriangularTask): Callee {
  return defineNumeric(module, field, i32s(6), undefined, (r, n, t, rowStride, columnStride, mode, to) => {
    const sign = r.real(mode.and(triangleBits.conjugate).select(constant(field.lane, -1), constant(field.lane, 1)));
    const put = (x: Num): void => {
      r.storeVector(to, x.re.splat());
      if (field.complex) r.storeVector(to, (x.im ?? constant(field.lane, 0)).splat(), 16);
      r.bump(to, 16 * parts(field));
    };
    const element = (at: Value): Num => {
      const x = r.get(at);
      return x.im === undefined ? x : r.complex(x.real(), x.imag().mul(sign));
    };
    const row = r.let(t);
    r.range(r.int(0), n, (i) => {
      const at = r.let(row);
      r.range(r.int(0), i, () => {
        put(element(at));
        r.bump(at, columnStride);
      });
      r.if(
        mode.and(triangleBits.unit),
        () => put(r.number(1)),
        () => {
          const x = element(at);
          // A real diagonal is divided by, register for register; a complex one inverted here.
          put(task === 'solve' && field.complex ? r.number(1).div(x) : x);
        },
      );
      r.bump(row, rowStride);
    });
  });
}

/** transfer(n, columns, b, rowStride, columnStride, panel): a panel of B, parts of complex numbers apart; or back. */
function addTransfer(module: ModuleCode, field: Field, width: number, back: boolean): Callee {
  return defineNumeric(module, field, i32s(6), undefined, (r, n, columns, b, rowStride, columnStride, panel) => {
    if (!back) r.fill(panel, 0, n.mul(16 * width * parts(field)));
    r.range(r.int(0), n, () => {
      const [at, to] = [r.let(b), r.let(panel)];
      r.range(r.int(0), columns, () => {
        if (back) {
          const re = r.getReal(to);
          r.put(at, field.complex ? r.complex(re, r.getReal(to, 16 * width)) : re);
        } else {
          const x = r.get(at);
          r.putReal(to, x.real());
          if (field.complex) r.putReal(to, x.imag(), 16 * width);
        }
        r.bump(at, columnStride);
        r.bump(to, field.width);
      });
      r.bump(b, rowStride);
      r.bump(panel, 16 * width * parts(field));
    });
  });
}

/** A row of a panel times an element of T, added to sums or taken away; registers of real parts, then of imaginary ones. */
function combine(
  r: NumberRoutine,
  sums: readonly Variable[],
  q: Value,
  t: Value,
  n: Value,
  task: TriangularTask,
): void {
  const { lane, complex } = r.field;
  const [plus, minus] = task === 'solve' ? (['sub', 'add'] as const) : (['add', 'sub'] as const);
  const into = (s: Variable, op: 'add' | 'sub', x: Value): void => r.set(s, s.lanes(op, lane, x));
  const width = complex ? sums.length / 2 : sums.length;
  const re = r.let(r.loadVector(t));
  const im = complex ? r.let(r.loadVector(t, 16)) : re;
  r.block((leave) => {
    for (let v = 0; v < width; v++) {
      const x = r.let(r.loadVector(q, 16 * v));
      into(sums[v], plus, re.lanes('mul', lane, x));
      if (complex) {
        const y = r.let(r.loadVector(q, 16 * (v + width)));
        into(sums[v], minus, im.lanes('mul', lane, y));
        into(sums[v + width], plus, re.lanes('mul', lane, y));
        into(sums[v + width], plus, im.lanes('mul', lane, x));
      }
      // Never taken: keeps the engine from moving all loads to the front, where they would spill.
      if (v % 4 === 3 || complex) leave.when(n.eq(0));
    }
  });
}

/** rows(n, spread T, panel, bytes from row to row): a whole panel. */
function addRows(module: ModuleCode, field: Field, task: TriangularTask, width: number): Callee {
  const { lane, complex } = field;
  const each = 16 * parts(field);
  return defineNumeric(module, field, i32s(4), undefined, (r, n, spread, panel, stride) => {
    const sums = Array.from({ length: width * parts(field) }, () => r.local('v128'));
    const load = (at: Value): void => {
      for (const [v, s] of sums.entries()) r.set(s, r.loadVector(at, 16 * v));
    };
    const store = (at: Value): void => {
      for (const [v, s] of sums.entries()) r.storeVector(at, s, 16 * v);
    };
    const t = r.let(spread);
    /** T's row up to column `to` times the panel's rows above. */
    const upTo = (to: Value): void => {
      const q = r.let(panel);
      r.range(r.int(0), to, () => {
        combine(r, sums, q, t, n, task);
        r.bump(t, each);
        r.bump(q, stride);
      });
    };
    if (task === 'multiply') {
      // From below, so that rows above are still those of B.
      r.downward(n, r.int(0), (i) => {
        for (const s of sums) r.set(s, constant(lane, 0).splat());
        r.set(t, spread.add(i.mul(i.add(1)).mul(each / 2)));
        upTo(i.add(1));
        store(panel.add(i.mul(stride)));
      });
      return;
    }
    const row = r.let(panel);
    r.range(r.int(0), n, (i) => {
      load(row);
      upTo(i);
      const re = r.let(r.loadVector(t));
      if (!complex) for (const s of sums) r.set(s, s.lanes('div', lane, re));
      else {
        const im = r.let(r.loadVector(t, 16));
        for (let v = 0; v < width; v++) {
          const [x, y] = [r.let(sums[v]), r.let(sums[v + width])];
          r.set(sums[v], re.lanes('mul', lane, x).lanes('sub', lane, im.lanes('mul', lane, y)));
          r.set(sums[v + width], re.lanes('mul', lane, y).lanes('add', lane, im.lanes('mul', lane, x)));
        }
      }
      store(row);
      r.bump(t, each);
      r.bump(row, stride);
    });
  });
}

/**
 * run(n, columns, t, row stride, column stride, b, row stride, column stride, mode, scratch): B = T⁻¹·B or T·B, sizes at
 * least 1, n at most BLOCK, strides in bytes. Columns are independent of each other: a part of B has the bits of the whole.
 */
export function addTriangularKernel(module: ModuleCode, field: Field, task: TriangularTask): void {
  const spread = addSpread(module, field, task);
  const panels = widths(field).map((width) => ({
    width,
    pack: addTransfer(module, field, width, false),
    rows: addRows(module, field, task, width),
    unpack: addTransfer(module, field, width, true),
  }));
  defineNumeric(
    module,
    field,
    i32s(10),
    undefined,
    (r, n, columns, t, rowStrideT, columnStrideT, b, rowStride, columnStride, mode, scratch) => {
      r.run(spread, n, t, rowStrideT, columnStrideT, mode, scratch);
      const panel = r.let(scratch.add((16 * parts(field) * BLOCK * (BLOCK + 1)) / 2));
      const count = r.local('i32');
      const sideBySide = r.let(columnStride.eq(field.bytes));
      panels.forEach(({ width, pack, rows, unpack }, last) => {
        const full = (width * 16) / field.width;
        r.while(columns.lt(last === 0 ? full : 1).isZero(), () => {
          r.set(count, columns.lt(full).select(columns, constant('i32', full)));
          const packed = (): void => {
            r.run(pack, n, count, b, rowStride, columnStride, panel);
            r.run(rows, n, scratch, panel, constant('i32', 16 * width * parts(field)));
            r.run(unpack, n, count, b, rowStride, columnStride, panel);
          };
          // Rows of real numbers that lie side by side are worked on in place.
          if (field.complex) packed();
          else r.if(sideBySide.and(count.eq(full)), () => r.run(rows, n, scratch, b, rowStride), packed);
          r.bump(b, count.mul(columnStride));
          r.set(columns, columns.sub(count));
        });
      });
    },
    'run',
  );
}
