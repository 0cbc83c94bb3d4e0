// Checks that imports in src/ and cli/ go downward only: own folder or a lower rank, never sideways, no cycles, no
// private file of another folder, no index.ts but by another entry point, no run-time import of a server-side module (platform.builtin loads
// those, so that a browser bundle holds). Prints each offending arrow. Run: node tools/run.mjs tools/layers.ts
import { posix } from 'node:path';
import { importsOf, readSources, type Sources } from './sources.ts';

/** The one table of layers. A file straight under src/ is an entry point. */
export const ranks: Readonly<Record<string, number>> = {
  base: 0,
  dtype: 1,
  shape: 1,
  native: 1,
  memory: 2,
  kernel: 3,
  ops: 4,
  exec: 5,
  array: 6,
  lazy: 7,
  linalg: 7,
  fft: 7,
  io: 7,
  random: 8,
  routines: 8,
  chunked: 9,
  contract: 9,
  diag: 10,
  entry: 11,
  cli: 12,
};

/** The layer of a path: 'kernel' for src/kernel/wasm/encode.ts, 'entry' for src/index.ts, 'cli' for cli/main.ts. */
export function layerOf(path: string): string {
  const [top, folder, ...rest] = path.split('/');
  if (top !== 'src') return top;
  return rest.length === 0 ? 'entry' : folder;
}

/** One line per offence, empty when the sources keep the rules. */
export function offences(sources: Sources): string[] {
  const found: string[] = [];
  const arrows = new Map<string, string[]>(); // run-time imports, for the cycles
  for (const layer of new Set([...sources.keys()].map(layerOf))) {
    if (!Object.hasOwn(ranks, layer)) found.push(`${layer}/ has no rank: add it to the table in tools/layers.ts`);
  }
  for (const [path, text] of sources) {
    const targets: string[] = [];
    for (const { specifier: given, typeOnly, dynamic, line } of importsOf(text)) {
      if (given.endsWith('.css?bundled')) continue; // styles have no layers
      const specifier = given.replace(/\?bundled$/, ''); // as text (bundled_text.mjs), under the same rules
      const say = (why: string) => found.push(`${path}:${line} -> ${specifier}: ${why}`);
      if (!specifier.startsWith('.')) {
        if (specifier.startsWith('node:') && !typeOnly && layerOf(path) !== 'cli') say('use platform.builtin');
        continue;
      }
      const target = posix.join(posix.dirname(path), specifier);
      const why = sources.has(target) ? refusal(path, target) : 'no such file (write the .ts extension)';
      if (why !== undefined) say(why);
      if (!typeOnly && !dynamic) targets.push(target); // what is loaded on demand waits for nobody
    }
    arrows.set(path, targets);
  }
  return [...found, ...cycles(arrows)];
}

function refusal(from: string, to: string): string | undefined {
  const [a, b] = [layerOf(from), layerOf(to)];
  if (a !== 'cli' && a !== 'entry' && posix.basename(to) === 'index.ts') return 'nothing in src imports an index.ts';
  if (posix.basename(to).startsWith('_') && posix.dirname(from) !== posix.dirname(to)) return 'private to its folder';
  if (a === b) return undefined;
  if (ranks[a] === ranks[b]) return `sideways: ${a} and ${b} are both of rank ${ranks[a]}`;
  return ranks[a] > ranks[b] ? undefined : `upward: ${a} is of rank ${ranks[a]}, ${b} of rank ${ranks[b]}`;
}

/** Each import cycle once, found by depth-first search. */
function cycles(arrows: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push(`cycle: ${[...trail.slice(at), path].join(' -> ')}`);
    if (at >= 0 || done.has(path)) return;
    trail.push(path);
    for (const target of arrows.get(path) ?? []) visit(target);
    trail.pop();
    done.add(path);
  };
  for (const path of arrows.keys()) visit(path);
  return found;
}

if (process.argv[1]?.endsWith('layers.ts')) {
  const sources = readSources('src', 'cli');
  const found = offences(sources);
  for (const offence of found) console.log(offence);
  console.log(`layers: ${sources.size} files, ${found.length} offences`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
