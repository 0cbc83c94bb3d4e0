// The shared libraries of this process: the file behind a name, and copies of BLAS and OpenMP that somebody loaded,
// with what they will do to threads. Linux lists them in /proc; elsewhere nothing is known and nothing is said.
// Source of the names: threadpoolctl, https://github.com/joblib/threadpoolctl (its table of prefixes).

import { platform } from '../base/platform.ts';

/** A library that brings threads of its own: what its file's name starts with, and what steers its threads. */
interface Kind {
  readonly name: string;
  readonly kind: 'BLAS' | 'OpenMP';
  readonly starts: readonly string[];
  readonly variable: string;
}

const kinds: readonly Kind[] = [
  {
    name: 'OpenBLAS',
    kind: 'BLAS',
    // Not libblas: the reference BLAS has no threads, and Debian's stands before the libopenblas that is told.
    starts: ['libopenblas', 'libscipy_openblas'],
    variable: 'OPENBLAS_NUM_THREADS',
  },
  { name: 'MKL', kind: 'BLAS', starts: ['libmkl_rt', 'mkl_rt', 'libmkl_core'], variable: 'MKL_NUM_THREADS' },
  { name: 'BLIS', kind: 'BLAS', starts: ['libblis'], variable: 'BLIS_NUM_THREADS' },
  { name: 'Arm Performance Libraries', kind: 'BLAS', starts: ['libarmpl'], variable: 'OMP_NUM_THREADS' },
  { name: 'FlexiBLAS', kind: 'BLAS', starts: ['libflexiblas'], variable: 'FLEXIBLAS_NUM_THREADS' },
  { name: 'GNU OpenMP', kind: 'OpenMP', starts: ['libgomp'], variable: 'OMP_NUM_THREADS' },
  { name: 'Intel OpenMP', kind: 'OpenMP', starts: ['libiomp'], variable: 'OMP_NUM_THREADS' },
  { name: 'LLVM OpenMP', kind: 'OpenMP', starts: ['libomp'], variable: 'OMP_NUM_THREADS' },
  { name: 'Microsoft OpenMP', kind: 'OpenMP', starts: ['vcomp'], variable: 'OMP_NUM_THREADS' },
];

/** One that is loaded. */
export interface LoadedLibrary {
  readonly name: string;
  readonly kind: 'BLAS' | 'OpenMP';
  readonly file: string;
  /** What it will do to threads, and what steers them. */
  readonly threads: string;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Files that are mapped into a process, from the text of its /proc/…/maps. */
export function mappedFiles(maps: string): string[] {
  const files = new Set<string>();
  for (const line of maps.split('\n')) {
    const start = line.indexOf('/');
    if (start > 0) files.add(line.slice(start).replace(/ \(deleted\)$/, ''));
  }
  return [...files];
}

function ownFiles(): string[] {
  if (!platform.linux) return [];
  try {
    return mappedFiles(
      platform.builtin<typeof import('node:fs')>('node:fs')?.readFileSync('/proc/self/maps', 'utf8') ?? '',
    );
  } catch {
    return []; // a sandbox without /proc: nothing is known of libraries
  }
}

/** The file behind a library's path or name, links followed; the path itself where that cannot be told. */
export function realFile(path: string): string {
  const fs = platform.builtin<typeof import('node:fs')>('node:fs');
  const real = (p: string): string => {
    try {
      return fs?.realpathSync(p) ?? p;
    } catch {
      return p; // no such file: the loader will say so
    }
  };
  if (path.includes('/') || path.includes('\\')) return real(path);
  // A bare name was looked for by the system's loader. Its file is mapped: under the name, or under what a link in the
  // same folder (or the one above, as alternatives are kept) leads to.
  const files = ownFiles();
  const direct = files.find((file) => baseName(file) === path);
  if (direct !== undefined) return real(direct);
  const stem = path.replace(/\.(so|dylib|dll)\b.*$/, '');
  return files.find((file) => baseName(file).startsWith(stem)) ?? path;
}

/** Libraries among these files that bring threads of their own, but for `used`, which runs its own by `threading`. */
export function threadedLibraries(files: readonly string[], used?: string, threading?: string): LoadedLibrary[] {
  const loaded: LoadedLibrary[] = [];
  for (const file of files) {
    const name = baseName(file);
    const kind = kinds.find((k) => k.starts.some((start) => name.startsWith(start)));
    if (kind === undefined || file === used) continue;
    const ours = kind.kind === 'OpenMP' && used !== undefined && threading?.endsWith('openmp');
    const threads = ours
      ? `runs the threads of ${used}, as many as np.threads allows; other users of it have as many of their own`
      : `starts threads of its own, one per processor unless ${kind.variable} says otherwise; np.threads does not govern them`;
    loaded.push({ name: kind.name, kind: kind.kind, file, threads });
  }
  return loaded;
}

/** BLAS and OpenMP copies in this process other than the one in use. */
export const otherLibraries = (used?: string, threading?: string): LoadedLibrary[] =>
  threadedLibraries(ownFiles(), used, threading);
