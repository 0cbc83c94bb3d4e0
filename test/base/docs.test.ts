// The tables of docs/design/base.md and docs/design/README.md say what the code says.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configRows } from '../../src/base/config.ts';
import { ranks } from '../../tools/layers.ts';

test('every setting stands in the docs with its variables', () => {
  const page = readFileSync('docs/design/base.md', 'utf8');
  for (const [name, { env }] of Object.entries(configRows)) {
    expect(page).toContain(`| \`${name}\` | ${env.map((variable) => `\`${variable}\``).join(', ')} |`);
  }
});

test('every layer stands in the docs with its rank', () => {
  const page = readFileSync('docs/design/README.md', 'utf8');
  const rows = [...page.matchAll(/^\| (\d+) \| `(?:src\/)?([\w.]+)` \|/gm)];
  const written = rows.map(([, rank, name]) => [name === 'index.ts' ? 'entry' : name, Number(rank)]);
  expect(Object.fromEntries(written)).toEqual(ranks);
});
