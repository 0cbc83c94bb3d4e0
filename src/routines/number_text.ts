// Integers as text in another base: binary_repr, base_repr. Of single numbers; arrays are printed by array2string.

import { ArgumentError } from '../base/errors.ts';
import { checkInteger, describe } from '../exec/options.ts';

function whole(x: number | bigint, where: string): bigint {
  if (typeof x === 'bigint' || Number.isSafeInteger(x)) return BigInt(x);
  throw new ArgumentError(`${where} of ${describe(x)}`, 'pass an integer, as bigint beyond 2^53', {
    value: describe(x),
  });
}

/**
 * An integer in base 2. A negative one has a sign, or with `width` is two's complement of that many bits; a positive one
 * is padded with zeros to `width`.
 * @throws ArgumentError for what is no integer, or a width that does not hold it.
 * @example np.binary_repr(-3, 5) // '11101'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.binary_repr.html
 */
export function binary_repr(num: number | bigint, width: number | null = null): string {
  const n = whole(num, 'np.binary_repr');
  if (width === null) return n.toString(2);
  checkInteger(width, 'width', 'np.binary_repr', 0);
  const bits = n < 0n ? (-n - 1n).toString(2).length + (n === -1n ? 0 : 1) : n.toString(2).length;
  if (bits > width) {
    throw new ArgumentError(`np.binary_repr: ${n} does not fit ${width} bits`, `pass a width from ${bits}`, {
      width,
      bits,
    });
  }
  return BigInt.asUintN(width, n).toString(2).padStart(width, '0');
}

/**
 * An integer in a base from 2 to 36, with `padding` zeros in front.
 * @throws ArgumentError for what is no integer, or another base.
 * @example np.base_repr(10, 16) // 'A'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.base_repr.html
 */
export function base_repr(number: number | bigint, base = 2, padding = 0): string {
  const n = whole(number, 'np.base_repr');
  checkInteger(base, 'base', 'np.base_repr', 2);
  checkInteger(padding, 'padding', 'np.base_repr', 0);
  if (base > 36) throw new ArgumentError(`np.base_repr: base is ${base}`, 'use a base from 2 to 36', { base });
  const digits = (n < 0n ? -n : n).toString(base).toUpperCase();
  const shown = n === 0n ? '0'.repeat(Math.max(1, padding)) : '0'.repeat(padding) + digits;
  return n < 0n ? `-${shown}` : shown;
}
