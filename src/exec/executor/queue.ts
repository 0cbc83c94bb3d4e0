// Who is next: calls wait per tenant, and the tenant that has had the least thread time goes first (start-time fair
// queueing: Goyal, Vin, Cheng, SIGCOMM 1996). A tenant is the tag of the outermost scope; work outside scopes is one
// tenant. Leases bound what runs at a time. No threads in here: executors.ts starts and ends what this picks.

import type { Lease } from '../threads/lease.ts';

/** A piece of work that waits or runs. */
export interface Work {
  readonly tenant: string;
  readonly lease: Lease | null;
  /** Threads it has now; 0 while it waits. */
  threads: number;
}

interface Tenant<W> {
  readonly waiting: W[];
  running: number;
  /** Thread-milliseconds used, from a common start. */
  used: number;
}

const isActive = ({ waiting, running }: Tenant<unknown>): boolean => waiting.length > 0 || running > 0;

/** Is there room for one more thread in every lease? */
function hasRoom(lease: Lease | null): boolean {
  for (let at = lease; at !== null; at = at.parent) if (at.inUse >= at.threads) return false;
  return true;
}

/** Waiting and running work of all tenants. */
export class FairQueue<W extends Work> {
  readonly #tenants = new Map<string, Tenant<W>>();
  readonly running = new Set<W>();
  readonly #now: () => number;
  #countedAt = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get waiting(): number {
    let count = 0;
    for (const { waiting } of this.#tenants.values()) count += waiting.length;
    return count;
  }

  add(work: W): void {
    this.#count();
    // Who comes anew, or comes back, starts level with those who are here: nobody saves up time. Whoever has had more
    // than they have is remembered until they catch up.
    const active = [...this.#tenants.values()].filter(isActive).map(({ used }) => used);
    const level = active.length === 0 ? 0 : Math.min(...active);
    for (const [name, tenant] of this.#tenants) {
      if (!isActive(tenant) && (active.length === 0 || tenant.used <= level)) this.#tenants.delete(name);
    }
    let tenant = this.#tenants.get(work.tenant);
    if (tenant === undefined) {
      tenant = { waiting: [], running: 0, used: level };
      this.#tenants.set(work.tenant, tenant);
    }
    tenant.waiting.push(work);
  }

  /** Takes work out that waits; false when it runs already. */
  drop(work: W): boolean {
    const waiting = this.#tenants.get(work.tenant)?.waiting ?? [];
    const at = waiting.indexOf(work);
    if (at < 0) return false;
    waiting.splice(at, 1);
    return true;
  }

  /** The work that should start now, on one thread; undefined when none may. */
  next(): W | undefined {
    this.#count();
    let best: Tenant<W> | undefined;
    let found: W | undefined;
    for (const tenant of this.#tenants.values()) {
      if (best !== undefined && tenant.used >= best.used) continue;
      const work = tenant.waiting.find(({ lease }) => hasRoom(lease));
      if (work === undefined) continue;
      [best, found] = [tenant, work];
    }
    if (best === undefined || found === undefined) return undefined;
    best.waiting.splice(best.waiting.indexOf(found), 1);
    best.running++;
    this.running.add(found);
    this.#give(found, 1);
    return found;
  }

  /** Work that ran is over. */
  end(work: W): void {
    this.#count();
    if (!this.running.delete(work)) return;
    this.#give(work, -work.threads);
    const tenant = this.#tenants.get(work.tenant);
    if (tenant !== undefined) tenant.running--;
  }

  /** Divides `threads` among what runs: one each, then one more for the tenant that has the fewest, within leases. */
  divide(threads: number): void {
    this.#count();
    for (const work of this.running) this.#give(work, 1 - work.threads);
    const perTenant = new Map<string, number>();
    for (const { tenant } of this.running) perTenant.set(tenant, (perTenant.get(tenant) ?? 0) + 1);
    for (let left = threads - this.running.size; left > 0; left--) {
      let best: W | undefined;
      for (const work of this.running) {
        if (!hasRoom(work.lease)) continue;
        const [mine, least] = [perTenant.get(work.tenant) ?? 0, perTenant.get(best?.tenant ?? '') ?? 0];
        if (best === undefined || mine < least || (mine === least && work.threads < best.threads)) best = work;
      }
      if (best === undefined) return;
      this.#give(best, 1);
      perTenant.set(best.tenant, (perTenant.get(best.tenant) ?? 0) + 1);
    }
  }

  #give(work: W, threads: number): void {
    work.threads += threads;
    for (let lease = work.lease; lease !== null; lease = lease.parent) lease.inUse += threads;
  }

  // Adds up what has been used since it was last counted.
  #count(): void {
    const now = this.#now();
    for (const work of this.running) {
      const tenant = this.#tenants.get(work.tenant);
      if (tenant !== undefined) tenant.used += (now - this.#countedAt) * work.threads;
    }
    this.#countedAt = now;
  }
}
