// When to give free pages back to the system: not while a program still rises to its peak now and then. Looks at the
// highest live count of this window and the one before, and lets go of what exceeds it by far. It only computes.

const MB = 2 ** 20;
const WINDOW_MS = 10_000;
/** Resident bytes allowed beyond the recent peak: a share of it, and a constant. */
const SHARE = 1.25;
const SLACK = 128 * MB;

/** The peaks of the last two windows. */
export class Residency {
  #peak = 0;
  #before = 0;
  #since = 0;

  /** Takes notice of a live count; cheap. */
  note(live: number): void {
    if (live > this.#peak) this.#peak = live;
  }

  /** Whether `resident` bytes are too many at the time `now` (milliseconds), with `live` of them in use. */
  excessive(resident: number, live: number, now: number): boolean {
    if (now - this.#since > WINDOW_MS) {
      this.#before = now - this.#since > 2 * WINDOW_MS ? live : this.#peak;
      this.#peak = live;
      this.#since = now;
    }
    return resident > SHARE * Math.max(this.#peak, this.#before) + SLACK;
  }
}
