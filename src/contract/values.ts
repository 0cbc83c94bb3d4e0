// What a clause asks of the elements (bounds, NaN, infinities), watched block by block: of an array in memory, which is
// one block, or of one that is read piece by piece. Keeps the worst element of each kind and where it is.

import { isfinite, isnan } from '../array/functions.generated.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { argmax, argmin } from '../array/positions.ts';
import { all, any, max, min } from '../array/reduce_functions.ts';
import type { DType } from '../dtype/dtype.ts';
import type { ArrayClause } from './check.ts';

type Extreme = { readonly value: number | bigint; readonly at: string };

/** The position of an element of a block, given by its number in C order. */
function positionText(flat: number, shape: readonly number[], start: readonly number[] | undefined): string {
  const place: number[] = [];
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place[axis] = (rest % shape[axis]) + (start?.[axis] ?? 0);
    rest = Math.floor(rest / shape[axis]);
  }
  return `[${place.join(', ')}]`;
}

export class ValueWatch {
  readonly #clause: ArrayClause;
  readonly #dtype: DType;
  #invalid: string | undefined;
  #least: Extreme | undefined;
  #greatest: Extreme | undefined;

  constructor(clause: ArrayClause, dtype: DType) {
    this.#clause = clause;
    this.#dtype = dtype;
  }

  /** Whether the elements matter at all. */
  get idle(): boolean {
    const { min: low, max: high, nan, inf } = this.#clause;
    return low === undefined && high === undefined && !(this.#floating && (nan === false || inf === false));
  }

  get #floating(): boolean {
    return this.#dtype.kind === 'f' || this.#dtype.kind === 'c';
  }

  /** A block that begins at `start`, or the whole array. */
  add(block: NDArray, start?: readonly number[]): void {
    if (block.size === 0 || this.idle) return;
    const { min: low, max: high } = this.#clause;
    if (this.#floating && this.#invalid === undefined) this.#invalid = this.#invalidIn(block, start);
    if (this.#dtype.kind === 'c') return; // there is no order among them
    if (low !== undefined) this.#least = this.#worse(block, start, this.#least, low, false);
    if (high !== undefined) this.#greatest = this.#worse(block, start, this.#greatest, high, true);
  }

  #invalidIn(block: NDArray, start: readonly number[] | undefined): string | undefined {
    const { nan, inf } = this.#clause;
    const place = (flat: unknown): string => positionText(Number(flat), block.shape, start);
    const finite = inf === false ? isfinite(block) : undefined;
    if (finite !== undefined && all(finite) !== true) {
      return `NaN or infinities among its elements, at ${place(argmin(finite))}`;
    }
    const holes = nan === false ? isnan(block) : undefined;
    if (holes !== undefined && any(holes) === true) return `NaN among its elements, at ${place(argmax(holes))}`;
    return undefined;
  }

  /** The worst element past a bound so far. NaN is within none. */
  #worse(
    block: NDArray,
    start: readonly number[] | undefined,
    before: Extreme | undefined,
    bound: number,
    upper: boolean,
  ): Extreme | undefined {
    if (before !== undefined && Number.isNaN(before.value)) return before;
    const exact = this.#dtype.kind === 'i' || this.#dtype.kind === 'u'; // no number holds all 64-bit integers
    const extreme: NDArray = nd((upper ? max : min)(block, { keepdims: true })).ravel();
    const x: unknown = exact ? extreme.item({ as: 'bigint' }) : extreme.item();
    const value = typeof x === 'bigint' ? x : Number(x);
    if (upper ? value <= bound : value >= bound) return before;
    if (before !== undefined && (upper ? value <= before.value : value >= before.value)) return before;
    return { value, at: positionText(Number((upper ? argmax : argmin)(block)), block.shape, start) };
  }

  /** Everything that is not as the clause says. */
  problems(): string[] {
    const { min: low, max: high } = this.#clause;
    const found = this.#invalid === undefined ? [] : [this.#invalid];
    const bounded = low !== undefined || high !== undefined;
    if (bounded && this.#dtype.kind === 'c') return [...found, 'bounds do not apply to complex elements'];
    const said = (what: string, { value, at }: Extreme, bound?: number): string =>
      `${what} element ${value} at ${at}, the bound is ${bound}`;
    if (this.#least !== undefined) found.push(said('least', this.#least, low));
    if (this.#greatest !== undefined) found.push(said('greatest', this.#greatest, high));
    return found;
  }
}
