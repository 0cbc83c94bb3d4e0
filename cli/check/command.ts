// `orthant check CONTRACT FILE…`: arrays in files against a contract, for CI: text, JSON or JUnit, exit code 1 on a
// violation. `--lock MANIFEST` checks the runtime itself. What a contract says is src/contract/.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as np from '../../src/index.ts';
import { printable } from '../amounts.ts';
import { type Command, type Given, UsageError } from '../command.ts';
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
"float64[d]", "min": 0, "nan": false } } }. An .npz file must satisfy it by itself. A
contract of one array takes .npy files, each by itself; several arrays from several
.npy files are named: x=data.npy w=weights.npy. Exits with 1 on a violation.
`,
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
    ...(contractFile === undefined ? [] : contractOutcomes(contractFile, files)),
  ];
  const failures = outcomes.filter((o) => o.failure !== undefined).length;
  const xml = given.text('junit');
  if (xml !== undefined) writeFileSync(xml, junit('orthant check', outcomes));
  if (given.flag('json')) process.stdout.write(`${JSON.stringify({ outcomes, failures }, null, 2)}\n`);
  else {
    for (const { name, failure } of outcomes) {
      process.stdout.write(`${failure === undefined ? 'ok  ' : 'FAIL'}  ${printable(name)}\n`);
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

/** The arrays of a file by name: the members of an .npz, else one under the name given. */
function arraysOf(path: string, name: string): Record<string, np.NDArray> {
  if (!/\.npz$/i.test(path)) return { [name]: np.loadSync(path, { kind: 'npy' }) };
  const archive = np.loadSync(path, { kind: 'npz' });
  try {
    return Object.fromEntries(archive.files.map((member) => [member, archive.getSync(member)]));
  } finally {
    archive.closeSync();
  }
}

function contractOutcomes(contractFile: string, files: readonly string[]): Outcome[] {
  const read = json(contractFile);
  const contract = np.contractFrom(read);
  const names = Object.keys((read as { arrays: object }).arrays); // contractFrom has looked
  const named = files.filter((f) => /^[A-Za-z_]\w*=/.test(f));
  const single = files.filter((f) => !named.includes(f));
  const outcomes = single.map((path): Outcome => {
    if (!/\.npz$/i.test(path) && names.length > 1) {
      const name = basename(path).replace(/\.\w+$/, '');
      throw new UsageError(`the contract has ${names.length} arrays: say which ${path} is, as ${name}=${path}`);
    }
    return outcomeOf(path, contract, () => pick(arraysOf(path, names[0]), names));
  });
  if (named.length > 0) {
    outcomes.push(
      outcomeOf(named.join(' '), contract, () => {
        const parts = named.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]);
        return Object.assign({}, ...parts.map(([name, path]) => arraysOf(path, name)));
      }),
    );
  }
  return outcomes;
}

// Members that the contract does not name are nobody's business.
const pick = (arrays: Record<string, np.NDArray>, names: readonly string[]): Record<string, np.NDArray> =>
  Object.fromEntries(Object.entries(arrays).filter(([name]) => names.includes(name)));

function outcomeOf(name: string, contract: np.Contract, arrays: () => Record<string, np.NDArray>): Outcome {
  try {
    const values = arrays();
    contract.check(values);
    for (const a of Object.values(values)) a.dispose();
    return { name, failure: undefined };
  } catch (error) {
    if (error instanceof np.ContractError || error instanceof np.FormatError) return { name, failure: error.what };
    throw error;
  }
}
