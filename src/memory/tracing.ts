// Where large blocks were asked for: the first line of the user's own code on the stack, for a sample of the allocations.
// Off unless asked for. Texts, not Error objects: those hold what was on the stack, arrays included.
import { callSite } from '../base/call_site.ts';

class Tracing {
  /** Read before anything is done. */
  active = false;
  #every = 1;
  #minimum = 0;
  #count = 0;
  #perSecond = Number.POSITIVE_INFINITY;
  #second = 0;
  #noted = 0;

  /** Notes every `every`-th block of at least `minimum` bytes from here on, and at most so many in a second. */
  start(every: number, minimum: number, perSecond: number = Number.POSITIVE_INFINITY): void {
    this.#every = every;
    this.#perSecond = perSecond;
    this.#second = 0;
    this.#minimum = minimum;
    this.#count = 0;
    this.active = true;
  }

  stop(): void {
    this.active = false;
  }

  /** The call site to be noted for a block; undefined for one left out. */
  site(nbytes: number): string | undefined {
    if (nbytes < this.#minimum || this.#count++ % this.#every !== 0 || !this.#mayNote()) return undefined;
    return callSite();
  }

  #mayNote(): boolean {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return true;
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) [this.#second, this.#noted] = [second, 0];
    return this.#noted++ < this.#perSecond;
  }
}

/** The process's tracing. */
export const tracing = new Tracing();
