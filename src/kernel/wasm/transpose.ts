// Turns a box of memory: elements that lie one after another down the rows of the source lie one after another along the
// rows of the target. Squares of registers are turned by log2 steps of pairwise interleaving, in units as wide as a cache
// line where that is not too much code, so that every line of the target is written at once.
// Source of the idea: Eklundh, "A fast computer method for matrix transposing" (1972).
//
// run(rows, columns, from, step of the source from column to column, to, step of the target from row to row), in bytes.

import { define, type Routine, Value, type Variable } from './assembler.ts';
import type { ModuleCode } from './encoder.ts';
import { weave } from './operands.ts';

/** Bytes of an element. */
export type TurnedWidth = 1 | 2 | 4 | 8 | 16;

const lanes = { 1: 'u8', 2: 'u16', 4: 'i32', 8: 'i64' } as const;

const interleave = (a: Value, b: Value, width: number, high: boolean): Value =>
  new Value('v128', (f) => {
    a.write(f);
    b.write(f);
    f.shuffle(weave(width, high));
  });

/** Adds `run` for elements of this width to a module. */
export function addTranspose(module: ModuleCode, width: TurnedWidth): void {
  const square = 16 / width; // elements of a register
  const unit = Math.max(square, Math.min(16, 64 / width));
  const write = (
    r: Routine,
    rows: Variable,
    columns: Variable,
    from: Variable,
    fromStep: Variable,
    to: Variable,
    toStep: Variable,
  ): void => {
    const [p, q, left] = [r.local('i32'), r.local('i32'), r.local('i32')];
    const sources = Array.from({ length: unit }, () => r.local('i32'));
    const targets = Array.from({ length: unit }, () => r.local('i32'));
    const move = (target: Value, source: Value): void => {
      if (width === 16) r.storeVector(target, r.loadVector(source));
      else r.store(lanes[width], target, r.load(lanes[width], source));
    };
    // Registers of a square: the pairs i, i + half are interleaved until every register holds one row.
    const turn = (row: number, column: number): void => {
      let regs: Variable[] = [];
      for (let c = 0; c < square; c++) regs.push(r.let(r.loadVector(sources[column + c], row * width)));
      for (let step = 1; step < square; step *= 2) {
        const next: Variable[] = [];
        for (let i = 0; i < square / 2; i++)
          for (const high of [false, true]) next.push(r.let(interleave(regs[i], regs[i + square / 2], width, high)));
        regs = next;
      }
      regs.forEach((v, i) => {
        r.storeVector(targets[row + i], v, column * width);
      });
    };
    const single = (): void => {
      r.set(p, from);
      r.set(q, to);
      r.set(left, columns);
      r.while(left, () => {
        move(q, p);
        r.bump(p, fromStep);
        r.bump(q, width);
        r.bump(left, -1);
      });
    };
    r.while(rows.le(unit - 1).isZero(), () => {
      r.set(p, from);
      r.set(q, to);
      r.set(left, columns);
      r.while(left.le(unit - 1).isZero(), () => {
        sources.forEach((s, i) => {
          r.set(s, i === 0 ? p : sources[i - 1].add(fromStep));
        });
        targets.forEach((t, i) => {
          r.set(t, i === 0 ? q : targets[i - 1].add(toStep));
        });
        for (let row = 0; row < unit; row += square)
          for (let column = 0; column < unit; column += square) turn(row, column);
        r.set(p, sources[unit - 1].add(fromStep));
        r.bump(q, unit * width);
        r.bump(left, -unit);
      });
      r.while(left, () => {
        r.set(targets[0], q);
        for (let row = 0; row < unit; row++) {
          move(targets[0], row === 0 ? p : p.add(row * width));
          r.bump(targets[0], toStep);
        }
        r.bump(p, fromStep);
        r.bump(q, width);
        r.bump(left, -1);
      });
      r.bump(from, unit * width);
      r.bump(to, toStep.mul(unit));
      r.bump(rows, -unit);
    });
    r.while(rows, () => {
      single();
      r.bump(from, width);
      r.bump(to, toStep);
      r.bump(rows, -1);
    });
  };
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    undefined,
    (r, rows, columns, from, fromStep, to, toStep) => write(r, rows, columns, from, fromStep, to, toStep),
    'run',
  );
}
