// What the checked lines of a documentation example call: see examples.test.ts.
import { expect } from 'vitest';
import { OrthantError } from '../../src/base/errors.ts';

/** As a reader would see it: arrays and classes by toString, plain data as JSON, strings as they are. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return `${value}n`;
  const plain = Array.isArray(value) || Object.getPrototypeOf(value ?? {}) === Object.prototype;
  return plain ? JSON.stringify(value) : String(value);
}

export async function gives(run: () => Promise<unknown>, want: string, where: string): Promise<void> {
  expect(flat(shown(await run())), where).toBe(flat(want));
}

export async function throws(run: () => Promise<unknown>, want: string, where: string): Promise<void> {
  const error = await run().then(
    (value) => `nothing thrown, it gave ${shown(value)}`,
    (error: unknown) => (error instanceof OrthantError ? error.tag : error),
  );
  expect(error, where).toBe(want);
}

/** On one line: a comment cannot hold the line breaks of a matrix. */
function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}
