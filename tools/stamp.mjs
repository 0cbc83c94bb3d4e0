// The content hash of everything the build reads; dist/.stamp holds the one it was built from. Plain JavaScript,
// because the bootstrap needs it before anything is installed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const files = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tools/build.ts',
  'tools/bundled_text.mjs',
];
const folders = ['src', 'cli'];

/** @returns {string} */
export function sourceStamp() {
  const hash = createHash('sha256');
  const paths = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const path of [...files, ...paths.sort()]) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** @returns {boolean} */
export function buildIsFresh() {
  return existsSync('dist/.stamp') && readFileSync('dist/.stamp', 'utf8') === sourceStamp();
}
