// Determinants from L and U: the product of U's diagonal, its sign turned by every exchange of rows. The product is kept
// as a number of medium size and a count of factors 2^±S, so that nothing overflows on the way to a determinant that
// does not, and the logarithm of the number loses nothing.

import { type Callee, constant, type Variable } from '../../kernel/wasm/assembler.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import type { Segment } from '../../memory/segment.ts';
import { defineNumeric, type Field, i32s, type NumberRoutine, type NumVariable } from './language.ts';
import type { MatrixAt } from './level3.ts';
import { addFactor } from './lu_kernel.ts';
import { type Along, overStack } from './over_stack.ts';
import { perField } from './per_field.ts';
import { addTransfer } from './transfer.ts';
import { factor, loaded, written } from './unrolled.ts';
import { Vectors } from './vectors.ts';

/** Exponent of the factors taken out: products of two numbers within them stay in range. */
export const scaleExponent = (field: Field): number => (field.width === 4 ? 62 : 510);

/** `x` brought between 2^−S and 2^S by such factors, which `exponent` counts; zeros, infinities and NaN stay. */
function normalize(r: NumberRoutine, x: NumVariable, exponent: NumVariable): void {
  const big = 2 ** scaleExponent(r.field);
  const size = x.abs1();
  r.if(r.number(big).lt(size), () => {
    x.set(x.mul(1 / big));
    exponent.set(exponent.add(1));
  });
  r.if(size.lt(1 / big).and(r.number(0).lt(size)), () => {
    x.set(x.mul(big));
    exponent.set(exponent.sub(1));
  });
}

type Sink = (r: NumberRoutine, out: readonly Variable[], product: NumVariable, exponent: NumVariable) => void;

/** What is written of a determinant: itself; or its sign, the medium number's magnitude and the count of factors. */
const sinks: Record<'whole' | 'parts', { readonly outs: number; readonly put: Sink; readonly none: Sink }> = {
  whole: {
    outs: 1,
    put: (r, [det], product, exponent) => {
      const big = 2 ** scaleExponent(r.field);
      r.while(exponent.re.ne(0), () => {
        const up = r.let(constant(r.field.lane, 0).lt(exponent.re));
        const factor = r.real(up.select(constant(r.field.lane, big), constant(r.field.lane, 1 / big)));
        product.set(product.mul(factor));
        exponent.set(exponent.sub(r.real(up.select(constant(r.field.lane, 1), constant(r.field.lane, -1)))));
      });
      r.put(det, product);
    },
    none: (r, [det]) => r.put(det, 0),
  },
  parts: {
    outs: 3,
    put: (r, [sign, size, power], product, exponent) => {
      const length = product.abs();
      r.put(sign, r.field.complex ? product.div(length) : r.number(1).copysign(product));
      r.putReal(size, length);
      r.putReal(power, exponent);
    },
    none: (r, [sign, size, power]) => {
      r.put(sign, 0);
      r.putReal(size, 1);
      r.putReal(power, Number.NEGATIVE_INFINITY);
    },
  },
};
export type Parts = keyof typeof sinks;

/** product(n, a, pivots, info, …out): what is written of the determinant of a dense matrix from its L and U. */
function addProduct(module: ModuleCode, field: Field, parts: Parts): Callee {
  const { outs, put, none } = sinks[parts];
  const { bytes } = field;
  return defineNumeric(module, field, i32s(4 + outs), undefined, (r, n, a, pivots, info, ...out) => {
    r.if(info, () => {
      none(r, out, r.variable(0), r.variable(0, 'real'));
      r.return();
    });
    const product = r.variable(1);
    const exponent = r.variable(0, 'real');
    r.range(r.int(0), n, (i) => {
      const d = r.variable(r.get(a));
      normalize(r, d, exponent);
      r.if(r.load('i32', pivots).ne(i.add(1)), () => d.set(d.neg()));
      product.set(product.mul(d));
      normalize(r, product, exponent);
      r.bump(a, n.add(1).mul(bytes));
      r.bump(pivots, 4);
    });
    // One more factor where it brings the number nearer to 1: the logarithm of what fits the dtype loses nothing.
    const big = 2 ** scaleExponent(field);
    r.if(exponent.eq(1).and(product.abs1().lt(1)), () => {
      product.set(product.mul(big));
      exponent.set(0);
    });
    r.if(exponent.eq(-1).and(r.number(1).lt(product.abs1())), () => {
      product.set(product.mul(1 / big));
      exponent.set(0);
    });
    put(r, out, product, exponent);
  });
}

/** Moves the places of results on to the next matrix. */
function advance(r: NumberRoutine, out: readonly Variable[]): void {
  for (const place of out) r.bump(place, place === out[0] ? r.field.bytes : r.field.width);
}

/** run(count, a, pivots, info, …out, n, work): from L and U of dense matrices. */
const factoredKernel = (parts: Parts) =>
  perField(`determinant.${parts}`, (module, field) => {
    const product = addProduct(module, field, parts);
    const { outs } = sinks[parts];
    const write = (r: NumberRoutine, ...params: Variable[]): void => {
      const [count, a, pivots, info] = params;
      const out = params.slice(4, 4 + outs);
      const n = params[4 + outs];
      r.range(r.int(0), count, () => {
        r.run(product, n, a, pivots, r.load('i32', info), ...out);
        r.bump(a, n.mul(n).mul(field.bytes));
        r.bump(pivots, n.mul(4));
        r.bump(info, 4);
        advance(r, out);
      });
    };
    defineNumeric(module, field, i32s(6 + outs), undefined, write, 'run');
  });

/** run(count, a, …out, n, row, column, step, work): of matrices as they lie; `work` has room for one and n pivots. */
const smallKernel = (parts: Parts) =>
  perField(`small.determinant.${parts}`, (module, field) => {
    const product = addProduct(module, field, parts);
    const factor = addFactor(module, field, new Vectors(module, field));
    const transfer = addTransfer(module, field);
    const { outs } = sinks[parts];
    const write = (r: NumberRoutine, ...params: Variable[]): void => {
      const [count, a] = params;
      const out = params.slice(2, 2 + outs);
      const [n, row, column, step, work] = params.slice(2 + outs);
      const ld = r.let(n.mul(field.bytes));
      const pivots = r.let(work.add(n.mul(ld)));
      r.range(r.int(0), count, () => {
        r.run(transfer, n, n, a, row, column, work, r.int(field.bytes), ld);
        const info = r.let(r.call(factor, n, n, work, ld, pivots));
        r.run(product, n, work, pivots, info, ...out);
        r.bump(a, step);
        advance(r, out);
      });
    };
    defineNumeric(module, field, i32s(7 + outs), undefined, write, 'run');
  });

/** The same of the orders that are written out. */
const writtenKernel = (parts: Parts) => {
  const { outs } = sinks[parts];
  return written(`written.determinant.${parts}`, 7 + outs, (r, n, params, module) => {
    const product = addProduct(module, r.field, parts);
    const [count, from] = params;
    const out = params.slice(2, 2 + outs);
    const [, row, column, step, work] = params.slice(2 + outs);
    const { bytes } = r.field;
    const pivots = r.let(work.add(n * n * bytes));
    r.range(r.int(0), count, () => {
      const a = loaded(r, n, from, row, column);
      const done = factor(r, a);
      for (const [i, line] of a.entries()) {
        r.put(work, line[i], i * (n + 1) * bytes);
        r.store('i32', pivots, done.pivots[i].add(1), 4 * i);
      }
      r.run(product, r.int(n), work, pivots, done.info, ...out);
      r.bump(from, step);
      advance(r, out);
    });
    r.return(0);
  });
};

const factored = { whole: factoredKernel('whole'), parts: factoredKernel('parts') };
const small = { whole: smallKernel('whole'), parts: smallKernel('parts') };
const smallest = { whole: writtenKernel('whole'), parts: writtenKernel('parts') };

/** Addresses of results, by elements of the field and, from the second on, of its real numbers. */
const outputs = (field: Field, out: readonly number[]): Along[] =>
  out.map((ptr, i) => [ptr, i === 0 ? field.bytes : field.width]);

/** Determinants to `out` from L and U of `count` dense n × n matrices, their pivots and infos. */
export function factoredDeterminants(
  segment: Segment,
  field: Field,
  count: number,
  n: number,
  [a, pivots, info]: readonly number[],
  out: readonly number[],
): void {
  const kernel = factored[out.length > 1 ? 'parts' : 'whole'](field);
  const operands: Along[] = [[a, n * n * field.bytes], [pivots, 4 * n], [info, 4], ...outputs(field, out)];
  overStack(segment, kernel, count, n, operands, [n]);
}

/** The same of small matrices as they lie, `step` bytes from one to the next. */
export function smallDeterminants(
  segment: Segment,
  field: Field,
  count: number,
  n: number,
  a: MatrixAt,
  step: number,
  out: readonly number[],
): void {
  const parts = out.length > 1 ? 'parts' : 'whole';
  const kernel = smallest[parts](field, n) ?? small[parts](field);
  const operands: Along[] = [[a.ptr, step], ...outputs(field, out)];
  const bytes = n * n * field.bytes + 4 * n;
  overStack(segment, kernel, count, n * n * n, operands, [n, a.rowStride, a.columnStride, step], bytes);
}
