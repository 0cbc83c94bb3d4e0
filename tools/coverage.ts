// Compares the public namespace with NumPy's (docs/numpy-api.tsv) and writes docs/coverage.md: what is done, what is
// done with a difference or under another name, what is not yet and what will not be. With --check it writes nothing
// and fails where the page differs. Run: node tools/run.mjs tools/coverage.ts [--check]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as np from '../src/index.ts';
import { type Decision, decisions } from './coverage/decisions.ts';
import { type Entry, pageOf } from './coverage/page.ts';

const TABLE = 'docs/numpy-api.tsv';
const PAGE = 'docs/coverage.md';
const namespace: Readonly<Record<string, unknown>> = { ...np };

const attempt = (make: () => unknown): unknown => {
  try {
    return make();
  } catch {
    return undefined; // what it needs does not exist yet
  }
};
const call = (name: string, ...args: readonly unknown[]): unknown => {
  const f = namespace[name];
  return typeof f === 'function' ? attempt(() => f(...args)) : undefined;
};
const within = (name: string, key: string): unknown => {
  const space = namespace[name];
  return typeof space === 'object' && space !== null ? Reflect.get(space, key) : undefined;
};

/** An archive of nothing: its fields are set when it is opened. */
const openNothing = (): unknown => attempt(() => Reflect.construct(np.NpzFile, [undefined, new Map()]));

/** Objects whose own fields count as members, for classes whose prototypes do not show them. */
const samples: Readonly<Record<string, () => unknown>> = {
  ndarray: () => np.zeros([1]),
  'ndarray.flags': () => Reflect.get(np.zeros([1]), 'flags'),
  dtype: () => np.dtypes.float64,
  finfo: () => call('finfo', 'float64'),
  iinfo: () => call('iinfo', 'int8'),
  ufunc: () => np.add,
  'polynomial.Polynomial': () => attempt(() => new np.polynomial.Polynomial([1, 2])),
  poly1d: () => call('poly1d', [1, 2]),
  broadcast: () => call('broadcast', [1], [2]),
  nditer: () => call('nditer', [1]),
  memmap: () => namespace.memmap,
  __array_namespace_info__: () => call('__array_namespace_info__'),
  'random.Generator': () => attempt(() => (within('random', 'default_rng') as (seed: number) => unknown)(1)), // or not yet
  NpzFile: openNothing,
  'lib.npyio.NpzFile': openNothing,
};

/** Has the object, its class's prototype or their ancestors this member (those of every object aside)? */
function member(of: unknown, name: string): unknown {
  const key = name === 'Symbol.iterator' ? Symbol.iterator : name;
  for (const start of [of, typeof of === 'function' ? of.prototype : undefined]) {
    let o: unknown = start;
    while ((typeof o === 'object' || typeof o === 'function') && o !== null) {
      if (o === Object.prototype || o === Function.prototype) break;
      if (Object.hasOwn(o, key)) return attempt(() => Reflect.get(o as object, key, start as object)) ?? true; // it is there
      o = Object.getPrototypeOf(o);
    }
  }
  return undefined;
}

/** The value behind a dotted path of the public namespace, undefined where there is none. */
function lookUp(path: string): unknown {
  const dot = path.replace('Symbol.iterator', '@').lastIndexOf('.');
  if (dot < 0) return member(namespace, path);
  const [owner, name] = [path.slice(0, dot), path.slice(dot + 1)];
  const found = samples[owner]?.();
  const inSample = found === undefined ? undefined : member(found, name);
  if (inSample !== undefined) return inSample;
  const holder = lookUp(owner);
  return holder === undefined ? undefined : member(holder, name);
}

const used = new Set<string>();
function decisionFor(module: string, path: string): Decision | undefined {
  for (const key of [path, `${module}.*`]) {
    const found = decisions[key];
    if (found === undefined) continue;
    used.add(key);
    return found;
  }
  return undefined;
}

function judge(line: string): Entry {
  const [module, name, , group, , priority, note] = line.split('\t');
  const path = `${module}.${name}`;
  const row = { path, group, priority };
  const here = path.replace(/^numpy\./, '');
  const decision = decisionFor(module, path);
  if (decision !== undefined && 'never' in decision) {
    if (lookUp(here) !== undefined) stale.push(`${path} exists, and decisions say it never will`);
    return { ...row, state: 'never', says: decision.never };
  }
  const target = decision?.as ?? here;
  if (lookUp(target) === undefined) {
    const asked = priority === 'not-applicable' && decision === undefined;
    return asked ? { ...row, state: 'never', says: note } : { ...row, state: 'notYet', says: '' };
  }
  if (decision === undefined) return { ...row, state: 'done', says: '' };
  if ('partial' in decision) return { ...row, state: 'partial', says: decision.partial };
  const shown = target.replace('Symbol.iterator', '[Symbol.iterator]').replace(/^ndarray\./, 'a.');
  const spelled = shown.startsWith('a.') ? shown : `np.${shown}`;
  return { ...row, state: 'renamed', says: `\`${spelled}\`${decision.note === undefined ? '' : `: ${decision.note}`}` };
}

const stale: string[] = [];
const [, ...lines] = readFileSync(TABLE, 'utf8').trimEnd().split('\n');
const entries = lines.map(judge);
for (const key of Object.keys(decisions)) if (!used.has(key)) stale.push(`${key} is no row of ${TABLE}`);
for (const text of stale) console.log(`decision to review: ${text}`);
if (stale.length > 0) process.exitCode = 1;

const { text, summary } = pageOf(entries);
console.log(summary.join('\n'));
if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== text) {
  if (process.argv.includes('--check')) {
    process.exitCode = 1;
    console.log(`stale: ${PAGE}; run node tools/run.mjs tools/coverage.ts`);
  } else {
    writeFileSync(PAGE, text);
    console.log(`wrote ${PAGE}`);
  }
}
