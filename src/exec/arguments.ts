// What an argument must be at least, before anything looks inside it. Options are checked by options.ts, arrays by
// coerce.ts, dtypes by asDType.

import { ArgumentError } from '../base/errors.ts';
import { describe } from './options.ts';

function refuse(x: unknown, name: string, where: string, is: string): never {
  throw new ArgumentError(`${where}: ${name} is ${describe(x)}, not ${is}`, `pass ${is}`, { [name]: describe(x) });
}

/** Refuses what is not a list. */
export function requireList(x: unknown, name: string, where: string): void {
  if (!Array.isArray(x)) refuse(x, name, where, 'a list');
}

/** Refuses what is not a function. */
export function requireFunction(x: unknown, name: string, where: string): void {
  if (typeof x !== 'function') refuse(x, name, where, 'a function');
}

/** Refuses what is not a number. */
export function requireNumber(x: unknown, name: string, where: string): void {
  if (typeof x !== 'number') refuse(x, name, where, 'a number');
}
