// np.linalg.verify on both providers: it is the conformance suite of the routines behind np.linalg, run here as users
// run it. What goes wrong must be a verdict, never an error.
import { afterEach, describe, expect, it } from 'vitest';
import { config } from '../../src/base/config.ts';
import * as np from '../../src/index.ts';
import { fields } from '../../src/linalg/lapack/language.ts';
import { embedded } from '../../src/linalg/provider/embedded.ts';
import { CheckBench } from '../../src/linalg/verify/bench.ts';
import { kinds, matrixOf } from '../../src/linalg/verify/cases.ts';
import { checks } from '../../src/linalg/verify/checks.ts';
import { providers, withProvider } from './_providers.ts';

const before = config.get('blas');
afterEach(() => config.set('blas', before));

describe.each(providers)('%s', (provider) => {
  it('passes in every routine and dtype', () => {
    const report = withProvider(provider, () => np.linalg.verify());
    expect(report.provider).toBe(provider);
    expect(report.rows.filter((row) => row.verdict !== 'passes' || row.note !== '')).toEqual([]);
    expect(report.passed).toBe(true);
    expect(report.rows).toHaveLength(4 * checks.length);
    expect(report.rows.every((row) => (row.difference === undefined) === (provider === 'embedded'))).toBe(true);
    expect(JSON.parse(JSON.stringify(report)).rows[0]).toEqual(report.rows[0]);
    expect(report.text).toMatch(/^linear algebra by .*: .*\nroutine .*\nlu +float32 /);
  });
});

it('a library that cannot be had is a verdict', () => {
  config.set('blas', '/nowhere/libnone.so');
  const report = np.linalg.verify();
  expect(report.passed).toBe(false);
  expect(report.rows[0]).toMatchObject({ routine: 'provider', verdict: 'fails' });
  expect(report.rows[0].note).toContain('libnone');
});

it('sees wrong results: every check fails when its routine does nothing', () => {
  const names = Object.keys(embedded);
  const idle = { ...embedded, ...Object.fromEntries(names.map((name) => [name, () => undefined])) };
  for (const { name, check } of checks) {
    const on = new CheckBench(idle, fields.float64);
    const { residual } = check(on, matrixOf(kinds[1], 12, 12, false));
    expect(residual > 30 || Number.isNaN(residual), name).toBe(true);
  }
});
