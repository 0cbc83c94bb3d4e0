// Arrays over files where nothing can be mapped: everything works by position but for typed arrays, which say why.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';

vi.mock('../../src/native/ffi.ts', async (original) => ({
  ...(await original<object>()),
  bind: () => undefined,
  whyNotNative: () => 'koffi is not installed',
}));
const np = await import('../../src/index.ts');

const folder = mkdtempSync(join(tmpdir(), 'orthant-memmap-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(['r+', 'c'] as const)('mode %s', (mode) => {
  const path = join(folder, 'x.npy');
  np.openArray(path, { mode: 'w+', shape: [300, 300] }).close();
  using m = np.openArray(path, { mode });
  m.set([5], np.arange(300));
  np.add(m.get(6), m.get(5), { out: m.get(6) });
  expect([m.array.sum(), m.item(6, 299)]).toEqual([2 * 44_850, 299]);
  expect(() => m.array.data).toThrow(/koffi is not installed/);
  expect(m.array.copy().data[5 * 300 + 7]).toBe(7);
  m.flush();
  expect(np.loadSync(path, { kind: 'npy' }).sum()).toBe(mode === 'r+' ? 2 * 44_850 : 0);
  expect(np.runtime().files).toEqual({ mapped: false, why: 'koffi is not installed' });
});
