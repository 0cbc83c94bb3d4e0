// Computes jobs that come as lines of JSON; says how many blocks that were.
import { createInterface } from 'node:readline';
import * as np from '../../src/index.ts';

for await (const line of createInterface({ input: process.stdin })) {
  const computed = await np.chunked.runJob(JSON.parse(line));
  process.stdout.write(`${computed}\n`);
}
