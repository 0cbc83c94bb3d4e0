// When to collect: a moving ceiling on live bytes, set after every collection from what survived it and what it cost.
// It only computes; heap.ts asks it and does the work.

/** Knobs of the policy; defaults are measured in docs/design/memory.md. */
export interface PressureOptions {
  /** Bytes that may be allocated between collections, at least. */
  readonly step: number;
  /** The same as a share of what survived, where that is more. */
  readonly share: number;
  /** How far the distance may stretch where collecting is dear. */
  readonly mostBackoff: number;
}

/** With 192 MB and a quarter, RSS stays below 1.3 × working set + 256 MB; the rest is room for fragmentation. */
export const DEFAULT_PRESSURE: PressureOptions = { step: 192 * 2 ** 20, share: 0.25, mostBackoff: 8 };

const DEAR_MS = 25; // a collection below this is never backed off from
const DEAR_SHARE = 0.25; // of the time since the last one
const CHEAP_SHARE = 0.1;

/** The moving ceiling. */
export class Pressure {
  /** Live bytes at which the next collection is due. */
  ceiling: number;
  readonly #options: PressureOptions;
  #backoff = 1;
  #endedAt = 0;

  constructor(options: PressureOptions) {
    this.#options = options;
    this.ceiling = options.step;
  }

  /**
   * Sets the next ceiling after a collection from `startedAt` to `endedAt` (milliseconds) that left `survived` bytes.
   * When collecting is dear (a large JavaScript heap) and takes over a quarter of the time, the distance doubles,
   * up to a bound: the bound on RSS is given up before the speed of the program is.
   */
  settle(survived: number, startedAt: number, endedAt: number): void {
    const cost = endedAt - startedAt;
    const share = cost / Math.max(1e-3, startedAt - this.#endedAt);
    if (cost > DEAR_MS && share > DEAR_SHARE) this.#backoff = Math.min(this.#options.mostBackoff, this.#backoff * 2);
    else if (share < CHEAP_SHARE || cost <= DEAR_MS) this.#backoff = Math.max(1, this.#backoff / 2);
    this.#endedAt = endedAt;
    this.rest(survived);
  }

  /** Sets the next ceiling where the dead were found without collecting. */
  rest(survived: number): void {
    const { step, share } = this.#options;
    this.ceiling = survived + Math.max(step, survived * share) * this.#backoff;
  }
}
