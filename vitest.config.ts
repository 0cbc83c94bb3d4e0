// How the tests run: in Node processes, one per file unless tools/test.ts says otherwise, every test under test/.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { executorModule } from './test/executor_module.ts';
import { bundledTextVite } from './tools/bundled_text.mjs';

export default defineConfig({
  plugins: [bundledTextVite],
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    poolOptions: {
      forks: {
        execArgv: ['--no-warnings'], // faults in numbers are expected; tests of them listen
        minForks: 1,
        maxForks: Math.min(8, availableParallelism()), // the runner itself has little to do
      },
    },
    testTimeout: 30_000,
    hookTimeout: 60_000, // some build the library first
    globalSetup: ['test/executor_module.ts'],
    alias: { orthant: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
    // The bits of products must not depend on what the machine has installed; test/linalg/native.test.ts asks for it.
    env: { ORTHANT_DEBUG_REDZONES: '1', ORTHANT_BLAS: 'embedded', ORTHANT_EXECUTOR: executorModule },
    reporters: ['default'],
  },
});
