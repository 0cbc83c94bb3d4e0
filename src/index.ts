// The public namespace, by re-export only.
import './array/methods.ts';

export { imag, real } from './array/complex_parts.ts';
export * from './array/creation.ts';
export { array2string } from './array/format/array2string.ts';
export { format_float_positional, format_float_scientific } from './array/format/float_text.ts';
export { get_printoptions, printoptions, set_printoptions } from './array/format/print_options.ts';
export { array_repr, array_str } from './array/format/repr.ts';
export * from './array/functions.generated.ts';
export * from './array/grids.ts';
export * from './array/matrices.ts';
export { NDArray } from './array/ndarray.ts';
export { argmax, argmin } from './array/positions.ts';
export * from './array/ranges.ts';
export * from './array/reduce_functions.ts';
export { around, clip, type NanToNumOptions, nan_to_num, round } from './array/rounding.ts';
export { cumprod, cumsum, cumulative_prod, cumulative_sum } from './array/running.ts';
export { where } from './array/select.ts';
export { mean, std, var } from './array/statistics.ts';
export * from './array/views.ts';
export * from './base/errors.ts';
export { Complex } from './dtype/complex.ts';
export { dtypes } from './dtype/dtype.ts';
export * from './io/files.ts';
export { NpzFile } from './io/npz.ts';
export { dot, inner, matmul, vdot } from './linalg/matmul.ts';
