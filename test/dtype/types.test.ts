// The type-level twin of promotion. The compiler does the testing (`npm run types`): a wrong pair fails to assign.
import { expect, expectTypeOf, test } from 'vitest';
import type { Complex } from '../../src/dtype/complex.ts';
import type { DType, DTypeName } from '../../src/dtype/dtype.ts';
import { asDType } from '../../src/dtype/dtype.ts';
import type { DTypeNameOf, ElementOf, NoCommonInteger, Promote, WeakPromote } from '../../src/dtype/types.ts';
import type { NumpyPromote } from '../fixtures/promotion_types.ts';

type Twin = { [A in DTypeName]: { [B in DTypeName]: Promote<A, B> } };

/** Pairs where the twin and NumPy differ; must be none. */
type Different = {
  [A in DTypeName]: {
    [B in DTypeName]: [Twin[A][B], NumpyPromote[A][B]] extends [NumpyPromote[A][B], Twin[A][B]] ? never : `${A}+${B}`;
  }[DTypeName];
}[DTypeName];

test('Promote is NumPy’s table', () => {
  expectTypeOf<Different>().toEqualTypeOf<never>();
  expectTypeOf<Promote<DTypeName, 'int8'>>().toEqualTypeOf<DTypeName>();
  expectTypeOf<Promote<'int8' | 'float32', 'uint8'>>().toEqualTypeOf<'int16' | 'float32'>();
});

test('the exception, weak scalars, elements', () => {
  expectTypeOf<NoCommonInteger<'uint64', 'int8'>>().toEqualTypeOf<true>();
  expectTypeOf<NoCommonInteger<'int64', 'uint64'>>().toEqualTypeOf<true>();
  expectTypeOf<NoCommonInteger<'uint64', 'uint8'>>().toEqualTypeOf<false>();
  expectTypeOf<WeakPromote<'float32', number>>().toEqualTypeOf<'float32'>();
  expectTypeOf<WeakPromote<'bool', bigint>>().toEqualTypeOf<'int64'>();
  expectTypeOf<WeakPromote<'int8', Complex>>().toEqualTypeOf<'complex128'>();
  expectTypeOf<WeakPromote<'float16', Complex>>().toEqualTypeOf<'complex64'>();
  expectTypeOf<ElementOf<'bool'>>().toEqualTypeOf<boolean>();
  expectTypeOf<ElementOf<'int64'>>().toEqualTypeOf<number>();
  expectTypeOf<DTypeNameOf<'f4'>>().toEqualTypeOf<DTypeName>();
  expectTypeOf<DTypeNameOf<DType<'int8'>>>().toEqualTypeOf<'int8'>();
  const d = asDType('float32');
  expectTypeOf(d).toEqualTypeOf<DType<'float32'>>();
  expect(d.name).toBe('float32');
});
