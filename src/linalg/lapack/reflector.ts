// Householder reflectors H = I − tau·v·vᴴ with v₀ = 1, inside WebAssembly: making one that clears a column, applying one
// to a matrix. Panels of decompositions call these; blocks of reflectors are block_reflector.ts.
// Source: Golub, Van Loan, "Matrix Computations", 5.1; conventions of LAPACK's larfg (the sign of beta, rescaling, tau of
// a complex element with nothing to clear).

import { type Callee, constant, type Value, type Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, type Field, i32s, type NumberRoutine } from './language.ts';
import { Vectors } from './vectors.ts';

/** Times that a column is scaled up at most: enough for the least subnormal number. */
const RESCALES = 20;

/** The functions of one module, each added at its first use. Addresses are of elements that are neighbours. */
export class Reflectors {
  readonly #module: ModuleCode;
  readonly #field: Field;
  readonly #vectors: Vectors;
  readonly #made = new Map<string, Callee>();

  constructor(module: ModuleCode, field: Field, vectors = new Vectors(module, field)) {
    this.#module = module;
    this.#field = field;
    this.#vectors = vectors;
  }

  #function(name: string, params: number, write: (r: NumberRoutine, ...params: Variable[]) => void): Callee {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = defineNumeric(this.#module, this.#field, i32s(params), undefined, write);
    this.#made.set(name, made);
    return made;
  }

  /**
   * make(n, alpha, x, tau): the reflector of order n with Hᴴ·(alpha, x) = (beta, 0). The element at `alpha` becomes beta,
   * which is real, the n − 1 elements at `x` become v₁ …, and tau, 0 where there is nothing to clear, is written to `tau`.
   */
  get make(): Callee {
    const { norm, scale } = this.#vectors;
    const field = this.#field;
    const safe = (2 * field.tiny) / field.eps;
    return this.#function('make', 4, (r, n, at, x, tau) => {
      const alpha = r.variable(r.get(at));
      const rest = r.let(n.sub(1));
      const length = r.variable(0, 'real');
      r.if(r.int(0).lessSigned(rest), () => length.set(r.real(r.call(norm, rest, x))));
      const nothing = alpha.im === undefined ? length.eq(0) : length.eq(0).and(alpha.im.eq(0));
      r.if(nothing, () => {
        r.put(tau, 0);
        r.return();
      });
      const beta = r.variable(0, 'real');
      const measure = (): void => beta.set(r.complex(alpha.abs(), length).abs().copysign(alpha.real()).neg());
      measure();
      // Near the least numbers beta would lose digits: a power of 1/safe brings everything up, and beta back at the end.
      const times = r.let(constant('i32', 0));
      r.while(beta.re.abs().lt(safe).and(times.lt(RESCALES)), () => {
        r.run(scale, ...r.argument(r.number(1 / safe)), rest, x);
        alpha.set(alpha.mul(1 / safe));
        beta.set(beta.mul(1 / safe));
        r.bump(times, 1);
      });
      r.if(times.ne(0), () => {
        length.set(r.real(r.call(norm, rest, x)));
        measure();
      });
      const share = beta.sub(alpha.real()).div(beta);
      r.put(tau, alpha.im === undefined ? share : r.complex(share, alpha.imag().div(beta).neg()));
      r.run(scale, ...r.argument(r.number(1).div(alpha.sub(beta))), rest, x);
      r.range(r.int(0), times, () => beta.set(beta.mul(safe)));
      r.put(at, beta);
    });
  }

  /** applyLeft(m, n, v, tau, C, ld): C = H·C of the m × n matrix C, v₁ … at `v`, tau at `tau`. */
  get applyLeft(): Callee {
    return this.#applyLeft('applyLeft', false);
  }
  /** applyLeftAdjoint: C = Hᴴ·C. */
  get applyLeftAdjoint(): Callee {
    return this.#field.complex ? this.#applyLeft('applyLeftAdjoint', true) : this.applyLeft;
  }
  #applyLeft(name: string, adjoint: boolean): Callee {
    const { dotConjugated, axpy } = this.#vectors;
    const { bytes } = this.#field;
    return this.#function(name, 6, (r, m, n, v, tau, c, ld) => {
      const t = adjoint ? r.get(tau).conj() : r.get(tau);
      r.if(t.eq(0), () => r.return());
      const rest = r.let(m.sub(1));
      const column = r.let(c);
      r.range(r.int(0), n, () => {
        const below = column.add(bytes);
        const first = r.get(column);
        const s = t.mul(first.add(r.numberFrom(r.call(dotConjugated, rest, v, below))));
        r.put(column, first.sub(s));
        r.run(axpy, ...r.argument(s.neg()), rest, v, below);
        r.bump(column, ld);
      });
    });
  }

  /** applyRight(m, n, v, tau, C, ld, work): C = C·H of the m × n matrix C; `work` is room for m elements. */
  get applyRight(): Callee {
    return this.#applyRight('applyRight', false);
  }
  /** applyRightAdjoint: C = C·Hᴴ. */
  get applyRightAdjoint(): Callee {
    return this.#field.complex ? this.#applyRight('applyRightAdjoint', true) : this.applyRight;
  }
  #applyRight(name: string, adjoint: boolean): Callee {
    const { addColumns, addOuterConjugated, axpy } = this.#vectors;
    const { bytes } = this.#field;
    return this.#function(name, 7, (r, m, n, v, tau, c, ld, work) => {
      const t = adjoint ? r.get(tau).conj() : r.get(tau);
      r.if(t.eq(0), () => r.return());
      const rest = r.let(n.sub(1));
      const second: Value = c.add(ld);
      r.copy(work, c, m.mul(bytes));
      r.run(addColumns, ...r.argument(r.number(1)), m, rest, second, ld, v, r.int(bytes), work);
      r.run(axpy, ...r.argument(t.neg()), m, work, c);
      r.run(addOuterConjugated, ...r.argument(t.neg()), m, rest, work, v, r.int(bytes), second, ld);
    });
  }
}
