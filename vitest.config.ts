// How the tests run: one Node process per file, nothing from a browser, every test under test/.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { executorModule } from './test/executor_module.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    poolOptions: { forks: { execArgv: ['--no-warnings'] } }, // faults in numbers are expected; tests of them listen
    testTimeout: 30_000,
    globalSetup: ['test/executor_module.ts'],
    alias: { orthant: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
    // The bits of products must not depend on what the machine has installed; test/linalg/native.test.ts asks for it.
    env: { ORTHANT_DEBUG_REDZONES: '1', ORTHANT_BLAS: 'embedded', ORTHANT_EXECUTOR: executorModule },
    reporters: ['default'],
  },
});
