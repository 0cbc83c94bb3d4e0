// Who is charged for blocks inside a scope: its budget, what it holds, and its own slabs of small blocks. Accounts nest;
// a charge is one of all accounts above too. The process itself is not an account: its limit is the heap's.
import { ContextVariable } from '../base/context.ts';
import type { SlabPool } from './slabs.ts';

/** The charges of one scope. */
export class Account {
  readonly tag: string;
  /** Most bytes that may be live at a time; Infinity for no limit of its own. */
  readonly limit: number;
  readonly parent: Account | null;
  live = 0;
  peak = 0;
  /** The scope has ended; what is still live escaped it. */
  closed = false;
  /** Slabs of this scope alone, so that a survivor of another does not hold its memory. Made by the heap. */
  pools: readonly SlabPool[] | null = null;

  constructor(tag: string, limit: number, parent: Account | null) {
    this.tag = tag;
    this.limit = limit;
    this.parent = parent;
  }

  /** The innermost account here or above that `nbytes` more would take past its limit. */
  tight(nbytes: number): Account | null {
    let account: Account | null = this;
    while (account !== null && account.live + nbytes <= account.limit) account = account.parent;
    return account;
  }

  charge(nbytes: number): void {
    for (let account: Account | null = this; account !== null; account = account.parent) {
      account.live += nbytes;
      if (account.live > account.peak) account.peak = account.live;
    }
  }

  uncharge(nbytes: number): void {
    for (let account: Account | null = this; account !== null; account = account.parent) account.live -= nbytes;
  }
}

/** The account in force, following async context. */
export const accountHere: ContextVariable<Account | null> = new ContextVariable<Account | null>('memory scope', null);

let everOpened = false;

/** False until the first scope of the process: hot code asks this before it asks for the account. */
export function anyAccounts(): boolean {
  return everOpened;
}

/** A new account inside the one in force. */
export function openAccount(tag: string, limit: number): Account {
  everOpened = true;
  return new Account(tag, limit, accountHere.get());
}
