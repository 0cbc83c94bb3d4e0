// Determinants from L and U: the product of U's diagonal, its sign turned by every exchange of rows. The product is kept
// as a number of medium size and a count of factors 2^±S, so that nothing overflows on the way to a determinant that
// does not, and the logarithm of the number loses nothing.

import { kernelOf } from '../../kernel/compile.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import type { Segment } from '../../memory/segment.ts';
import { defineNumeric, type Field, type Num, type NumberRoutine, type NumVariable } from './language.ts';
import { i32s } from './lu_kernel.ts';
import { type Along, overStack } from './over_stack.ts';

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

/**
 * run(count, a, pivots, info, …out, n): of every matrix det to out₀; or its sign, the magnitude of the medium number and
 * the count of factors to out₀ to out₂: 0, 1 and −∞ of a singular matrix.
 */
function addDeterminant(module: ModuleCode, field: Field, parts: boolean): void {
  const { bytes, width } = field;
  defineNumeric(
    module,
    field,
    i32s(parts ? 9 : 7),
    undefined,
    (r, count, a, pivots, info, first, ...others) => {
      const n = others[parts ? 2 : 0];
      const [second, third] = others;
      const product = r.variable(1);
      const exponent = r.variable(0, 'real');
      const put = (sign: Num | number, size: Num | number, power: Num | number): void => {
        r.put(first, sign);
        r.putReal(second, size);
        r.putReal(third, power);
      };
      r.range(r.int(0), count, () => {
        product.set(1);
        exponent.set(0);
        r.range(r.int(0), n, (i) => {
          const d = r.variable(r.get(a));
          normalize(r, d, exponent);
          const turned = r.load('i32', pivots).ne(i.add(1));
          const next = product.mul(d);
          product.set(next);
          r.if(turned, () => product.set(next.neg()));
          normalize(r, product, exponent);
          r.bump(a, n.add(1).mul(bytes));
          r.bump(pivots, 4);
        });
        r.set(a, a.sub(n.mul(bytes)));
        const singular = r.load('i32', info);
        // One more factor fits where it brings the number nearer to 1.
        const big = 2 ** scaleExponent(field);
        const merge = (from: number, to: number, by: number, side: (size: Num) => ReturnType<Num['lt']>): void =>
          r.if(exponent.eq(from).and(side(product.abs1())), () => {
            product.set(product.mul(by));
            exponent.set(to);
          });
        merge(1, 0, big, (size) => size.lt(1));
        merge(-1, 0, 1 / big, (size) => r.number(1).lt(size));
        if (parts) {
          r.if(
            singular,
            () => put(0, 1, Number.NEGATIVE_INFINITY),
            () => {
              const size = product.abs();
              put(field.complex ? product.div(size) : r.number(1).copysign(product), size, exponent);
            },
          );
        } else {
          r.block((leave) => {
            r.loop((again) => {
              leave.when(exponent.eq(0));
              const up = r.number(0).lt(exponent);
              r.if(
                up,
                () => {
                  product.set(product.mul(big));
                  exponent.set(exponent.sub(1));
                },
                () => {
                  product.set(product.mul(1 / big));
                  exponent.set(exponent.add(1));
                },
              );
              again();
            });
          });
          r.if(singular, () => product.set(0));
          r.put(first, product);
        }
        r.bump(info, 4);
        r.bump(first, bytes);
        if (parts) {
          r.bump(second, width);
          r.bump(third, width);
        }
      });
    },
    'run',
  );
}

/** From L and U of `count` dense n × n matrices, their pivots and infos: determinants to `det`, by elements. */
export function determinants(
  segment: Segment,
  field: Field,
  count: number,
  n: number,
  [a, pivots, info, ...out]: readonly number[],
): void {
  const parts = out.length > 1;
  const kernel = kernelOf(`determinant.${parts ? 'parts' : 'whole'}.${field.name}`, (module) =>
    addDeterminant(module, field, parts),
  );
  const operands: Along[] = [
    [a, n * n * field.bytes],
    [pivots, 4 * n],
    [info, 4],
    ...out.map((ptr, i): Along => [ptr, i === 0 ? field.bytes : field.width]),
  ];
  overStack(segment, kernel, count, n, operands, [n]);
}
