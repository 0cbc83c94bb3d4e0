// How a reduction is described: a monoid per dtype. `value` turns an element into a state, `combine` joins two states,
// `identity` is the state of nothing. Float sums are ordered: their tree is fixed (kernel/wasm/fold.ts).

import { type DType, dtypes } from '../../dtype/dtype.ts';
import { ComplexExpr, Expr, type ExprValue } from '../../kernel/builder.ts';
import type { RowDoc } from '../define.ts';

/** A reduction of elements of one dtype, ready for kernels. */
export interface Monoid {
  readonly name: string;
  /** Dtypes the value's inputs are cast to: the element first. */
  readonly ins: readonly DType[];
  readonly state: DType;
  readonly value: (x: readonly ExprValue[]) => ExprValue;
  readonly combine: (a: ExprValue, b: ExprValue) => ExprValue;
  /** Per part of the state; neutral to the bit. */
  readonly identity: readonly (number | bigint)[];
  readonly ordered: boolean;
  /** Order shows in which of equal values wins and in nothing else: a leaf is then as long as a run. */
  readonly tiesOnly?: true;
  /**
   * The state combined with several elements, one after another, given by their inputs: the same bits as `combine` of
   * each `value`, in fewer instructions. Undefined where these elements have no such way.
   */
  readonly several?: (state: ExprValue, elements: readonly (readonly ExprValue[])[]) => ExprValue | undefined;
  /** Will no element change this state? Only where order does not matter. */
  readonly settled?: (state: ExprValue) => Expr;
}

/** A monoid with other bodies; what holds for the old ones alone is dropped. */
export function altered(
  { several: _, settled: _settled, ...rest }: Monoid,
  change: Pick<Monoid, 'name'> & Partial<Monoid>,
): Monoid {
  return { ...rest, ...change };
}

export interface ReduceRow extends RowDoc {
  /** The monoid for elements of this dtype, and the dtype of the result. */
  readonly of: (d: DType) => { readonly monoid: Monoid; readonly result: DType };
  /** Is there a result of reducing nothing? */
  readonly empty?: number | boolean;
  /** Dtype that elements are accumulated in unless `dtype` says otherwise. */
  readonly accumulate?: (d: DType) => DType;
  /** Finite elements can have a result that is infinite or NaN, integers one out of range (docs/design/errstate.md). */
  readonly faults?: true;
  readonly aliases?: readonly string[];
}

/** Small integers and bool accumulate in 64 bits, unsigned stay unsigned; all else in its own dtype. */
export const wideAccumulator = (d: DType): DType =>
  d.kind === 'b' || d.kind === 'i' ? dtypes.int64 : d.kind === 'u' ? dtypes.uint64 : d;

/** Dtype of a running state: float16 is carried in float32, bool in uint8. */
export const stateOf = (d: DType): DType => (d.half ? dtypes.float32 : d.kind === 'b' ? dtypes.uint8 : d);

/** Applies one of two functions according to what the operands are. */
export const either =
  (real: (a: Expr, b: Expr) => ExprValue, complex: (a: ComplexExpr, b: ComplexExpr) => ExprValue) =>
  (a: ExprValue, b: ExprValue): ExprValue => {
    if (a instanceof ComplexExpr && b instanceof ComplexExpr) return complex(a, b);
    if (a instanceof Expr && b instanceof Expr) return real(a, b);
    throw new TypeError('a reduction mixed real and complex values');
  };

export const isFloating = (d: DType): boolean => d.kind === 'f' || d.kind === 'c';

/** An element as it is stored in the state: bool as 0 or 1. */
export const asState = (x: ExprValue): ExprValue => (x instanceof Expr && x.type === 'bool' ? x.to('u8') : x);
