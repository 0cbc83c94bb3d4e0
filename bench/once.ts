// What can be measured only once per process: import time, the first call of a fresh operation, and a loop of large
// temporaries with the memory it took. Each runs in fresh processes; the best or the median of a few is taken.

import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { median } from './side.ts';

export interface Once {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly numpy: number | undefined;
}

const entry = pathToFileURL('dist/index.js').href;
const node = (script: string): number[] =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
const python = (command: string, script: string): number[] =>
  JSON.parse(execFileSync(command, ['-c', script], { encoding: 'utf8' }));

const importing = `const t = performance.now(); const np = await import('${entry}'); const took = performance.now() - t;`;
const jsScripts = {
  'import, ms': `${importing} console.log(JSON.stringify([took]))`,
  'first add of 1000 float64, ms': `${importing} const a = np.ones([1000]); const s = performance.now(); np.add(a, a);
    console.log(JSON.stringify([performance.now() - s]))`,
  'first exp of 1000 float64, ms': `${importing} const a = np.ones([1000]); const s = performance.now(); np.exp(a);
    console.log(JSON.stringify([performance.now() - s]))`,
  'first sum of 1000 float64, ms': `${importing} const a = np.ones([1000]); const s = performance.now(); np.sum(a);
    console.log(JSON.stringify([performance.now() - s]))`,
  '300 temporaries of 8 MB, ms': `${importing} const a = np.ones([1000000]); const s = performance.now(); let x = a;
    for (let i = 0; i < 300; i++) x = np.add(x, a);
    console.log(JSON.stringify([performance.now() - s, process.resourceUsage().maxRSS / 1024]))`,
} as const;
const pyImport =
  'import time, json, resource; t = time.perf_counter(); import numpy as np; took = time.perf_counter() - t;';
const first = (f: string): string =>
  `${pyImport} a = np.ones(1000); s = time.perf_counter(); ${f}; print(json.dumps([(time.perf_counter() - s) * 1e3]))`;
const pyScripts: Readonly<Record<keyof typeof jsScripts, string>> = {
  'import, ms': `${pyImport} print(json.dumps([took * 1e3]))`,
  'first add of 1000 float64, ms': first('np.add(a, a)'),
  'first exp of 1000 float64, ms': first('np.exp(a)'),
  'first sum of 1000 float64, ms': first('np.sum(a)'),
  '300 temporaries of 8 MB, ms': `${pyImport}
a = np.ones(1000000); s = time.perf_counter(); x = a
for i in range(300): x = np.add(x, a)
took = time.perf_counter() - s
print(json.dumps([took * 1e3, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))`,
};

/** All of them, `runs` processes each. */
export function measureOnce(numpyCommand: string | undefined, runs: number): Once[] {
  const out: Once[] = [];
  for (const name of Object.keys(jsScripts) as (keyof typeof jsScripts)[]) {
    // the keys of a const
    const ours: number[][] = [];
    const theirs: number[][] = [];
    for (let i = 0; i < runs; i++) {
      ours.push(node(jsScripts[name]));
      if (numpyCommand !== undefined) theirs.push(python(numpyCommand, pyScripts[name]));
    }
    ours[0].forEach((_, k) => {
      const [label, unit] = k === 0 ? name.split(', ') : [`${name.split(',')[0]}: largest RSS`, 'MB'];
      const numpy = theirs.length === 0 ? undefined : median(theirs.map((r) => r[k]));
      out.push({ name: label, unit, ours: median(ours.map((r) => r[k])), numpy });
    });
  }
  return out;
}
