// Reflectors of two or three real elements, kept in locals, and their use on neighbouring rows or columns: the steps of
// the double-shift QR iteration. Long ones are reflector.ts.
// Source: Golub, Van Loan, "Matrix Computations", 5.1.

import type { Callee, Value } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, type Num, type NumberRoutine } from './language.ts';
import { alongColumns } from './vectors.ts';

/** I − t·v·vᵀ with v = (1, v1, v2), which maps a vector to (beta, 0, 0); v2 is missing where the vector has two elements. */
export interface Reflector {
  readonly t: Num;
  readonly v: readonly [Num, Num?];
  readonly beta: Num;
}

export function reflectorOf(r: NumberRoutine, x0: Num, x1: Num, x2?: Num): Reflector {
  const beta = r.variable(x0, 'real');
  const t = r.variable(0, 'real');
  const v1 = r.variable(0, 'real');
  const v2 = x2 && r.variable(0, 'real');
  const below = x2 === undefined ? x1.abs() : x1.abs().max(x2.abs());
  r.if(below.eq(0).isZero(), () => {
    const scale = below.max(x0.abs());
    const parts = [x0, x1, ...(x2 ? [x2] : [])].map((x) => x.div(scale));
    const sum = parts.slice(1).reduce((s, x) => s.add(x.mul(x)), parts[0].mul(parts[0]));
    const b = sum.sqrt().copysign(parts[0]).neg();
    const more = r.number(1).div(parts[0].sub(b));
    beta.set(b.mul(scale));
    t.set(b.sub(parts[0]).div(b));
    v1.set(parts[1].mul(more));
    v2?.set(parts[2].mul(more));
  });
  return { t, v: [v1, v2], beta };
}

/** reflect(t, v1, v2, n, x, y, z): the columns x, y, z times I − t·v·vᵀ. Of two columns without v2 and z. */
export function reflectOf(module: ModuleCode, field: Field, columns: 2 | 3): Callee {
  const { lane } = field;
  const numbers = Array.from({ length: columns }, () => lane);
  const pointers = Array.from({ length: columns + 1 }, () => 'i32' as const);
  return defineNumeric(module, field, [...numbers, ...pointers], undefined, (r, ...all) => {
    const [t, ...v] = all.slice(0, columns);
    const [n, ...xs] = all.slice(columns);
    const factors = v.map((x) => r.let(x.splat()));
    const weights = [t, ...v.map((x) => r.let(t.mul(x)))];
    const spread = weights.map((x) => r.let(x.splat()));
    alongColumns(
      r,
      n,
      xs,
      (ps, o) => {
        const rows = ps.map((p) => r.let(r.loadVector(p, o)));
        const sum = r.let(
          factors.reduce<Value>((s, f, i) => s.lanes('add', lane, f.lanes('mul', lane, rows[i + 1])), rows[0]),
        );
        rows.forEach((x, i) => {
          r.storeVector(ps[i], x.lanes('sub', lane, sum.lanes('mul', lane, spread[i])), o);
        });
      },
      (ps) => {
        const rows = ps.map((p) => r.get(p));
        const sum = v.reduce((s, f, i) => s.add(r.numberOf(f).mul(rows[i + 1])), rows[0]);
        rows.forEach((x, i) => {
          r.put(ps[i], x.sub(sum.mul(r.numberOf(weights[i]))));
        });
      },
    );
  });
}

/** The same on two or three rows of the columns from `first` to `last`, of which `at` is the topmost element. */
export function reflectRows(
  r: NumberRoutine,
  { t, v }: Reflector,
  at: Value,
  ld: Value,
  first: Value,
  last: Value,
): void {
  const { bytes } = r.field;
  const factors = v.filter((x) => x !== undefined);
  const weights = [t, ...factors.map((x) => t.mul(x))];
  const p = r.let(at);
  r.range(first, last.add(1), () => {
    const rows = weights.map((_, i) => r.get(p, i * bytes));
    const sum = factors.reduce((s, f, i) => s.add(f.mul(rows[i + 1])), rows[0]);
    rows.forEach((x, i) => {
      r.put(p, x.sub(sum.mul(weights[i])), i * bytes);
    });
    r.bump(p, ld);
  });
}
