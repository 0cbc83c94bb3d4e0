// Where large blocks were asked for: the first line of the user's own code on the stack, for a sample of the allocations.
// Off unless asked for. Texts, not Error objects: those hold what was on the stack, arrays included.
import { callSite } from '../base/call_site.ts';

class Tracing {
  /** Read before anything is done. */
  active = false;
  #every = 1;
  #minimum = 0;
  #count = 0;

  /** Notes every `every`-th block of at least `minimum` bytes from here on. */
  start(every: number, minimum: number): void {
    this.#every = every;
    this.#minimum = minimum;
    this.#count = 0;
    this.active = true;
  }

  stop(): void {
    this.active = false;
  }

  /** The call site to be noted for a block; undefined for one left out. */
  site(nbytes: number): string | undefined {
    if (nbytes < this.#minimum || this.#count++ % this.#every !== 0) return undefined;
    return callSite();
  }
}

/** The process's tracing. */
export const tracing = new Tracing();
