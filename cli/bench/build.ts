// Where another build of Orthant is: a package, the folder that it is installed in, its dist/, or its module itself.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ArgumentError } from '../../src/base/errors.ts';

interface Manifest {
  readonly name?: unknown;
  readonly exports?: { readonly '.'?: { readonly default?: unknown } };
}

function manifestOf(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) ?? {};
  } catch {
    return {}; // none, or none that can be read: it is no package
  }
}

/** The address of the build's module. @throws ArgumentError where there is none. */
export function buildAt(path: string): string {
  const places = [path, join(path, 'node_modules', 'orthant')].map((folder) => {
    const { name, exports } = manifestOf(folder);
    const main = exports?.['.']?.default;
    return name === 'orthant' && typeof main === 'string' ? join(folder, main) : join(folder, 'index.js');
  });
  const found = [path, ...places]
    .map((file) => resolve(file))
    .find((file) => existsSync(file) && statSync(file).isFile());
  if (found !== undefined) return pathToFileURL(found).href;
  throw new ArgumentError(
    `${path} holds no build of Orthant`,
    'give the folder of an installed and built package, its dist/, or its module',
    { path },
  );
}
