// What runtime, show_config and show_runtime say is what is: settings with their sources, threads, memory, BLAS.
import { afterEach, expect, it, vi } from 'vitest';
import { config } from '../../src/base/config.ts';
import * as np from '../../src/index.ts';

afterEach(() => {
  config.reset('determinism');
  vi.restoreAllMocks();
});

it('runtime is plain data of what is in force', () => {
  config.set('determinism', 'bitwise');
  const held = np.ones(1e5);
  const report = JSON.parse(JSON.stringify(np.runtime()));
  expect(report.version).toBe(np.__version__);
  expect(report.engine).toMatchObject({ simd: true, sharedMemory: true });
  expect(report.settings.determinism).toEqual({ value: 'bitwise', source: 'set' });
  expect(report.settings.promote).toBe(undefined);
  expect(report.settings['promote.uint64_int64']).toEqual({ value: 'error', source: 'default' });
  expect(report.settings.blas).toEqual({ value: 'embedded', source: 'ORTHANT_BLAS' });
  expect(report.blas).toEqual({ provider: 'embedded', why: "blas is 'embedded' (ORTHANT_BLAS)" });
  expect(report.threads.size).toBeGreaterThanOrEqual(1);
  expect(report.memory.live).toBeGreaterThanOrEqual(held.nbytes);
  expect(report.kernels.kernels).toBeGreaterThan(0);
});

it('prints the same', () => {
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => said.push(text));
  np.show_config();
  np.show_runtime();
  const all = said.join('\n');
  expect(all).toMatch(/determinism +stable \(default\)/);
  expect(all).toMatch(/provider +embedded/);
  expect(all).toMatch(/runtime +node \d+/);
  expect(all).toMatch(/live +\d+/);
  expect(np.show_config({ mode: 'dicts' })?.settings.threads.value).toBe(null);
  expect(said.length).toBe(8);
});
