// The plan of the tests that kill: several stages, the second in other blocks, results of both kinds.
import * as np from '../../src/index.ts';
import { storeOf } from './_stores.ts';

/** Reads pause after the first few, so that there is time to kill. */
export async function killable(pause = 30) {
  const values = np.sin(np.arange(256 * 512)).reshape(256, 512) as np.NDArray;
  const store = storeOf(values, { before: () => new Promise((go) => setTimeout(go, pause)) });
  const a = np.chunked.from(store, { chunks: [16, 512] });
  return { store, values, result: a.add(1).rechunk([256, 32]).multiply(2).std(0) };
}
