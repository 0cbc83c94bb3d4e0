// The public namespace, by re-export only.
import './base/channels.ts';
import './diag/monitor/environment.ts';
import './array/device.ts';
import './array/index_methods.ts';
import './array/layout_methods.ts';
import './array/methods.ts';
import './array/reduce_methods.ts';
import './array/sort_methods.ts';
import './routines/methods.ts';
import './array/inplace_methods.ts';
import './array/methods.ts';
import './array/reduce_methods.ts';
import './array/sort_methods.ts';
import './linalg/methods.ts';

export { type ChooseOptions, choose, select } from './array/choose.ts';
export { imag, real } from './array/complex_parts.ts';
export {
  array,
  asarray,
  ascontiguousarray,
  asfortranarray,
  empty,
  empty_like,
  frombuffer,
  full,
  full_like,
  ones,
  ones_like,
  zeros,
  zeros_like,
} from './array/creation.ts';
export { type Estimate, estimate } from './array/estimate.ts';
export { array2string } from './array/format/array2string.ts';
export { format_float_positional, format_float_scientific } from './array/format/float_text.ts';
export { get_printoptions, printoptions, set_printoptions } from './array/format/print_options.ts';
export { array_repr, array_str } from './array/format/repr.ts';
export * from './array/functions.generated.ts';
export * from './array/grids.ts';
export type { Index } from './array/indexing.ts';
export * from './array/matrices.ts';
export { NDArray } from './array/ndarray.ts';
export { argwhere, flatnonzero, nonzero } from './array/nonzero.ts';
export { argmax, argmin } from './array/positions.ts';
export { fill_diagonal, place, put, put_along_axis, putmask } from './array/put.ts';
export * from './array/ranges.ts';
export { all, amax, amin, any, count_nonzero, max, min, prod, sum } from './array/reduce_functions.ts';
export { around, clip, type NanToNumOptions, nan_to_num, round } from './array/rounding.ts';
export { cumprod, cumsum, cumulative_prod, cumulative_sum } from './array/running.ts';
export { type ScopeOptions, scope } from './array/scope.ts';
export { type SearchOptions, searchsorted } from './array/searching.ts';
export { where } from './array/select.ts';
export { receive, type SharedArray, type ShareOptions, share } from './array/share.ts';
export {
  argpartition,
  argsort,
  type PartitionOptions,
  partition,
  type SortKind,
  type SortOptions,
  sort,
} from './array/sorting.ts';
export { mean, std, var } from './array/statistics.ts';
export { compress, extract, type IndexMode, type TakeOptions, take, take_along_axis } from './array/take.ts';
export { type Formula, type FormulaUfunc, type UfuncDefinition, ufunc } from './array/ufunc/define.ts';
export type { UfuncObject } from './array/ufunc/object.ts';
export {
  broadcast_arrays,
  broadcast_shapes,
  broadcast_to,
  diagonal,
  expand_dims,
  flip,
  fliplr,
  flipud,
  matrix_transpose,
  moveaxis,
  permute_dims,
  ravel,
  reshape,
  squeeze,
  swapaxes,
  transpose,
} from './array/views.ts';
export { type AsyncForms, type AsyncOptions, async } from './async.ts';
export * from './base/constants.ts';
export * from './base/errors.ts';
export * as exceptions from './base/errors.ts';
export * as version from './base/version.ts';
export { version as __version__ } from './base/version.ts';
export { ChunkedArray, type ChunkedLike } from './chunked/array.ts';
export * as chunked from './chunked/namespace.ts';
export {
  type ArrayClause,
  type Clause,
  type Contract,
  check,
  contract,
  contractFrom,
  type Described,
} from './contract/contract.ts';
export { type Audit, type AuditFinding, audit, type FindingKind } from './diag/audit.ts';
export { type Drift, drift, type LockManifest, lock } from './diag/lock.ts';
export { type MemorySnapshot, memory, type TraceOptions } from './diag/memory.ts';
export { type Monitor, type MonitorOptions, monitor } from './diag/monitor/monitor.ts';
export { type RuntimeReport, runtime, type ShowOptions, show_config, show_runtime } from './diag/runtime.ts';
export { threads } from './diag/threads.ts';
export { Complex } from './dtype/complex.ts';
export { asDType, asDType as dtype, type DType, type DTypeLike, type DTypeName, dtypes } from './dtype/dtype.ts';
export { type FloatInfo, finfo, type IntegerInfo, iinfo } from './dtype/info.ts';
export {
  type AbstractKind,
  character,
  complexfloating,
  type DTypeKind,
  flexible,
  floating,
  generic,
  inexact,
  integer,
  isdtype,
  issubdtype,
  number,
  signedinteger,
  unsignedinteger,
} from './dtype/kinds.ts';
export * from './dtype/names.ts';
export type { Casting } from './dtype/promotion.ts';
export type { Scalar } from './dtype/scalars.ts';
export type { UfuncOptions } from './exec/call.ts';
export type { ArrayLike } from './exec/coerce.ts';
export {
  type ErrorCall,
  type ErrorHandler,
  type ErrorLog,
  type ErrorMode,
  type ErrorOptions,
  type ErrorState,
  type ErrstateOptions,
  errstate,
  type Fault,
  geterr,
  geterrcall,
  seterr,
  seterrcall,
} from './exec/errstate/state.ts';
export { type BroadcastRule, type Guard, type GuardOptions, guard } from './exec/guard.ts';
export type { Term, TermLike } from './exec/term.ts';
export type { Block, StoredArray } from './io/blocks.ts';
export * from './io/files.ts';
export * from './io/genfromtxt.ts';
export * from './io/loadtxt.ts';
export {
  type MapMode,
  MappedArray,
  type MemmapOptions,
  memmap,
  type OpenArrayOptions,
  openArray,
} from './io/memmap.ts';
export { NpzFile } from './io/npz.ts';
export * from './io/raw.ts';
export { type SaveTextOptions, savetxt, savetxtSync } from './io/savetxt.ts';
export type { ArrayStore, Region } from './io/store.ts';
export { isTransient } from './io/transient.ts';
export type { WritableZarrArray, ZarrArray } from './io/zarr/array.ts';
export type { NewZarrArray, ZarrCreateOptions, ZarrGroupOptions } from './io/zarr/create.ts';
export { zarr } from './io/zarr/namespace.ts';
export type { ZarrNode, ZarrOpenOptions } from './io/zarr/open.ts';
export type { ExplainedKernel, Explanation } from './lazy/explain.ts';
export { type ExprOperand, expr } from './lazy/expr.ts';
export { type Fused, fuse } from './lazy/fuse.ts';
export { Lazy, type LazyLike, lazy } from './lazy/lazy.ts';
export * from './linalg/cross.ts';
export { einsum, einsum_path } from './linalg/einsum.ts';
export { dot, inner, matmul, vdot } from './linalg/matmul.ts';
export { linalg } from './linalg/namespace.ts';
export * from './linalg/tensor.ts';
export * from './linalg/trace.ts';
export * from './routines/along_axis.ts';
export { atleast_1d, atleast_2d, atleast_3d } from './routines/at_least.ts';
export { type AverageOptions, average } from './routines/average.ts';
export {
  type BinEdgesOptions,
  type BinRange,
  type BinRule,
  type Bins,
  histogram_bin_edges,
} from './routines/bin_edges.ts';
export * from './routines/bincount.ts';
export * from './routines/bit_packing.ts';
export * from './routines/block.ts';
export { type Broadcast, broadcast } from './routines/broadcast.ts';
export * from './routines/closeness.ts';
export * from './routines/conversion.ts';
export * from './routines/convolve.ts';
export * from './routines/copyto.ts';
export * from './routines/covariance.ts';
export { type DiffOptions, diff, type EdgeOptions, ediff1d } from './routines/differences.ts';
export * from './routines/edit.ts';
export * as emath from './routines/emath.ts';
export * from './routines/flat_index.ts';
export { type FromFunctionOptions, type FunctionOfArrays, frompyfunc } from './routines/frompyfunc.ts';
export * from './routines/gradient.ts';
export { type HistogramOptions, histogram } from './routines/histogram.ts';
export * from './routines/histogram_grid.ts';
export * from './routines/index_grids.ts';
export * from './routines/inquiries.ts';
export * from './routines/integrals.ts';
export * from './routines/interp.ts';
export { type IsinOptions, isin } from './routines/isin.ts';
export * from './routines/iterate.ts';
export {
  type ArrayList,
  append,
  column_stack,
  concat,
  concatenate,
  dstack,
  hstack,
  type JoinOptions,
  type StackOptions,
  stack,
  vstack,
} from './routines/join.ts';
export * from './routines/lib.ts';
export * from './routines/median.ts';
export * from './routines/namespace_info.ts';
export * from './routines/nan_reductions.ts';
export * from './routines/nan_statistics.ts';
export * from './routines/number_text.ts';
export * from './routines/pad.ts';
export * from './routines/phase.ts';
export * as polynomial from './routines/polynomial/namespace.ts';
export {
  type FitWithCovariance,
  type FullFit,
  type PolyfitOptions,
  polyfit,
} from './routines/polynomial_fit.ts';
export * from './routines/polynomial_roots.ts';
export * from './routines/polynomials.ts';
export * from './routines/ptp.ts';
export { nanpercentile, nanquantile, percentile, type QuantileOptions, quantile } from './routines/quantile.ts';
export * from './routines/repeat.ts';
export * from './routines/roll.ts';
export * from './routines/set_operations.ts';
export * from './routines/sorting.ts';
export * from './routines/split.ts';
export * as testing from './routines/testing/namespace.ts';
export * from './routines/triangle_indices.ts';
export * from './routines/types.ts';
export * from './routines/unique.ts';
export { type Vectorized, type VectorizeOptions, vectorize } from './routines/vectorize.ts';
export * from './routines/windows.ts';
