// Which cases there are: the suite, or what a user's module exports, looked at so that a mistake is said by name.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FormatError } from '../../src/base/errors.ts';
import type { BenchCase } from '../../src/bench.ts';
import { arrays } from './suite/arrays.ts';
import { models } from './suite/models.ts';
import { tables } from './suite/tables.ts';

export const suite: readonly BenchCase[] = [...tables, ...models, ...arrays];

const shape =
  'export default [{ name: string, make(np, size) { return { run() {} } } }]; see docs/guide/benchmarking.md';

/** @throws FormatError for exports of another form, and for names that occur twice. */
export function casesFrom(exported: unknown, path: string): readonly BenchCase[] {
  const wrong = (what: string): never => {
    throw new FormatError(`${path}: ${what}`, shape, { path });
  };
  if (!Array.isArray(exported) || exported.length === 0) return wrong('its default export is no list of cases');
  const names = new Set<string>();
  exported.forEach((entry: unknown, i) => {
    const given = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const which = typeof given.name === 'string' && given.name.trim() !== '' ? `case '${given.name}'` : `case ${i}`;
    if (which === `case ${i}`) wrong(`${which} has no name`);
    if (typeof given.make !== 'function') wrong(`${which} has no function make`);
    if (given.about !== undefined && typeof given.about !== 'string') wrong(`${which}: about is no text`);
    for (const [field, least] of Object.entries({ size: 1, settle: 0 })) {
      const value = given[field];
      if (value !== undefined && !(Number.isSafeInteger(value) && Number(value) >= least)) {
        wrong(`${which}: ${field} is no whole number of at least ${least}`);
      }
    }
    if (names.has(String(given.name))) wrong(`${which} is there twice`);
    names.add(String(given.name));
  });
  return exported as readonly BenchCase[]; // every field was looked at
}

/** The suite, or the cases of a user's module. @throws FormatError when it cannot be loaded, or for what is in it. */
export async function loadCases(path: string | undefined): Promise<readonly BenchCase[]> {
  if (path === undefined) return suite;
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    const [why] = String(error).split('\n');
    throw new FormatError(`${path} cannot be loaded: ${why}`, `it must be a module: ${shape}`, { path });
  }
  return casesFrom(module.default, path);
}
