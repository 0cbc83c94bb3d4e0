// The engine under the tests, and what a browser would be told.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

const load = async () => (await import('../../src/base/platform.ts')).platform;

test('Node is Node, with SIMD and shared memory', async () => {
  const platform = await load();
  expect([platform.node, platform.bun, platform.deno, platform.browser]).toEqual([true, false, false, false]);
  expect(platform.runtime).toBe(`node ${process.versions.node}`);
  expect([platform.simd, platform.sharedMemory]).toEqual([true, true]);
  expect(typeof platform.relaxedSimd).toBe('boolean');
  expect(platform.builtin<typeof import('node:path')>('node:path')?.posix.basename('a/b')).toBe('b');
});

test('environment variables: unset and empty are the same', async () => {
  const platform = await load();
  vi.stubEnv('ORTHANT_TEST_SET', 'x');
  vi.stubEnv('ORTHANT_TEST_EMPTY', '');
  expect(platform.env('ORTHANT_TEST_SET')).toBe('x');
  expect(platform.env('ORTHANT_TEST_EMPTY')).toBe(undefined);
  expect(platform.env('ORTHANT_TEST_UNSET')).toBe(undefined);
  expect(platform.envNames('ORTHANT_TEST_S')).toEqual(['ORTHANT_TEST_SET']);
});

test('a page without cross-origin isolation is a browser without shared memory', async () => {
  vi.stubGlobal('process', undefined);
  vi.stubGlobal('crossOriginIsolated', false);
  const platform = await load();
  expect([platform.browser, platform.node, platform.runtime]).toEqual([true, false, 'browser']);
  expect([platform.sharedMemory, platform.simd]).toEqual([false, true]);
  expect([platform.env('PATH'), platform.envNames(''), platform.builtin('node:fs')]).toEqual([
    undefined,
    [],
    undefined,
  ]);
});

test('Bun and Deno are told apart although both have process.versions.node', async () => {
  vi.stubGlobal('Bun', { version: '1.2.3' });
  expect((await load()).runtime).toBe('bun 1.2.3');
  vi.unstubAllGlobals();
  vi.resetModules();
  vi.stubGlobal('Deno', { version: { deno: '2.1.0' } });
  const platform = await load();
  expect([platform.deno, platform.node, platform.runtime]).toEqual([true, false, 'deno 2.1.0']);
});
