// The providers that a suite of linear algebra runs on: `describe.each(providers)('… on %s', (provider) => …)` with
// `withProvider(provider, fn)` around the calls, or `useProvider(provider)` in the describe. 'native' is there where a
// library is; REQUIRE_BLAS=1 makes its absence an error, and otherwise `npm test` says what is left out.
import { afterAll, beforeAll } from 'vitest';
import { config } from '../../src/base/config.ts';
import { useForAllSizes } from '../../src/linalg/provider/choice.ts';
import { systemBlas } from '../../src/native/blas.ts';

export type ProviderName = 'embedded' | 'native';
const settings = { embedded: 'embedded', native: process.env.TEST_BLAS ?? 'native' } as const;

/** Makes linear algebra of all sizes that provider's; gives back what was before. */
function turnTo(provider: ProviderName): () => void {
  const [setting, all] = [config.get('blas'), useForAllSizes(true)];
  config.set('blas', settings[provider]);
  return () => {
    config.set('blas', setting);
    useForAllSizes(all);
  };
}

/** Calls a function while linear algebra is that provider's. */
export function withProvider<R>(provider: ProviderName, fn: () => R): R {
  const back = turnTo(provider);
  try {
    return fn();
  } finally {
    back();
  }
}

/** Inside a describe: its tests run on that provider. */
export function useProvider(provider: ProviderName): void {
  let back = (): void => undefined;
  beforeAll(() => {
    back = turnTo(provider);
  });
  afterAll(() => back());
}

function hasNative(): boolean {
  try {
    return withProvider('native', () => systemBlas() !== null);
  } catch (error) {
    if (process.env.REQUIRE_BLAS === '1') throw error;
    return false;
  }
}

/** 'embedded', and 'native' where there is a library. */
export const providers: readonly ProviderName[] = hasNative() ? ['embedded', 'native'] : ['embedded'];
