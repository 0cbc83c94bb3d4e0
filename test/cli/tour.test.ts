// `orthant tour` on a part of the real data, and the same job in NumPy beside it where there is one.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as np from '../../src/index.ts';
import { findNumpy } from '../../tools/requirements.ts';
import { useCli } from './_cli.ts';

const { run, at } = useCli();
const numpy = findNumpy();

describe('orthant tour', () => {
  test('3,000 images: results, archive, page', { timeout: 120_000 }, async () => {
    const out = at('json');
    const { status, output, errors } = await run('tour', '--rows', '3000', '--no-numpy', '--json', '--out', out);
    expect([status, errors]).toEqual([0, '']);
    const told = JSON.parse(output);
    expect(told.images).toEqual({ train: 3000, test: 500 });
    // As NumPy finds them on these rows.
    expect(told.accuracy).toBeCloseTo(0.934, 2);
    expect(told.baseline).toBeCloseTo(0.766, 2);
    expect(told.explained).toBeCloseTo(0.851, 3);
    const names = 'read check standardise covariance components project neighbours evaluate'.split(' ');
    expect(told.stages.map(({ name }: { name: string }) => name)).toEqual([...names, 'write .npz']);
    expect(told.figures.kernels).toBeGreaterThan(20);
    expect(told.figures.peak).toBeGreaterThan(3500 * 784 * 4);
    expect(told.figures.peak).toBeLessThan(300e6);
    expect(told.numpy.reason).toBe('NumPy: not asked for');
    expect(told.larger.table).toBeGreaterThan(90e6);
    expect(told.larger.peak).toBeLessThanOrEqual(told.larger.projected);
    expect(told.larger.residual).toBeLessThan(1e-9);

    const archive = np.loadSync(`${out}/tour.npz`, { kind: 'npz' });
    const shapes = Object.fromEntries(archive.files.map((name) => [name, archive.getSync(name).shape]));
    expect(shapes).toEqual({
      mean: [784],
      variances: [50],
      components: [784, 50],
      projected: [500, 50],
      nearest: [500],
      predicted: [500],
      confusion: [10, 10],
    });
    const confusion = archive.getSync('confusion');
    expect(np.sum(confusion)).toBe(500);
    expect(Number(np.sum(np.diagonal(confusion))) / 500).toBe(told.accuracy);
    const axes = archive.getSync('components');
    expect(Number(np.max(np.absolute(np.subtract(np.matmul(axes.T, axes), np.identity(50)))))).toBeLessThan(1e-12);
    archive.closeSync();

    const page = readFileSync(`${out}/tour.html`, 'utf8');
    expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(6);
    expect(page.match(/<img src="data:image\/png;base64,/g)?.length).toBeGreaterThan(50);
    expect(page).not.toMatch(/undefined|NaN|\[object/);
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/); // needs nothing else
  });

  test.runIf(numpy)('the same job in NumPy finds the same', { timeout: 120_000 }, async () => {
    const args = ['--rows', '1200', '--table', '0', '--out', at('numpy'), '--python', numpy?.python ?? ''];
    const { numpy: found } = JSON.parse((await run('tour', '--json', ...args)).output);
    expect(found.disagreements).toEqual([]);
    expect(found.variances).toBeLessThan(1e-5);
    expect(found.alignment).toBeGreaterThan(0.99);
    expect(found.agreement).toBeGreaterThan(0.99);
    expect(found.archiveRead).toBe(true);
  });

  test('text in plain lines, one that says why NumPy is absent', { timeout: 120_000 }, async () => {
    const args = ['--rows', '200', '--out', at('text'), '--python', at('no-python')];
    const { status, output } = await run('tour', ...args);
    expect(status).toBe(0);
    expect(output).toMatch(/\n {2}neighbours +[\d.]+ m?s {2}6,600 distances/);
    expect(output).toContain(`NumPy: ${at('no-python')} is not installed, so there is nothing to compare with\n`);
    expect(output).toMatch(/ {2}memory {3}peak [\d.]+ MB, live now/);
    expect(output).toMatch(/ {2}kernels {2}\d+ compiled, [\d.]+ KB of WebAssembly\n/);
    for (const control of ['\r', '\u001b']) expect(output).not.toContain(control);
  });
});
