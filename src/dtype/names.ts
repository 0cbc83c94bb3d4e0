// The dtypes as names of the namespace: np.float64 is the dtype itself, so that `{ dtype: np.float64 }` works and typed
// results follow from it. Aliases are NumPy's, for machines with 64-bit addresses. They are no functions: a JavaScript
// number is the scalar of every real dtype.

import { dtypes } from './dtype.ts';

export const {
  bool,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  float32,
  float64,
  complex64,
  complex128,
} = dtypes;

export {
  bool as bool_,
  complex64 as csingle,
  complex128 as cdouble,
  float16 as half,
  float32 as single,
  float64 as double,
  int8 as byte,
  int16 as short,
  int32 as intc,
  int64 as int_,
  int64 as intp,
  int64 as longlong,
  uint8 as ubyte,
  uint16 as ushort,
  uint32 as uintc,
  uint64 as uint,
  uint64 as uintp,
  uint64 as ulonglong,
};
