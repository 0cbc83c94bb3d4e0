// Which library a process gets: what is none is refused with the reason, one is in use for good, a second one is an
// error that names both, and reports tell who else has threads. The package koffi may be missing.

import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { config } from '../../src/base/config.ts';
import * as np from '../../src/index.ts';
import { systemBlas } from '../../src/native/blas.ts';
import { mappedFiles, threadedLibraries } from '../../src/native/libraries.ts';
import { providers, withProvider } from '../linalg/_providers.ts';

const before = config.get('blas');
afterEach(() => config.set('blas', before));
const asked = (setting: string) => () => {
  config.set('blas', setting);
  return systemBlas();
};

// In this order: while nothing is in use, a path is tried.
describe('a path that is none of a BLAS', async () => {
  // A fresh copy of the modules: the helper above has found the library already.
  vi.resetModules();
  const fresh = await import('../../src/native/blas.ts');
  const { config: settings } = await import('../../src/base/config.ts');
  const refusal = (path: string): string => {
    settings.set('blas', path);
    try {
      fresh.systemBlas();
    } catch (error) {
      return String(error);
    }
    return 'taken';
  };
  it.each([
    ['no file', '/nowhere/libnone.so', /LinAlgError.*there is none: .*libnone/],
    ['no library', join(process.cwd(), 'package.json'), /LinAlgError.*there is none: .*package\.json/],
    ['a library of something else', 'libm.so.6', /LinAlgError.*(not one of linear algebra|libm)/],
  ])('%s', (_, path, why) => {
    expect(refusal(path)).toMatch(why);
    expect(refusal(path)).toMatch(/fix: install OpenBLAS/);
  });
  it('leaves the choice open', () => {
    expect(refusal('auto')).toBe('taken');
  });
});

describe.runIf(providers.includes('native'))('one library for good', () => {
  const used = withProvider('native', () => systemBlas()?.file ?? '');

  it('a second one is an error that names both, and the first works on', () => {
    expect(asked('/other/libsecond.so')).toThrow(np.LinAlgError);
    expect(asked('/other/libsecond.so')).toThrow(new RegExp(`libsecond[^]*${used}[^]*ORTHANT_BLAS=`));
    expect(asked('auto')()?.file).toBe(used);
    expect(asked('embedded')()).toBe(null);
    expect(asked('native')()?.file).toBe(used);
  });
  it('the same file by another path is the same', () => {
    const folder = mkdtempSync(join(tmpdir(), 'orthant-'));
    symlinkSync(used, join(folder, 'libmine.so'));
    expect(asked(join(folder, 'libmine.so'))()?.file).toBe(used);
    rmSync(folder, { recursive: true });
  });
  it('says what it is', () => {
    config.set('blas', 'native');
    np.matmul(np.ones([64, 64]), np.ones([64, 64]));
    const { blas, libraries, threads } = np.runtime();
    expect(blas).toMatchObject({ provider: 'native', library: used });
    expect([32, 64]).toContain(blas.integers);
    if (blas.family === 'OpenBLAS') {
      expect(blas.version).toMatch(/^OpenBLAS \d/);
      expect(blas.core).toMatch(/\w/);
      expect(blas.threading).toMatch(/none|pthreads|openmp/);
      np.matmul(np.ones([200, 200]), np.ones([200, 200]));
      expect(np.runtime().blas.threads).toBe(threads.size);
      expect(blas.lacks).toEqual([]);
    }
    expect(libraries.map(({ file }) => file)).not.toContain(used);
  });
  it('follows a lease of threads', () => {
    config.set('blas', 'native');
    const a = np.ones([200, 200]);
    np.threads.limit(1, () => np.matmul(a, a));
    expect(np.runtime().blas.threads).toBe(1);
    np.matmul(a, a);
    expect(np.runtime().blas.threads).toBe(np.runtime().threads.size);
  });
});

it('other libraries with threads are told by their names', () => {
  const maps = [
    '7f00-7f01 r-xp 00000000 08:01 1 /usr/lib/libopenblasp-r0.3.21.so',
    '7f01-7f02 r--p 00000000 08:01 1 /usr/lib/libopenblasp-r0.3.21.so',
    '7f02-7f03 r-xp 00000000 08:01 2 /opt/x/libgomp-a34b.so.1 (deleted)',
    '7f03-7f04 r-xp 00000000 08:01 3 /opt/x/libmkl_rt.so.2',
    '7f04-7f05 r-xp 00000000 00:00 0 ',
    '7f05-7f06 r-xp 00000000 08:01 4 /usr/lib/libm.so.6',
  ].join('\n');
  const files = mappedFiles(maps);
  expect(files).toHaveLength(4);
  const found = threadedLibraries(files, '/usr/lib/libopenblasp-r0.3.21.so', 'pthreads');
  expect(found.map(({ name, kind }) => [name, kind])).toEqual([
    ['GNU OpenMP', 'OpenMP'],
    ['MKL', 'BLAS'],
  ]);
  expect(found[1].threads).toMatch(/MKL_NUM_THREADS/);
  expect(threadedLibraries(files, files[0], 'openmp')[0].threads).toMatch(/runs the threads of .*openblas/);
});

it('without the package koffi products are embedded, and whoever insists is told', async () => {
  const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
  const { _load } = loader;
  loader._load = (request, ...rest) => {
    if (request === 'koffi') throw new Error("Cannot find module 'koffi'");
    return _load.call(loader, request, ...rest);
  };
  try {
    vi.resetModules();
    const fresh = await import('../../src/native/blas.ts');
    const { config: settings } = await import('../../src/base/config.ts');
    const { blasReport } = await import('../../src/native/report.ts');
    settings.set('blas', 'auto');
    expect(fresh.systemBlas()).toBe(null);
    expect(blasReport()).toMatchObject({
      provider: 'embedded',
      why: expect.stringContaining('koffi could not be loaded'),
    });
    settings.set('blas', 'native');
    expect(() => fresh.systemBlas()).toThrow(/koffi could not be loaded/);
  } finally {
    loader._load = _load;
  }
});
