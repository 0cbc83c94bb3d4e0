// When to collect: two moving ceilings on live bytes, set after every collection from what survived it and what it cost.
// Full collections bound the memory; minor ones, far cheaper and more frequent, keep temporaries within the caches:
// a block reused while it is still in the cache is written about four times as fast as one that is not.
// It only computes; charges.ts asks it and does the work.

/** Knobs of the policy; defaults are measured in docs/design/memory.md. */
export interface PressureOptions {
  /** Bytes that may be allocated between full collections, at least. */
  readonly step: number;
  /** The same as a share of what survived, where that is more. */
  readonly share: number;
  /** How far the distance may stretch where collecting is dear; 1: what a collection costs never counts. */
  readonly mostBackoff: number;
  /** Bytes that may be allocated between minor collections, at least; Infinity for none. */
  readonly youngStep: number;
}

const MB = 2 ** 20;

/** With 192 MB and a quarter, RSS stays below 1.3 × working set + 256 MB; the rest is room for fragmentation. */
export const DEFAULT_PRESSURE: PressureOptions = { step: 192 * MB, share: 0.25, mostBackoff: 8, youngStep: 16 * MB };

const DEAR_MS = 25; // a full collection below this is never backed off from
const DEAR_YOUNG_MS = 2; // the same for a minor one
const DEAR_SHARE = 0.25; // of the time since the last one
const CHEAP_SHARE = 0.1;

/** The moving ceilings. */
export class Pressure {
  /** Live bytes at which a full collection is due. */
  ceiling: number;
  /** Live bytes at which a minor one is. */
  youngCeiling: number;
  readonly #options: PressureOptions;
  #backoff = 1;
  #endedAt = 0;
  #youngEndedAt = 0;
  #youngStep: number;

  constructor(options: PressureOptions) {
    this.#options = options;
    this.#youngStep = options.youngStep;
    this.ceiling = options.step;
    this.youngCeiling = options.youngStep;
  }

  /**
   * Sets the ceilings after a full collection from `startedAt` to `endedAt` (milliseconds) that left `survived` bytes.
   * When collecting is dear (a large JavaScript heap) and takes over a quarter of the time, the distance doubles,
   * up to a bound: the bound on RSS is given up before the speed of the program is.
   */
  settle(survived: number, startedAt: number, endedAt: number): void {
    const cost = endedAt - startedAt;
    const share = cost / Math.max(1e-3, startedAt - this.#endedAt);
    if (cost > DEAR_MS && share > DEAR_SHARE) this.#backoff = Math.min(this.#options.mostBackoff, this.#backoff * 2);
    else if (share < CHEAP_SHARE || cost <= DEAR_MS) this.#backoff = Math.max(1, this.#backoff / 2);
    this.#endedAt = endedAt;
    this.ceiling = this.#above(survived);
    this.youngCeiling = survived + this.#youngStep;
  }

  /** Lowers the ceilings where some dead were found without collecting: `live` may hold more of them. */
  rest(live: number): void {
    this.ceiling = Math.min(this.ceiling, this.#above(live));
    this.youngCeiling = Math.min(this.youngCeiling, live + this.#youngStep);
  }

  /**
   * Sets the next minor collection after one that found `before` live bytes and left `survived`. One that freed less
   * than half of a step was in vain (what is allocated stays, or is old), one that took long was dear (the program
   * has much young data of its own): the next comes twice as late.
   */
  settleYoung(before: number, survived: number, startedAt: number, endedAt: number): void {
    const { step, youngStep, mostBackoff } = this.#options;
    const vain = before - survived < this.#youngStep / 2;
    const cost = endedAt - startedAt;
    const dear = mostBackoff > 1 && cost > DEAR_YOUNG_MS && cost > DEAR_SHARE * (startedAt - this.#youngEndedAt);
    this.#youngEndedAt = endedAt;
    if (vain || dear) this.#youngStep = Math.min(this.#youngStep * 2, Math.max(step, youngStep));
    else this.#youngStep = Math.max(youngStep, this.#youngStep / 2);
    this.youngCeiling = survived + this.#youngStep;
  }

  #above(survived: number): number {
    const { step, share } = this.#options;
    return survived + Math.max(step, survived * share) * this.#backoff;
  }
}
