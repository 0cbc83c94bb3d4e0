// A ghost: a segment without memory. Blocks are taken, charged and given back as in any other, but nothing is there:
// writes vanish, reads are zero, and kernels over it do nothing. What a computation would take is found out this way.
import { Blocks } from './blocks.ts';

/** Units that are handed out: anew each time, so that no two blocks share addresses for the first terabyte. */
const MOST_UNITS = 2 ** 31 - 1;

/** Blocks of a segment that has no end. */
export class GhostBlocks extends Blocks {
  readonly #lengths = new Map<number, number>();
  #next = 1;

  override get units(): number {
    return 0;
  }
  override get free(): number {
    return 0;
  }
  override get largestFree(): number {
    return 0;
  }
  override lengthAt(unit: number): number {
    return this.#lengths.get(unit) ?? 0;
  }
  override extend(): void {}
  override take(length: number): number {
    if (length > MOST_UNITS) return -1;
    if (this.#next + length > MOST_UNITS) this.#next = 1;
    const unit = this.#next;
    this.#next += length;
    this.#lengths.set(unit, length);
    return unit;
  }
  override give(unit: number): void {
    this.#lengths.delete(unit);
  }
}

/** Most elements of a view that is really made: reading one element after another beyond it is nobody's intent. */
const LONGEST = 2 ** 24;

/** A typed array in which every element is 0 wherever one looks, and stays so. */
export function ghostView<V extends object>(ctor: new (length: number) => V): V {
  const zeros = new ctor(64);
  const zero: unknown = Reflect.get(zeros, 0);
  const part = (from = 0, to = 64): V => new ctor(Math.max(0, Math.min(LONGEST, to - from)));
  const methods: Record<string, unknown> = {
    set: () => undefined,
    fill: () => zeros,
    copyWithin: () => zeros,
    subarray: part,
    slice: part,
  };
  return new Proxy(zeros, {
    get: (target, key) => {
      if (typeof key === 'string' && key in methods) return methods[key];
      if (typeof key === 'string' && /^[0-9-]/.test(key)) return zero;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: () => true,
  });
}
