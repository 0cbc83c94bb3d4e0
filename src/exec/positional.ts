// Leading positional arguments and the options object as one: `f(a, 2, 0)`, `f(a, 2, { axis: 0 })` and
// `f(a, { n: 2, axis: 0 })` are the same call.

import { ArgumentError } from '../base/errors.ts';
import { describe, type Options } from './options.ts';

/** An options object, and no array or number. */
export const isOptions = (x: unknown): x is object =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

/**
 * The arguments after the first by name: positional ones take `names` in order, an options object ends them.
 * @throws ArgumentError for an argument given twice, one too many, or an option that does not exist or fit.
 */
export function byName<O extends object>(
  names: readonly (keyof O & string)[],
  given: readonly unknown[],
  known: Options,
  where: string,
): O {
  let count = given.length;
  while (count > 0 && given[count - 1] === undefined) count--;
  const last = given[count - 1];
  const options = count > 0 && isOptions(last) ? last : undefined;
  const leading = options === undefined ? count : count - 1;
  if (leading > names.length) {
    throw new ArgumentError(
      `${where}: ${describe(given[names.length])} is one argument too many`,
      `name what you mean: { ${names.join(', ')} }`,
      { where },
    );
  }
  const settled: Record<string, unknown> = { ...options };
  for (let i = 0; i < leading; i++) {
    if (given[i] === undefined) continue;
    if (settled[names[i]] !== undefined) {
      throw new ArgumentError(`${where}: ${names[i]} is given twice`, 'leave it out of the options', {
        where,
        option: names[i],
      });
    }
    settled[names[i]] = given[i];
  }
  known.check(settled, where);
  return settled as O; // its values were checked by name
}
