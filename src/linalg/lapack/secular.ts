// The secular equation 1/ρ + Σ zⱼ²/(pⱼ − λ) = 0 of divide and conquer, inside WebAssembly, for eigenvalues (poles pⱼ = dⱼ)
// and for singular values (pⱼ = dⱼ², λ = σ²): differences of poles come as (dⱼ − dᵢ)·(dⱼ + dᵢ) then, without loss. A root is
// found as its distance from the nearer pole, so that all pⱼ − λ are known to nearly full precision.
// Sources: Li, "Solving secular equations stably and efficiently", LAPACK working note 89, 1993; Gu, Eisenstat, "A divide-
// and-conquer algorithm for the symmetric tridiagonal eigenproblem", SIAM J. Matrix Anal. Appl. 16(1), 1995 (weights).

import { type Callee, constant, type Value } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode, WasmType } from '../../kernel/wasm/encoder.ts';
import { defineNumeric, fields, type Num, type NumberRoutine } from './language.ts';
import { alongColumns, Vectors } from './vectors.ts';

const field = fields.float64;
const ROUNDOFF = field.eps / 2;
/** Steps per root; five or six are usual. */
const STEPS = 80;
/** Steps from which every other one halves the bracket. */
const PATIENT = 12;

const i32s = (n: number): WasmType[] => new Array<WasmType>(n).fill('i32');
const number = (r: NumberRoutine, at: Value, i: Value): Num => r.getReal(at.add(i.mul(8)));

/** distances(k, d, i, squares, to): pⱼ − pᵢ for all j. */
function distancesOf(module: ModuleCode): Callee {
  return defineNumeric(module, field, i32s(5), undefined, (r, k, d, i, squares, to) => {
    const x = number(r, d, i);
    const v = r.let(x.re.splat());
    const minus = (p: Value, o: number): Value => r.loadVector(p, o).lanes('sub', 'f64', v);
    r.if(
      squares,
      () =>
        alongColumns(
          r,
          k,
          [d, to],
          ([p, q], o) =>
            r.storeVector(q, minus(p, o).lanes('mul', 'f64', r.loadVector(p, o).lanes('add', 'f64', v)), o),
          ([p, q]) => r.put(q, r.get(p).sub(x).mul(r.get(p).add(x))),
        ),
      () =>
        alongColumns(
          r,
          k,
          [d, to],
          ([p, q], o) => r.storeVector(q, minus(p, o), o),
          ([p, q]) => r.put(q, r.get(p).sub(x)),
        ),
    );
  });
}

/** terms(tau, n, distances, z): Σ z²/(distance − tau) and its derivative, as a vector. */
function termsOf(module: ModuleCode): Callee {
  return defineNumeric(module, field, ['f64', ...i32s(3)], 'v128', (r, tau, n, distances, z) => {
    const [sum, slope] = [r.variable(0), r.variable(0)];
    const [sums, slopes] = [r.local('v128'), r.local('v128')];
    const shift = r.let(tau.splat());
    alongColumns(
      r,
      n,
      [distances, z],
      ([p, q], o) => {
        const w = r.let(r.loadVector(q, o));
        const t = r.let(w.lanes('div', 'f64', r.loadVector(p, o).lanes('sub', 'f64', shift)));
        r.set(sums, sums.lanes('add', 'f64', w.lanes('mul', 'f64', t)));
        r.set(slopes, slopes.lanes('add', 'f64', t.lanes('mul', 'f64', t)));
      },
      ([p, q]) => {
        const t = r.get(q).div(r.get(p).sub(r.numberOf(tau)));
        sum.set(sum.add(r.get(q).mul(t)));
        slope.set(slope.add(t.mul(t)));
      },
    );
    const total = (s: Num, v: Value): Num => s.add(r.real(v.extract('f64', 0))).add(r.real(v.extract('f64', 1)));
    const both = [total(sum, sums), total(slope, slopes)].map((x) => x.re.splat());
    r.return(both[0].shuffle(both[1], [0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31]));
  });
}

/**
 * run(first, last, k, d, z, squares, inverse ρ, roots, differences): the roots from `first` to `last` (exclusive), for
 * singular values their square roots; column i of `differences` (k × k) becomes pⱼ − λᵢ. The d ascend, no z is 0, k ≥ 2.
 * Returns how many were not found.
 */
export function addSecularRoots(module: ModuleCode): void {
  const distances = distancesOf(module);
  const terms = termsOf(module);
  const params: WasmType[] = [...i32s(6), 'f64', ...i32s(2)];
  const write = (r: NumberRoutine, all: readonly Value[]): void => {
    const [first, last, k, d, z, squares, inverse, roots, differences] = all;
    const constantTerm = r.real(inverse);
    const failed = r.let(r.int(0));
    r.range(first, last, (i) => {
      const column = r.let(differences.add(i.mul(k).mul(8)));
      const isLast = r.let(i.add(1).eq(k));
      const left = r.let(i.sub(isLast)); // the poles left and right of the model: the last root has both on its left
      const origin = r.let(i);
      const [lo, hi, tau] = [r.variable(0), r.variable(0), r.variable(0)];
      r.run(distances, k, d, origin, squares, column);
      r.if(
        isLast,
        () => {
          // At most ρ·‖z‖² to the right.
          const norm = r.variable(0);
          r.range(r.int(0), k, (j) => norm.set(norm.add(number(r, z, j).square())));
          hi.set(norm.div(constantTerm).mul(1 + 8 * field.eps));
        },
        () => hi.set(number(r, column, i.add(1))),
      );
      tau.set(hi.mul(0.5));
      const steps = r.let(r.int(0));
      const settled = r.let(isLast); // the nearer pole is known
      r.block((found) => {
        r.loop((again) => {
          const split = r.let(left.add(1));
          const part = (n: Value, from: Value): readonly [Num, Num] => {
            const at = r.let(from.mul(8));
            const v = r.let(r.call(terms, tau.re, n, column.add(at), z.add(at)));
            return [r.real(v.extract('f64', 0)), r.real(v.extract('f64', 1))];
          };
          const [psi, psiSlope] = part(split, r.int(0));
          const [phi, phiSlope] = part(k.sub(split), split);
          const w = constantTerm.add(psi.add(phi));
          const slope = psiSlope.add(phiSlope);
          r.if(settled.isZero(), () => {
            r.set(settled, 1);
            r.if(
              w.lt(0),
              () => {
                r.set(origin, split);
                const half = hi.mul(0.5);
                r.run(distances, k, d, origin, squares, column);
                lo.set(half.neg());
                hi.set(0);
                tau.set(half.neg());
              },
              () => hi.set(hi.mul(0.5)),
            );
          });
          const error = psi.abs().add(phi.abs()).mul(8).add(constantTerm).add(tau.abs().mul(slope));
          found.when(w.abs().le(error.mul(ROUNDOFF)));
          r.if(
            w.lt(0),
            () => lo.set(tau),
            () => hi.set(tau),
          );
          // Model c + s/(δ − η) + S/(δ′ − η), equal to both sums in value and slope here.
          const near = number(r, column, left).sub(tau);
          const far = number(r, column, split).sub(tau);
          const c = w.sub(near.mul(psiSlope)).sub(far.mul(phiSlope));
          const a = near.add(far).mul(w).sub(near.mul(far).mul(slope));
          const b = near.mul(far).mul(w);
          const root = a.mul(a).sub(b.mul(c).mul(4)).abs().sqrt();
          const eta = r.variable(0);
          const sign = r.let(isLast.select(constant('f64', -1), constant('f64', 1)));
          r.if(
            a.mul(r.numberOf(sign)).le(0),
            () => eta.set(a.sub(root.mul(r.numberOf(sign))).div(c.mul(2))),
            () => eta.set(b.mul(2).div(a.add(root.mul(r.numberOf(sign))))),
          );
          // Up where w < 0, else down; NaN and infinities neither.
          r.if(w.mul(eta).lt(0).isZero(), () => eta.set(w.neg().div(slope)));
          const next = r.variable(tau.add(eta));
          const inside = lo.lt(next).and(next.lt(hi));
          const tired = r.int(PATIENT).lessSigned(steps).and(steps); // every other step
          r.if(inside.isZero().or(tired), () => next.set(lo.add(hi).mul(0.5)));
          const still = next.sub(tau).abs().le(tau.abs().mul(ROUNDOFF));
          tau.set(next);
          found.when(still);
          r.bump(steps, 1);
          again.when(steps.lt(STEPS));
          r.bump(failed, 1);
        });
      });
      const shift = r.let(tau.re.splat());
      alongColumns(
        r,
        k,
        [column],
        ([p], o) => r.storeVector(p, r.let(r.loadVector(p, o).lanes('sub', 'f64', shift)), o),
        ([p]) => r.put(p, r.get(p).sub(tau)),
      );
      const pole = number(r, d, origin);
      const root = r.variable(pole.add(tau));
      r.if(squares, () => {
        // σ − d = τ/(d + σ), σ² = d² + τ
        const sigma = pole.mul(pole).add(tau).sqrt();
        root.set(pole.add(tau.div(pole.add(sigma))));
      });
      r.put(roots.add(i.mul(8)), root);
    });
    r.return(failed);
  };
  defineNumeric(module, field, params, 'i32', (r, ...all) => write(r, all), 'run');
}

/**
 * run(k, d, z, squares, differences, weights): the weights for which the roots are exact, with the signs of z. Vectors
 * made of them are orthogonal however close the roots are.
 */
export function addSecularWeights(module: ModuleCode): void {
  const distances = distancesOf(module);
  defineNumeric(
    module,
    field,
    i32s(6),
    undefined,
    (r, k, d, z, squares, differences, weights) => {
      const row = r.let(k.mul(8));
      const apart = r.let(weights.add(row)); // room for k more
      r.range(r.int(0), k, (j) => r.put(weights.add(j.mul(8)), -1));
      const column = r.let(differences);
      r.range(r.int(0), k, (i) => {
        r.run(distances, k, d, i, squares, apart);
        r.put(apart.add(i.mul(8)), 1);
        alongColumns(
          r,
          k,
          [weights, column, apart],
          ([p, q, s], o) => {
            const ratio = r.loadVector(q, o).lanes('div', 'f64', r.loadVector(s, o));
            r.storeVector(p, r.let(r.loadVector(p, o).lanes('mul', 'f64', ratio)), o);
          },
          ([p, q, s]) => r.put(p, r.get(p).mul(r.get(q).div(r.get(s)))),
        );
        r.bump(column, row);
      });
      r.range(r.int(0), k, (j) => {
        const at = r.let(weights.add(j.mul(8)));
        r.put(
          at,
          r
            .get(at)
            .abs()
            .sqrt()
            .copysign(number(r, z, j)),
        );
      });
    },
    'run',
  );
}

/**
 * run(k, d, weights, left, differences, places, to): unit vectors weightⱼ/(pⱼ − λᵢ) into the columns of `to`, element j at
 * places[j] (int32). With `left` those of singular values on the left: times dⱼ, the first −1.
 */
export function addSecularVectors(module: ModuleCode): void {
  const { norm } = new Vectors(module, field);
  defineNumeric(
    module,
    field,
    i32s(8),
    undefined,
    (r, k, d, weights, left, differences, places, to, work) => {
      const row = r.let(k.mul(8));
      const column = r.let(differences);
      r.range(r.int(0), k, () => {
        alongColumns(
          r,
          k,
          [weights, column, work],
          ([p, q, s], o) => r.storeVector(s, r.let(r.loadVector(p, o).lanes('div', 'f64', r.loadVector(q, o))), o),
          ([p, q, s]) => r.put(s, r.get(p).div(r.get(q))),
        );
        r.if(left, () => {
          alongColumns(
            r,
            k,
            [work, d],
            ([p, q], o) => r.storeVector(p, r.let(r.loadVector(p, o).lanes('mul', 'f64', r.loadVector(q, o))), o),
            ([p, q]) => r.put(p, r.get(p).mul(r.get(q))),
          );
          r.put(work, -1);
        });
        const length = r.real(r.call(norm, k, work));
        const [from, place] = [r.let(work), r.let(places)];
        r.range(r.int(0), k, () => {
          r.put(to.add(r.load('i32', place).mul(8)), r.get(from).div(length));
          r.bump(from, 8);
          r.bump(place, 4);
        });
        r.bump(column, row);
        r.bump(to, row);
      });
    },
    'run',
  );
}
