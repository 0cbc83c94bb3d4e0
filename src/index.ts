// The public namespace, by re-export only.
export * from './array/creation.ts';
export { NDArray } from './array/ndarray.ts';
export * from './array/views.ts';
export * from './base/errors.ts';
