// Computes in a workspace that a later run goes on with; run in a process that is killed. Says how many blocks it has read.
import { writeFileSync } from 'node:fs';
import type * as np from '../../src/index.ts';
import { killable } from './_plan.ts';

const [, , workspace] = process.argv;
const { result } = await killable();
const made = await result.compute({
  memory: '12MB',
  workspace,
  resume: true,
  onProgress: ({ stage, done }) => writeFileSync(`${workspace}/told`, `${stage} ${done}`),
});
writeFileSync(`${workspace}/made`, JSON.stringify((made as np.NDArray).tolist()));
