// The table of test folders is that of the folders there are, and files that share a process replace no modules.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolders } from '../../tools/test_folders.ts';

const testsOf = (folder: string): string[] =>
  readdirSync(join('test', folder), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts'));

test('every row is a folder with tests', () => {
  for (const folder of Object.keys(testFolders)) expect(testsOf(folder), folder).not.toEqual([]);
});

test('files that share a process leave the process alone', () => {
  const offences = Object.entries(testFolders)
    .filter(([, { alone }]) => alone === undefined)
    .flatMap(([folder]) => testsOf(folder).map((path) => join('test', folder, path)))
    .filter((path) => /\bvi\.(mock|stub|resetModules)|process\.env\.\w+ =/.test(readFileSync(path, 'utf8')));
  expect(offences).toEqual([]);
});
