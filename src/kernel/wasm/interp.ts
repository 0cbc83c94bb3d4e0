// Piecewise linear interpolation in ordered points: run(n, x, y, xp, fp, m, left…, right…) with all values float64, `fp`
// and the edges of one part or two. Arguments are taken four at a time: where all lie in the interval at hand no search
// is made, else the four are searched for in step, by halving without branches, so that their loads overlap.

import { asValue, define, type Routine, Value, type Variable } from './assembler.ts';
import type { ModuleCode } from './encoder.ts';

const TOGETHER = 4;

const quotient = (a: Value, b: Value): Value =>
  new Value('f64', (f) => {
    a.write(f);
    b.write(f);
    f.op(0xa3);
  });
const both = (conditions: readonly Value[]): Value => conditions.reduce((a, b) => a.and(b));
const locals = (r: Routine, type: 'i32' | 'f64', count: number): Variable[] =>
  Array.from({ length: count }, () => r.local(type));

/** Adds `run` for values of one part (real) or two (complex). */
export function addInterp(module: ModuleCode, parts: 1 | 2): void {
  const item = 8 * parts;
  const edges = new Array<'f64'>(2 * parts).fill('f64');
  define(
    module,
    ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', ...edges],
    undefined,
    (r, n, x, y, xp, fp, m, ...outside) => {
      const last = r.let(m.sub(1));
      const lowest = r.let(r.load('f64', xp));
      const highest = r.let(r.load('f64', last.shl(3).add(xp)));
      const top = r.let(last.mul(item).add(fp));
      // The interval at hand: its ends, values there and slopes; at first one that contains nothing.
      const [from, to, t] = locals(r, 'f64', 3);
      const [value, next, slope] = [locals(r, 'f64', parts), locals(r, 'f64', parts), locals(r, 'f64', parts)];
      r.set(from, Number.POSITIVE_INFINITY);
      r.set(to, Number.POSITIVE_INFINITY);
      const vs = locals(r, 'f64', TOGETHER);
      const ats = locals(r, 'i32', TOGETHER);
      const [length, half] = locals(r, 'i32', 2);
      const put = (p: number, z: Value, q: number): void => r.store('f64', y, z, q * item + 8 * p);

      /** The addresses of the last coordinates that are not above the first `count` arguments. */
      const halve = (count: number): void => {
        for (let q = 0; q < count; q++) r.set(ats[q], xp);
        r.set(length, last);
        r.while(asValue(1, 'i32').lt(length), () => {
          r.set(half, length.shr(1));
          for (let q = 0; q < count; q++) {
            // By a mask, since engines make branches of `select`, and these would be guessed wrong half of the time.
            const ahead = r.load('f64', ats[q].add(half.shl(3))).le(vs[q]);
            r.bump(ats[q], asValue(0, 'i32').sub(ahead).and(half.shl(3)));
          }
          r.set(length, length.sub(half));
        });
      };
      const enter = (at: Variable): void => {
        r.set(from, r.load('f64', at));
        r.set(to, r.load('f64', at, 8));
        const place = r.let(at.sub(xp).mul(parts).add(fp));
        for (let p = 0; p < parts; p++) {
          r.set(value[p], r.load('f64', place, 8 * p));
          r.set(next[p], r.load('f64', place, item + 8 * p));
          r.set(slope[p], quotient(next[p].sub(value[p]), to.sub(from)));
        }
      };
      const evaluate = (q: number): void => {
        const v = vs[q];
        for (let p = 0; p < parts; p++) {
          r.set(t, slope[p].mul(v.sub(from)).add(value[p]));
          // Infinite slopes or values: from the other end, or level; at a point its own value.
          r.if(t.ne(t), () => {
            r.set(t, slope[p].mul(v.sub(to)).add(next[p]));
            r.if(t.ne(t).and(value[p].eq(next[p])), () => r.set(t, value[p]));
            r.if(from.eq(v), () => r.set(t, value[p]));
          });
          put(p, t, q);
        }
      };
      const advance = (count: number): void => {
        r.bump(x, 8 * count);
        r.bump(y, item * count);
        r.set(n, n.sub(count));
      };
      const load = (count: number): void => {
        for (let q = 0; q < count; q++) r.set(vs[q], r.load('f64', x, 8 * q));
      };
      const one = (): void => {
        const v = vs[0];
        const all = (z: (p: number) => Value): void => {
          for (let p = 0; p < parts; p++) put(p, z(p), 0);
        };
        load(1);
        r.if(both([lowest.le(v), v.lt(highest)]), () => {
          halve(1);
          enter(ats[0]);
          evaluate(0);
        });
        r.if(v.lt(lowest), () => all((p) => outside[p]));
        r.if(highest.lt(v), () => all((p) => outside[parts + p]));
        r.if(v.eq(highest), () => all((p) => r.load('f64', top, 8 * p)));
        r.if(v.ne(v), () => all((p) => (p === 0 ? v : asValue(0, 'f64'))));
        advance(1);
      };

      const left = r.local('i32');
      r.while(asValue(TOGETHER - 1, 'i32').lt(n), () => {
        load(TOGETHER);
        r.if(
          both(vs.flatMap((v) => [from.le(v), v.lt(to)])),
          () => {
            for (let q = 0; q < TOGETHER; q++) evaluate(q);
            advance(TOGETHER);
          },
          () =>
            r.if(
              both(vs.flatMap((v) => [lowest.le(v), v.lt(highest)])),
              () => {
                halve(TOGETHER);
                for (let q = 0; q < TOGETHER; q++) {
                  enter(ats[q]);
                  evaluate(q);
                }
                advance(TOGETHER);
              },
              () => {
                r.set(left, TOGETHER);
                r.while(left, () => {
                  one();
                  r.set(left, left.sub(1));
                });
              },
            ),
        );
      });
      r.while(n, one);
    },
    'run',
  );
}
