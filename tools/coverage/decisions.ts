// Where Orthant's public names are not NumPy's, on purpose: under another name, with a difference, or never. A row that
// has no entry here is done when the name exists and not yet done when it does not. Keys are rows of
// docs/numpy-api.tsv; `module.*` stands for all rows of a module that have no entry of their own.

import { dtypeList } from '../../src/dtype/dtype.ts';

export type Decision =
  /** The same thing under another name of the public namespace. */
  | { readonly as: string; readonly note?: string }
  /** It exists, with this difference. */
  | { readonly partial: string; readonly as?: string }
  /** It will not exist, for this reason. */
  | { readonly never: string };

const inPlace = 'the result goes into memory that is there: a.add(b, { out: a })';

/** Python's operators and the methods that do their work. */
const operators: Readonly<Record<string, string>> = {
  add: 'add',
  sub: 'subtract',
  mul: 'multiply',
  truediv: 'divide',
  floordiv: 'floor_divide',
  mod: 'remainder',
  divmod: 'divmod',
  pow: 'power',
  neg: 'negative',
  pos: 'positive',
  abs: 'absolute',
  invert: 'invert',
  and: 'bitwise_and',
  or: 'bitwise_or',
  xor: 'bitwise_xor',
  lshift: 'left_shift',
  rshift: 'right_shift',
  lt: 'less',
  le: 'less_equal',
  gt: 'greater',
  ge: 'greater_equal',
  eq: 'equal',
  ne: 'not_equal',
};
const withInPlace = ['add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'pow', 'lshift', 'rshift', 'and', 'or', 'xor'];

const scalarReading = 'JavaScript has no such conversion; item() gives the scalar';

export const decisions: Readonly<Record<string, Decision>> = {
  ...Object.fromEntries(
    Object.entries(operators).map(([name, method]) => [`numpy.ndarray.__${name}__`, { as: `ndarray.${method}` }]),
  ),
  ...Object.fromEntries(
    withInPlace.map((name) => [`numpy.ndarray.__i${name}__`, { as: `ndarray.${operators[name]}`, note: inPlace }]),
  ),
  ...Object.fromEntries(
    dtypeList.map(({ name }) => [
      `numpy.dtypes.${name.replace(/^(u?)(.)/, (_, u: string, c: string) => (u + c).toUpperCase())}DType`,
      { as: `dtypes.${name}`, note: 'the dtypes are the objects themselves' },
    ]),
  ),
  'numpy.memmap': { partial: 'a MappedArray: array is the whole, get a part; flush, close and using' },
  ...Object.fromEntries(
    ['filename', 'offset', 'mode', 'flush'].map((name) => [
      `numpy.memmap.${name}`,
      { as: 'MappedArray', note: name === 'filename' ? 'its path' : `its ${name}` },
    ]),
  ),
  'numpy.lib.format.open_memmap': { as: 'openArray' },
  'numpy.ndarray': { as: 'NDArray' },
  'numpy.ndarray.__matmul__': { as: 'matmul' },
  'numpy.ndarray.__imatmul__': { as: 'matmul', note: inPlace },
  'numpy.ndarray.__getitem__': { as: 'ndarray.get' },
  'numpy.ndarray.__setitem__': { as: 'ndarray.set' },
  'numpy.ndarray.__len__': { as: 'ndarray.length' },
  'numpy.ndarray.__iter__': { as: 'ndarray.Symbol.iterator', note: 'for … of' },
  'numpy.ndarray.__contains__': { as: 'any', note: 'np.any(a.equal(x))' },
  'numpy.ndarray.__bool__': { as: 'ndarray.item', note: scalarReading },
  'numpy.ndarray.__int__': { as: 'ndarray.item', note: scalarReading },
  'numpy.ndarray.__index__': { as: 'ndarray.item', note: scalarReading },
  'numpy.ndarray.__float__': { as: 'ndarray.item', note: scalarReading },
  'numpy.ndarray.__complex__': { as: 'ndarray.item', note: scalarReading },
  'numpy.ndarray.__array_namespace__': { never: 'the namespace is the module: import * as np' },
  'numpy.ndarray.__array_interface__': { never: 'describes memory to other Python code; data and strides are public' },
  'numpy.ndarray.__array_ufunc__': { never: 'functions take arrays of this package; there is nothing to dispatch to' },
  'numpy.ndarray.__array_function__': {
    never: 'functions take arrays of this package; there is nothing to dispatch to',
  },
  'numpy.ndarray.__dlpack__': { never: 'hands memory to Python packages; typed arrays are shared without a copy' },
  'numpy.ndarray.__dlpack_device__': {
    never: 'hands memory to Python packages; typed arrays are shared without a copy',
  },
  'numpy.from_dlpack': { never: 'takes memory from Python packages; asarray shares a typed array without a copy' },
  'numpy.ndarray.data': { partial: 'a typed array instead of a Python buffer, for C-contiguous arrays' },
  'numpy.flatiter': { as: 'ndarray.flat' },
  'numpy.lib.mixins.NDArrayOperatorsMixin': { never: 'classes cannot define operators in JavaScript' },
  'numpy.__config__.show': { as: 'show_config' },
  'numpy.__config__.show_config': { as: 'show_config' },
  'numpy.lib.introspect.opt_func_info': {
    never:
      'lists processor variants compiled in; kernels are made for the operation at hand, and runtime says what the engine has',
  },
  'numpy.lib.tracemalloc_domain': { never: 'a number for Python’s own memory tracer' },
  'numpy.vectorize.__call__': { as: 'vectorize', note: 'vectorize gives a function' },
  'numpy.dtype.descr': { partial: 'the text of .npy files; str is its NumPy name, and there are no fields' },
  'numpy.dtype.type': { never: 'scalars are plain JavaScript values and have no class per dtype' },
  'numpy.dtype.newbyteorder': {
    never: 'elements are in the order of the machine; byteswap turns the bytes of an array',
  },
  'numpy.dtype.metadata': { never: 'dtypes are the same for everybody and carry nothing' },
  'numpy.polynomial.Polynomial.__call__': { as: 'polynomial.Polynomial.at', note: 'p.at(x)' },
  'numpy.ufunc.__call__': { as: 'add', note: 'a ufunc is a function' },
  'numpy.lib.npyio.NpzFile.keys': { as: 'NpzFile.files' },
  'numpy.lib.npyio.NpzFile.values': { never: 'arrays are read one by one, get(name), and awaited' },
  'numpy.lib.npyio.NpzFile.items': { never: 'arrays are read one by one, get(name), and awaited' },
  'numpy.True_': { never: 'true is a bool scalar' },
  'numpy.False_': { never: 'false is a bool scalar' },
  'numpy.asanyarray': { never: 'there are no subclasses to let through: asarray' },
  'numpy.setbufsize': { never: 'kernels convert in the loop and have no buffer to size' },
  'numpy.getbufsize': { never: 'kernels convert in the loop and have no buffer to size' },
  'numpy.info': { never: 'editors show the documentation of every function' },
  'numpy.lib.npyio.NpzFile': { as: 'NpzFile' },
  'numpy.version.git_revision': { never: 'a package has a version, not a commit' },
  'numpy.version.release': { never: 'the version says so: a pre-release has a hyphen' },
  'numpy.exceptions.ComplexWarning': { never: 'dropping an imaginary part is an error, not a warning' },
  'numpy.exceptions.VisibleDeprecationWarning': { never: 'nothing is deprecated' },
  'numpy.exceptions.DTypePromotionError': { as: 'exceptions.DTypeError' },
  'numpy.exceptions.TooHardError': { never: 'the exact overlap test is bounded and always answers' },
  'numpy.testing.build_err_msg': { never: 'assertions word their messages themselves' },
  'numpy.testing.print_assert_equal': { never: 'assert_equal says the same' },
  'numpy.testing.assert_no_warnings': { partial: 'floating-point and integer conditions; there are no other warnings' },
  'numpy.testing.assert_allclose': { partial: 'shapes and dtypes must agree unless strict: false' },
  'numpy.testing.assert_array_equal': { partial: 'shapes and dtypes must agree unless strict: false' },
  'numpy.testing.assert_equal': { partial: 'shapes and dtypes must agree unless strict: false' },
  'numpy.testing.memusage': { never: 'process.memoryUsage() says it' },
  'numpy.testing.run_threaded': { never: 'JavaScript threads share no functions' },
  'numpy.testing.tempdir': { never: 'fs.mkdtemp makes one' },
  'numpy.testing.temppath': { never: 'fs.mkdtemp makes one' },
  'numpy.testing.measure': { never: 'performance.now() measures; it gives no result to compare' },
  'numpy.testing.overrides': { never: 'there is no override protocol to list functions of' },
  'numpy.testing.overrides.*': { never: 'there is no override protocol to list functions of' },
  'numpy.testing.BLAS_SUPPORTS_FPE': { never: 'a fact about a build of NumPy' },
  'numpy.testing.HAS_LAPACK64': { never: 'a fact about a build of NumPy' },
  'numpy.testing.HAS_SUBPROCESSES': { never: 'a fact about a build of NumPy' },
  'numpy.testing.IS_64BIT': { never: 'a fact about a build of NumPy' },
  'numpy.testing.IS_MUSL': { never: 'a fact about a build of NumPy' },
  'numpy.testing.IS_WASM': { never: 'a fact about a build of NumPy' },
};
