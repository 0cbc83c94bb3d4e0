// The layer check can fail: one small source tree per rule.
import { expect, test } from 'vitest';
import { offences, ranks } from '../../tools/layers.ts';
import { importsOf } from '../../tools/sources.ts';

const rows: [string, Record<string, string>, RegExp[]][] = [
  [
    'downward, own folder and a type of a module are fine',
    {
      'src/base/a.ts':
        "import type { X } from 'node:fs';\nconst f = platform.builtin<typeof import('node:fs')>('node:fs');",
      'src/ops/b.ts': "import { a } from '../base/a.ts';\nimport { c } from './deep/_c.ts';",
      'src/ops/deep/d.ts': "import { c } from './_c.ts';",
      'src/ops/deep/_c.ts': '',
      'src/index.ts': "export * from './ops/b.ts';",
      'cli/main.ts': "import * as np from '../src/index.ts';\nimport { readFileSync } from 'node:fs';",
    },
    [/^src\/ops\/b\.ts:2 -> .*private/],
  ],
  [
    'upward',
    { 'src/base/a.ts': "import { b } from '../dtype/b.ts';", 'src/dtype/b.ts': '' },
    [/base\/a\.ts:1 .* upward/],
  ],
  ['a type upward', { 'src/base/a.ts': "import type { B } from '../ops/b.ts';", 'src/ops/b.ts': '' }, [/upward/]],
  ['sideways', { 'src/shape/a.ts': "export { b } from '../dtype/b.ts';", 'src/dtype/b.ts': '' }, [/sideways/]],
  [
    'over several lines',
    { 'src/fft/a.ts': "import {\n  b,\n} from '../io/b.ts';", 'src/io/b.ts': '' },
    [/a\.ts:3 .*sideways/],
  ],
  ['dynamic', { 'src/io/a.ts': "const b = await import('../diag/b.ts');", 'src/diag/b.ts': '' }, [/upward/]],
  ['a folder without a rank', { 'src/utils/a.ts': '' }, [/utils\/ has no rank/]],
  [
    'the index',
    { 'src/io/a.ts': "import { b } from './index.ts';", 'src/io/index.ts': '' },
    [/nothing in src imports/],
  ],
  ['private', { 'src/io/a.ts': "import { b } from '../base/_b.ts';", 'src/base/_b.ts': '' }, [/private to its folder/]],
  ['a missing extension', { 'src/io/a.ts': "import { b } from './b';", 'src/io/b.ts': '' }, [/no such file/]],
  ['a server-side module', { 'src/io/a.ts': "import { readFileSync } from 'node:fs';" }, [/use platform\.builtin/]],
  [
    'a cycle',
    {
      'src/io/a.ts': "import { b } from './b.ts';",
      'src/io/b.ts': "import { c } from './c.ts';",
      'src/io/c.ts': "import { a } from './a.ts';",
    },
    [/^cycle: src\/io\/a\.ts -> src\/io\/b\.ts -> src\/io\/c\.ts -> src\/io\/a\.ts$/],
  ],
  [
    'a cycle of types only',
    { 'src/io/a.ts': "import type { B } from './b.ts';", 'src/io/b.ts': "import './a.ts';" },
    [],
  ],
];

test.each(rows)('%s', (_, files, expected) => {
  const found = offences(new Map(Object.entries(files)));
  expect(found.length).toBe(expected.length);
  for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
});

test('imports in comments and strings are not imports', () => {
  const text =
    "// import { a } from './a.ts'\n/** @example import b from './b.ts' */\nconst s = `from './c.ts'`;\nf('./d.ts');";
  expect(importsOf(text)).toEqual([]);
});

test('ranks are whole numbers from the bottom up', () => {
  expect(Object.values(ranks).every((rank) => Number.isInteger(rank))).toBe(true);
  expect([ranks.base, ranks.cli]).toEqual([0, 12]);
});
