// What users of the types pay and read: the number of types that the compiler makes for a large file, and the one line
// it prints for a wrong broadcast. Counts, not times. The files are compiled against declarations, as users' are:
// against the sources the compiler would check the whole library each time.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folder = mkdtempSync(join('test', 'types', 'made-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tsc = (...args: readonly string[]): string =>
  spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', ...args], { encoding: 'utf8' }).stdout;

/** What the compiler says of a short file; the long one is compared with it. */
let short = '';
beforeAll(() => {
  tsc('-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(folder, 'types'));
  short = compile('short', ['np.zeros([3, 4]).add(np.ones([2, 5, 5]).get(0, ":", ":2").reshape(3, 5));']);
}, 120_000);

/** The compiler's output for a file of these lines after the import. */
function compile(name: string, lines: readonly string[]): string {
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, [`import * as np from './types/index.js';`, ...lines, ''].join('\n'));
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({ extends: '../../../tsconfig.json', include: [`${name}.ts`], exclude: [] }),
  );
  return tsc('-p', join(folder, `${name}.json`), '--extendedDiagnostics');
}

const instantiations = (output: string): number => Number(/^Instantiations:\s*(\d+)/m.exec(output)?.[1]);

it('a file of 400 statements', { timeout: 120_000 }, () => {
  const statements = Array.from({ length: 100 }, (_, i) => [
    `export const a${i} = np.ones([${i + 2}, 1]).add(np.zeros([1, ${i + 3}], { dtype: 'float32' }));`,
    `export const b${i} = np.sum(np.multiply(a${i}, ${i}), 0, { keepdims: true });`,
    `export const c${i} = np.matmul(a${i}, a${i}.T).get(':', 0);`,
    `export const d${i}: number = np.sqrt(np.abs(c${i})).max();`,
  ]).flat();
  const large = compile('large', statements);
  expect(large).not.toMatch(/error/);
  // 2026-11: about 4,470 for four statements. A jump means that some type began to be computed over and over.
  const each = (instantiations(large) - instantiations(short)) / 100;
  expect(each).toBeLessThan(6_000);
  expect(each).toBeGreaterThan(2_000); // it was the library's types that were counted
});

it('a wrong broadcast is one readable line', () => {
  const errors = short.split('\n').filter((line) => /^\S.*error TS|^ {2}\S/.test(line) && !/^\w[\w ]+:/.test(line));
  expect(errors.map((line) => line.slice(line.indexOf('error')))).toEqual([
    'error TS2345: Argument of type \'NDArray<"float64", [3, 5]>\' is not assignable to parameter of type \'"cannot broadcast dimension 4 with 5"\'.',
  ]);
});
