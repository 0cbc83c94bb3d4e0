// How the tests run: one Node process per file, nothing from a browser, every test under test/.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    alias: { orthant: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
    env: { ORTHANT_DEBUG_REDZONES: '1' },
    reporters: ['default'],
  },
});
