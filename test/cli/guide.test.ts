// The pages about commands: every ```console block is run, and prints what the page says.

import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { check } from '../../cli/check/command.ts';
import { inspect } from '../../cli/inspect/command.ts';
import * as np from '../../src/index.ts';
import { createZarr, createZarrGroup } from '../../src/io/zarr/create.ts';
import { runHere, useFolder } from './_here.ts';

const at = useFolder();
const commands = { inspect, check };

beforeAll(async () => {
  const waves = np.multiply(np.sin(np.multiply(np.arange(8000), 0.01)), 5);
  const temperature = np.round(np.add(waves, 20), 1).reshape(1000, 8).astype('float32');
  temperature.set([0, 0], Number.NaN);
  temperature.set([7, 3], Number.NaN);
  temperature.set([8, 3], Number.NEGATIVE_INFINITY);
  np.saveSync(at('temperature.npy'), temperature);
  writeFileSync(at('people.csv'), 'name,height,n\n"a, b",1.5,3\nc,,4\nd,2,5\n');
  await createZarrGroup(at('station.zarr'));
  const wind = await createZarr(at('station.zarr/wind'), {
    shape: [4, 6],
    chunks: [2, 6],
    dtype: 'int16',
    fill_value: -1,
    compressor: 'none',
    dimension_names: ['time', 'place'],
    attributes: { units: 'm/s' },
  });
  await wind.write?.({ start: [0, 0], shape: [2, 6] }, np.arange(12).reshape(2, 6).astype('int16'));
  await wind.close();
  const features = np.add(np.zeros([4, 3]), 0.5);
  np.saveSync(at('features.npy'), features);
  features.set([2, 1], -0.25);
  np.saveSync(at('shifted.npy'), features);
  writeFileSync(
    at('ranges.json'),
    '{ "version": 1, "arrays": { "x": { "array": "float64[n, 3]", "nan": false, "min": 0 } } }',
  );
});

const blocks = ['docs/guide/inspect.md', 'docs/guide/ci.md'].flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^```console\n\$ orthant (\w+) (.*)\n([\s\S]*?)^```$/gm)].map(
    ([, command, args, output]) => ({ page, command, args, output }),
  ),
);

test.each(blocks)('$page: orthant $command $args', async ({ page, command, args, output }) => {
  const known = commands[command as keyof typeof commands]; // a page with another fails here
  const given = args.split(' ').map((arg) => (/\.\w+$/.test(arg) ? at(arg) : arg));
  const ran = await runHere(known, ...given);
  expect(ran.errors).toBe('');
  const printed = ran.output.replaceAll(`${at('')}/`, '');
  if (process.env.UPDATE_GUIDE !== undefined) {
    // Writes the page anew, for a look at the difference.
    const [before, after] = [output, printed].map((text) => `$ orthant ${command} ${args}\n${text}`);
    writeFileSync(
      page,
      readFileSync(page, 'utf8').replace(before, () => after),
    );
  }
  expect(printed).toBe(output);
});

test('there are such blocks', () => expect(blocks.length).toBeGreaterThan(3));
