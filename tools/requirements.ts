// What a machine may lack and Orthant can do without, as rows: how to see it, what is left out, how to get it.
// Tests ask these rows whether to run; `npm test` prints those that are absent. Not the runtime's own search for a
// native BLAS, which src/native/ does and this must not pre-empt.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Requirement {
  /** The path, version or command found; undefined when absent. */
  readonly find: () => string | undefined;
  readonly leavesOut: string;
  readonly get: string;
}

function output(command: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined; // absent or unable: the answer to the question
  }
}

/** The Python with the newest NumPy among `python3` and /usr/bin/python3. */
export function findNumpy(): { python: string; version: string } | undefined {
  const order = new Intl.Collator('en', { numeric: true });
  return ['python3', '/usr/bin/python3']
    .map((python) => ({ python, version: output(python, '-c', 'import numpy; print(numpy.__version__)') ?? '' }))
    .filter(({ version }) => version !== '')
    .sort((a, b) => order.compare(b.version, a.version))[0];
}

/** A Python whose NumPy and SciPy come from wheels, each with a BLAS of its own. */
export function findScipy(): string | undefined {
  const wheels =
    'import numpy, scipy, glob, os; print(*(glob.glob(os.path.dirname(m.__file__) + ".libs") for m in (numpy, scipy)))';
  return ['python3', '/usr/bin/python3'].find((python) => output(python, '-c', wheels)?.includes('[]') === false);
}

/** A Chromium that is installed; CHROMIUM names another one. */
export function findChromium(): string | undefined {
  const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return [process.env.CHROMIUM ?? '', ...places].find((path) => existsSync(path));
}

export const requirements = {
  koffi: {
    find: () => {
      try {
        return createRequire(`${process.cwd()}/package.json`).resolve('koffi');
      } catch {
        return undefined;
      }
    },
    leavesOut: 'native libraries: BLAS providers and memory handed back to the system',
    get: 'npm install koffi',
  },
  blas: {
    find: () =>
      (output('ldconfig', '-p') ?? output('/sbin/ldconfig', '-p'))
        ?.split('\n')
        .find((line) => /lib(?:openblas|mkl_rt|blis)\.so/.test(line))
        ?.split('=>')[1]
        .trim() ?? (existsSync('/System/Library/Frameworks/Accelerate.framework') ? 'Accelerate' : undefined),
    leavesOut: 'the native provider of linear algebra',
    get: 'apt-get install libopenblas0-pthread',
  },
  numpy: {
    find: () => {
      const found = findNumpy();
      return found && `${found.version} (${found.python})`;
    },
    leavesOut: 'the live comparison with NumPy; committed fixtures still run',
    get: 'apt-get install python3-numpy',
  },
  scipy: {
    find: findScipy,
    leavesOut: 'the doctor on a Python process with two copies of OpenBLAS',
    get: 'python3 -m pip install numpy scipy',
  },
  chromium: { find: findChromium, leavesOut: 'the browser run', get: 'apt-get install chromium' },
} satisfies Record<string, Requirement>;
