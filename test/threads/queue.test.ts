// The queue behind np.async, on a clock of its own: who is next, on how many threads, within which leases.

import { expect, it } from 'vitest';
import { FairQueue, type Work } from '../../src/exec/executor/queue.ts';
import type { Lease } from '../../src/exec/threads/lease.ts';

interface Task extends Work {
  readonly name: string;
  left: number;
}

const task = (tenant: string, left = 10, lease: Lease | null = null, name = tenant): Task => ({
  tenant,
  lease,
  threads: 0,
  left,
  name,
});
const lease = (threads: number, parent: Lease | null = null): Lease => ({ threads, parent, inUse: 0 });

/** Runs all to the end on so many threads; the order in which they started, and thread time by tenant at `until`. */
function simulate(tasks: readonly Task[], threads: number, until = Number.POSITIVE_INFINITY) {
  let now = 0;
  const queue = new FairQueue<Task>(() => now);
  for (const t of tasks) queue.add(t);
  const order: string[] = [];
  const used: Record<string, number> = {};
  let most = 0;
  for (;;) {
    while (queue.running.size < threads) {
      const next = queue.next();
      if (next === undefined) break;
      order.push(next.name);
    }
    queue.divide(threads);
    if (queue.running.size === 0) break;
    most = Math.max(
      most,
      [...queue.running].reduce((sum, t) => sum + t.threads, 0),
    );
    now++;
    for (const t of [...queue.running]) {
      t.left -= t.threads;
      if (now <= until) used[t.tenant] = (used[t.tenant] ?? 0) + t.threads;
      if (t.left <= 0) queue.end(t);
    }
  }
  return { order, used, most, waiting: queue.waiting };
}

it('one tenant: first come, first served', () => {
  const { order, waiting } = simulate(
    [1, 2, 3, 4].map((i) => task('a', 10, null, `a${i}`)),
    2,
  );
  expect(order).toEqual(['a1', 'a2', 'a3', 'a4']);
  expect(waiting).toBe(0);
});

it('a tenant with a hundred calls does not keep out one with two', () => {
  const tasks = [...Array.from({ length: 100 }, () => task('many')), task('few'), task('few')];
  const { order } = simulate(tasks, 2);
  expect(order.indexOf('few')).toBeLessThan(3);
  expect(order.lastIndexOf('few')).toBeLessThan(6);
});

it('tenants with long and with short calls get the same time', () => {
  const tasks = [
    ...Array.from({ length: 20 }, () => task('long', 100)),
    ...Array.from({ length: 400 }, () => task('short', 5)),
  ];
  const { used } = simulate(tasks, 2, 600);
  expect(Math.abs(used.long - used.short)).toBeLessThan(200);
});

it('a tenant that asks again and again, one call at a time, gets no more than its part', () => {
  let now = 0;
  const queue = new FairQueue<Task>(() => now);
  for (let i = 0; i < 100; i++) queue.add(task('many', 4));
  queue.add(task('one', 4));
  const used: Record<string, number> = { many: 0, one: 0 };
  for (; now < 200; now++) {
    if (queue.running.size === 0) queue.next();
    queue.divide(1);
    for (const t of [...queue.running]) {
      used[t.tenant]++;
      if (--t.left > 0) continue;
      queue.end(t);
      if (t.tenant === 'one') queue.add(task('one', 4)); // back at once
    }
  }
  expect(Math.abs(used.many - used.one)).toBeLessThanOrEqual(8);
});

it('threads are divided: all for one, half for each of two', () => {
  const queue = new FairQueue<Task>(() => 0);
  const [a, b] = [task('a'), task('b')];
  queue.add(a);
  queue.next();
  queue.divide(4);
  expect(a.threads).toBe(4);
  queue.add(b);
  queue.next();
  queue.divide(4);
  expect([a.threads, b.threads]).toEqual([2, 2]);
  queue.end(a);
  queue.divide(4);
  expect([a.threads, b.threads]).toEqual([0, 4]);
});

it('threads are divided between tenants, not between calls', () => {
  const queue = new FairQueue<Task>(() => 0);
  const tasks = [task('a'), task('a'), task('a'), task('b')];
  for (const t of tasks) queue.add(t);
  while (queue.next() !== undefined);
  queue.divide(8);
  expect(tasks.map((t) => t.threads)).toEqual([2, 1, 1, 4]);
});

it('a lease bounds all that runs under it, and those around it too', () => {
  const outer = lease(3);
  const inner = lease(2, outer);
  const tasks = [
    ...Array.from({ length: 4 }, () => task('a', 10, inner)),
    ...Array.from({ length: 4 }, () => task('a', 10, outer)),
  ];
  const { most } = simulate(tasks, 8);
  expect(most).toBe(3);
  expect([outer.inUse, inner.inUse]).toEqual([0, 0]);
  expect(simulate([task('a', 10, lease(1)), task('b')], 4).most).toBe(4);
});

it('work that was dropped never runs', () => {
  const queue = new FairQueue<Task>(() => 0);
  const [a, b] = [task('a'), task('a')];
  queue.add(a);
  queue.add(b);
  expect(queue.drop(a)).toBe(true);
  expect(queue.next()).toBe(b);
  expect(queue.drop(b)).toBe(false);
  queue.end(b);
  expect([queue.waiting, queue.running.size]).toEqual([0, 0]);
});
