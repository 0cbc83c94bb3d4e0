// What np.runtime() of this very process means: engine, BLAS, settings. What the system says of any process is in
// process_facts.ts and findings.ts.

import type { RuntimeReport } from '../runtime.ts';
import type { Finding } from './findings.ts';

type Rule = (report: RuntimeReport) => Omit<Finding, 'id'> | undefined;

const rules = {
  'engine.simd': ({ engine }) =>
    engine.simd
      ? undefined
      : {
          severity: 'error',
          what: 'the engine has no WebAssembly SIMD: kernels do not compile',
          evidence: [engine.runtime],
          fix: 'run on Node 20 or newer, or a browser of the last years',
        },
  'engine.shared-memory': ({ engine }) =>
    engine.sharedMemory
      ? undefined
      : {
          severity: 'warning',
          what: 'there is no shared memory: everything runs on one thread, and without the system BLAS',
          evidence: [engine.runtime],
          fix: 'in a page, send the headers of cross-origin isolation (COOP and COEP)',
        },
  'blas.embedded': ({ blas, settings }) =>
    blas.provider !== 'embedded' || settings.blas.value === 'embedded'
      ? undefined
      : {
          severity: 'note',
          what: 'no BLAS of the system was found: linear algebra runs on the embedded provider',
          evidence: [blas.why],
          fix: 'install OpenBLAS (libopenblas0-pthread) and the optional package koffi, or give its path in ORTHANT_BLAS',
        },
  'settings.unknown': ({ unknownEnvironment }) =>
    unknownEnvironment.length === 0
      ? undefined
      : {
          severity: 'warning',
          what: 'variables that look like settings of Orthant and mean nothing',
          evidence: unknownEnvironment,
          fix: 'check their spelling: docs/design/base.md lists all settings',
        },
} satisfies Record<string, Rule>;

/** What the report of this process shows. */
export const ownFindings = (report: RuntimeReport): Finding[] =>
  Object.entries(rules).flatMap(([id, rule]: [string, Rule]): Finding[] => {
    const finding = rule(report);
    return finding === undefined ? [] : [{ id, ...finding }];
  });
