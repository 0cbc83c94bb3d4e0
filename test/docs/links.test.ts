// Links between pages lead somewhere, and every guide is in the index.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { pages } from './_blocks.ts';

const linksOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/\]\((?!\w+:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) =>
    join(dirname(path), target),
  );

test.each([...pages, 'CONTRIBUTING.md'])('%s', (path) => {
  expect(linksOf(path).filter((target) => !existsSync(target))).toEqual([]);
});

test('the index lists all guides', () => {
  const guides = readdirSync('docs/guide', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs/guide', path));
  expect(linksOf('docs/README.md')).toEqual(expect.arrayContaining(guides));
});
