// Files of this package that are not code, found from wherever the code was bundled to: the folder above that holds
// our package.json.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Manifest {
  readonly name: string;
  readonly version: string;
}

function find(): { root: string; manifest: Manifest } {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const manifest: Manifest = JSON.parse(readFileSync(file, 'utf8'));
      if (manifest.name === 'orthant') return { root: folder, manifest };
    }
    if (folder === dirname(folder)) throw new Error('the package.json of orthant is not above this file');
  }
}

export const packageVersion = (): string => find().manifest.version;

/** A file of the package by its path from the root; undefined when this installation does not have it. */
export function packageFile(path: string): string | undefined {
  const file = join(find().root, path);
  return existsSync(file) ? file : undefined;
}
