// The part of a Hessenberg matrix that QR steps still work on: where it begins and ends, how to look at it, and where it
// falls apart. Real and complex iterations share it (schur_real.ts, schur_complex.ts).
// Source: Ahues, Tisseur, "A new deflation criterion for the QR algorithm", LAPACK working note 122, 1997.

import type { Value, Variable } from '../../kernel/wasm/assembler.ts';
import type { Columns, Num, NumberRoutine } from './language.ts';

/** Steps per eigenvalue before it is given up, and every how many without success the shifts are made up. */
export const STEPS = 30;
export const EXCEPTIONAL = 10;

export interface ActivePart {
  /** Element (i + di, j + dj), and its address. */
  at(i: Value, j: Value, di: number, dj: number): Value;
  get(i: Value, j: Value, di?: number, dj?: number): Num;
  put(i: Value, j: Value, x: Num | number, di?: number, dj?: number): void;
  /** The last row of the active part. */
  readonly i: Variable;
  /** The first row of its last unreduced block, once `split` has looked. */
  readonly l: Variable;
  /** Steps that are left for all, and those since the last deflation. */
  readonly limit: Variable;
  readonly steps: Variable;
  /** Rows and columns that transformations reach: all of them where the Schur form is wanted. */
  readonly firstRow: Variable;
  readonly lastColumn: Variable;
  /** Sets l to the first row of the unreduced block that ends in row i. */
  split(): void;
}

/** The active part of the rows `low` … `end` of an n × n matrix. */
export function activePart(r: NumberRoutine, h: Columns, n: Value, low: Value, end: Value): ActivePart {
  const { eps, tiny, lane } = r.field;
  const small = r.real(end.sub(low).float(lane)).mul(tiny / eps);
  const shifted = (i: Value, by: number): Value => (by === 0 ? i : i.add(by));
  const at: ActivePart['at'] = (i, j, di, dj) => r.at(h, shifted(i, di), shifted(j, dj));
  const get: ActivePart['get'] = (i, j, di = 0, dj = 0) => r.get(at(i, j, di, dj));
  const put: ActivePart['put'] = (i, j, x, di = 0, dj = 0) => r.put(at(i, j, di, dj), x);

  const i = r.let(end.sub(1));
  const limit = r.let(end.sub(low).mul(STEPS));
  r.if(limit.lessSigned(STEPS * 10), () => r.set(limit, STEPS * 10));
  const l = r.local('i32');
  const steps = r.let(r.int(0));
  const [firstRow, lastColumn] = [r.let(r.int(0)), r.let(n.sub(1))];

  const split = (): void => {
    r.set(l, low);
    r.downward(i.add(1), low.add(1), (k, leave) => {
      const below = get(k, k, 0, -1).abs1();
      const found = (): void => {
        r.set(l, k);
        leave();
      };
      r.if(below.le(small), found);
      const [before, here] = [get(k, k, -1, -1), get(k, k)];
      const size = r.variable(before.abs1().add(here.abs1()), 'real');
      r.if(size.eq(0), () => {
        r.if(low.lessSigned(k.sub(1)), () => size.set(size.add(get(k, k, -1, -2).abs1())));
        r.if(k.add(1).lessSigned(end), () => size.set(size.add(get(k, k, 1, 0).abs1())));
      });
      r.if(below.le(size.mul(eps)), () => {
        const across = get(k, k, -1, 0).abs1();
        const [ab, ba] = [below.max(across), below.min(across)];
        const gap = before.sub(here).abs1();
        const [aa, bb] = [here.abs1().max(gap), here.abs1().min(gap)];
        const s = aa.add(ab);
        r.if(ba.mul(ab.div(s)).le(bb.mul(aa.div(s)).mul(eps).max(small)), found);
      });
    });
    r.if(low.lessSigned(l), () => put(l, l, 0, 0, -1));
  };
  return { at, get, put, i, l, limit, steps, firstRow, lastColumn, split };
}
