// Whose every watched block is and where it came from, by slot: the scope charged for it, and the line of code that asked
// for it when that is traced. The charges themselves are added up in account.ts.
import type { Account } from './account.ts';
import type { LiveBlock } from './refusal.ts';
import { Storage } from './storage.ts';
import { tracing } from './tracing.ts';
import type { Watch, Watched } from './watch.ts';

/** Two columns beside the table of watched objects. */
export class Ledger {
  readonly #watch: Watch;
  readonly #accounts: (Account | null)[] = [];
  readonly #sites: (string | undefined)[] = [];

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** A block of `nbytes` is in the slot from here on. */
  enter(slot: number, account: Account | null, nbytes: number): void {
    account?.charge(nbytes);
    this.#accounts[slot] = account;
    this.#sites[slot] = tracing.active ? tracing.site(nbytes) : undefined;
  }

  /** The scope that the slot's block is charged to. */
  accountOf(slot: number): Account | null {
    return this.#accounts[slot] ?? null;
  }

  /** The block is given back. */
  leave(slot: number, nbytes: number): void {
    this.#accounts[slot]?.uncharge(nbytes);
    this.#accounts[slot] = null;
  }

  /** The objects whose blocks are charged to this very account. */
  heldBy(account: Account): Watched[] {
    const held: Watched[] = [];
    this.#watch.each((slot, object) => {
      if (this.#accounts[slot] === account) held.push(object);
    });
    return held;
  }

  /** Blocks of storages, the largest first. */
  blocks(): LiveBlock[] {
    const blocks: LiveBlock[] = [];
    this.#watch.each((slot, object) => {
      if (!(object instanceof Storage)) return;
      const account = this.#accounts[slot] ?? null;
      blocks.push({
        nbytes: object.nbytes,
        site: this.#sites[slot],
        tag: account?.tag,
        escaped: account?.closed === true,
      });
    });
    return blocks.sort((a, b) => b.nbytes - a.nbytes);
  }
}
