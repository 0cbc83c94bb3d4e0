// np.zarr: arrays in Zarr stores, by names of our own, since NumPy has none for them.

import { createZarr, createZarrGroup } from './create.ts';
import { listZarr, openZarr } from './open.ts';

/**
 * Zarr stores of versions 2 and 3: opened in a directory or on a server, made in a directory, listed.
 * @see https://zarr.dev
 */
export const zarr = Object.freeze({
  open: openZarr,
  create: createZarr,
  createGroup: createZarrGroup,
  list: listZarr,
});
