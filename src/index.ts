// The public namespace, by re-export only.
import './array/methods.ts';

export * from './array/creation.ts';
export * from './array/functions.generated.ts';
export { NDArray } from './array/ndarray.ts';
export * from './array/reduce_functions.ts';
export { mean, std, var } from './array/statistics.ts';
export * from './array/views.ts';
export * from './base/errors.ts';
export { argmax, argmin } from './array/positions.ts';
export { cumprod, cumsum, cumulative_prod, cumulative_sum } from './array/running.ts';
