// orthant/monitor: starts the monitor that the environment asks for before anything else runs, for programs that compute
// from their first line: `ORTHANT_MONITOR=9100 node --import orthant/monitor job.js`. Exports nothing.

import { startFromEnvironment } from './diag/monitor/environment.ts';

await startFromEnvironment(true);
