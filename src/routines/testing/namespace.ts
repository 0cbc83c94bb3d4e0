// np.testing: assertions for tests of numerical code, by re-export only.

export {
  type AllcloseOptions,
  assert_allclose,
  assert_almost_equal,
  assert_approx_equal,
  assert_array_almost_equal,
  assert_array_compare,
  assert_array_equal,
  assert_array_less,
  type DecimalOptions,
} from './arrays.ts';
export { AssertionError } from './assertion_error.ts';
export type { CompareOptions } from './compare.ts';
export { assert_array_almost_equal_nulp, assert_array_max_ulp } from './ulp.ts';
export {
  assert_,
  assert_equal,
  assert_no_warnings,
  assert_raises,
  assert_raises_regex,
  assert_string_equal,
} from './values.ts';
