// `orthant check CONTRACT FILE…`: arrays in files against a contract, for CI: text, JSON or JUnit, exit code 1 on a
// violation. `--lock MANIFEST` checks the runtime itself. What a contract says is src/contract/.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as np from '../../src/index.ts';
import type { StoredArray } from '../../src/io/blocks.ts';
import { printable } from '../amounts.ts';
import { paintFor } from '../colour.ts';
import { type Command, type Given, UsageError } from '../command.ts';
import { isUsers, problemOf } from '../explain.ts';
import { writeText } from '../files.ts';
import { progressOf } from '../progress.ts';
import { kindOf } from '../stored/kind.ts';
import { type Entry, openStored } from '../stored/open.ts';
import { junit } from './junit.ts';

export const check: Command = {
  name: 'check',
  summary: 'Hold arrays in files against a contract, or the runtime against a manifest.',
  takes: ['[CONTRACT FILE…]'],
  options: {
    lock: { value: 'MANIFEST', doc: 'check the runtime against what np.lock() wrote' },
    junit: { value: 'FILE', doc: 'write the results as JUnit XML too' },
    json: { doc: 'print one JSON object instead of text' },
  },
  about: `CONTRACT is JSON: { "version": 1, "arrays": { "x": "float64[n, d]", "w": { "array":
"float64[d]", "min": 0, "nan": false } } }. An .npz file or a Zarr hierarchy must satisfy
it by itself. A contract of one array takes .npy files, each by itself; several arrays
from several files are named: x=data.npy w=weights.zarr. Elements are read in blocks,
so files may be larger than the memory.
`,
  exits: { 1: 'something does not hold, or could not be read' },
  run,
};

/** One thing that was checked. */
export interface Outcome {
  readonly name: string;
  /** Why it does not hold; undefined where it does. */
  readonly failure: string | undefined;
}

async function run(given: Given): Promise<number> {
  const [contractFile, ...files] = given.args;
  const manifest = given.text('lock');
  if (manifest === undefined && contractFile === undefined)
    throw new UsageError('CONTRACT and FILE, or --lock, are missing');
  if (contractFile !== undefined && files.length === 0) throw new UsageError('FILE is missing');
  const outcomes = [
    ...(manifest === undefined ? [] : lockOutcomes(manifest)),
    ...(contractFile === undefined ? [] : await contractOutcomes(contractFile, files)),
  ];
  const failures = outcomes.filter((o) => o.failure !== undefined).length;
  const xml = given.text('junit');
  if (xml !== undefined) writeText(xml, junit('orthant check', outcomes));
  if (given.flag('json')) process.stdout.write(`${JSON.stringify({ outcomes, failures }, null, 2)}\n`);
  else {
    const paint = paintFor(process.stdout);
    for (const { name, failure } of outcomes) {
      const mark = failure === undefined ? paint('good', 'ok  ') : paint('bad', 'FAIL');
      process.stdout.write(`${mark}  ${printable(name)}\n`);
      if (failure !== undefined) process.stdout.write(`      ${printable(failure)}\n`);
    }
    process.stdout.write(`${outcomes.length - failures} of ${outcomes.length} hold\n`);
  }
  return failures === 0 ? 0 : 1;
}

function json(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new np.FormatError(
      `${path} is not JSON: ${error instanceof Error ? error.message : error}`,
      'mend the file',
      {
        path,
      },
    );
  }
}

function lockOutcomes(path: string): Outcome[] {
  np.matmul(np.ones([256, 256]), np.ones([256, 256])); // so that a BLAS is chosen
  const changed = np.drift(json(path));
  const said = changed.map(
    ({ name, locked, now }) => `${name} is ${now ?? 'not there'}, locked was ${locked ?? 'nothing'}`,
  );
  return [{ name: `runtime against ${path}`, failure: said.length === 0 ? undefined : said.join('; ') }];
}

/** Every array of a file: those of an archive or a Zarr hierarchy by their names, a single one by the name given. */
async function arraysOf(path: string, name: string): Promise<OpenArrays> {
  const kind = kindOf(path);
  if (kind === 'csv') {
    throw new np.FormatError(`${path} is text, not an array`, 'pass .npy, .npz or Zarr; convert it with np.loadtxt', {
      path,
    });
  }
  const file = await openStored(path, kind);
  return { entries: new Map(file.entries.map((entry) => [entry.name || name, entry])), close: () => file.close() };
}

interface OpenArrays {
  readonly entries: ReadonlyMap<string, Entry>;
  close(): Promise<void>;
}

interface Named {
  readonly contract: np.Contract;
  readonly names: readonly string[];
}

/** A file, and what the command line calls its array where it says so. */
interface NamedFile {
  readonly path: string;
  readonly name: string | undefined;
}

/** Holds the arrays that the contract names against it; other members are nobody's business. */
async function outcomeOf(title: string, { contract, names }: Named, files: readonly NamedFile[]): Promise<Outcome> {
  const opened: OpenArrays[] = [];
  const progress = progressOf(1, { silent: true });
  try {
    const arrays: Record<string, StoredArray> = {};
    for (const { path, name } of files) {
      const found = await arraysOf(path, name ?? names[0]);
      opened.push(found);
      for (const [member, entry] of name === undefined ? found.entries : [only(found, name, path)]) {
        if (!names.includes(member)) continue;
        const { array } = await entry.open();
        arrays[member] = shown(array, (share) => progress.at(share, array.name));
      }
    }
    await contract.checkStored(arrays);
    return { name: title, failure: undefined };
  } catch (error) {
    if (isUsers(error)) return { name: title, failure: problemOf(error) };
    throw error;
  } finally {
    progress.end();
    for (const one of opened) await one.close();
  }
}

/** The array, telling how much of it was read. */
function shown(array: StoredArray, at: (share: number) => void): StoredArray {
  const total = array.shape.reduce((size, n) => size * n, 1);
  async function* blocks() {
    let done = 0;
    for await (const block of array.blocks()) {
      yield block;
      done += block.data.size;
      at(done / total);
    }
  }
  return { ...array, blocks };
}

/** What is named by the command line is one array, whatever its file calls it. */
function only({ entries }: OpenArrays, name: string, path: string): [string, Entry] {
  const [entry] = entries.size === 1 ? entries.values() : [entries.get(name)];
  if (entry !== undefined) return [name, entry];
  throw new np.FormatError(`${path} holds ${entries.size} arrays, and none is called ${name}`, 'name one of them', {
    path,
  });
}

async function contractOutcomes(contractFile: string, files: readonly string[]): Promise<Outcome[]> {
  const read = json(contractFile);
  const contract = np.contractFrom(read);
  const names = Object.keys((read as { arrays: object }).arrays); // contractFrom has looked
  const given = files.map((text) => {
    const [, name, path = text] = /^([A-Za-z_]\w*)=(.*)$/.exec(text) ?? [];
    return { text, path, name };
  });
  const outcomes: Outcome[] = [];
  for (const file of given.filter(({ name }) => name === undefined)) {
    if (names.length > 1 && isSingle(file.path)) {
      const name = basename(file.path).replace(/\.\w+$/, '');
      throw new UsageError(
        `the contract has ${names.length} arrays: say which ${file.path} is, as ${name}=${file.path}`,
      );
    }
    outcomes.push(await outcomeOf(file.path, { contract, names }, [file]));
  }
  const named = given.filter(({ name }) => name !== undefined);
  for (const { name } of named) {
    if (name === undefined || names.includes(name)) continue;
    throw new UsageError(`the contract has no '${name}': it has ${names.join(', ')}`);
  }
  if (named.length === 0) return outcomes;
  return [...outcomes, await outcomeOf(named.map(({ text }) => text).join(' '), { contract, names }, named)];
}

/** A .npy file: it has no name for its array. */
function isSingle(path: string): boolean {
  try {
    return kindOf(path) === 'npy';
  } catch {
    return false; // said where it is opened
  }
}
