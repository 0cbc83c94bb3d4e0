// How the tests run: one Node process per file, nothing from a browser, every test under test/.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    env: { ORTHANT_DEBUG_REDZONES: '1' },
    reporters: ['default'],
  },
});
