// np.zarr: arrays in Zarr stores, by names of our own, since NumPy has none for them.

import type { createZarr, createZarrGroup } from './create.ts';
import type { listZarr, openZarr } from './open.ts';

// Loaded by the first call: most programs have no Zarr store, and all of them pay for what is read at import.
const opening = () => import('./open.ts');
const creating = () => import('./create.ts');

/**
 * Zarr stores of versions 2 and 3: opened in a directory or on a server, made in a directory, listed.
 * @see https://zarr.dev
 */
export const zarr = Object.freeze({
  open: (async (...args) => (await opening()).openZarr(...args)) as typeof openZarr,
  create: (async (...args) => (await creating()).createZarr(...args)) as typeof createZarr,
  createGroup: (async (...args) => (await creating()).createZarrGroup(...args)) as typeof createZarrGroup,
  list: (async (...args) => (await opening()).listZarr(...args)) as typeof listZarr,
});
