// Short rows side by side: a vector holds the keys at one position of several rows, and a sorting network over vectors
// sorts all of these rows at once.
// Source: K. Batcher, "Sorting networks and their applications", AFIPS 32, 1968 (odd-even merge sort; Knuth, TAOCP 3,
// 5.2.2, algorithm M, for any length).

import { type Callee, constant, define, type Routine, type Value } from '../wasm/assembler.ts';
import type { ModuleCode } from '../wasm/encoder.ts';

/** Rows side by side, and the longest for which a network is the fastest, by the type of keys. */
export const networks = {
  i32: { rows: 4, longest: 128, lane: 'u32', bytes: 4 },
  i64: { rows: 2, longest: 64, lane: 'i64', bytes: 8 },
} as const;

/**
 * network(n, at): sorts the columns of n vectors. 64-bit keys as signed numbers: there is no unsigned comparison of them.
 */
export function addNetwork(module: ModuleCode, type: 'i32' | 'i64'): Callee {
  return define(module, ['i32', 'i32'], undefined, (r, n, at) => {
    const [k, j, left, to] = [r.local('i32'), r.local('i32'), r.local('i32'), r.local('i32')];
    const p = r.let(constant('i32', 1));
    const [a, b, greater] = [r.local('v128'), r.local('v128'), r.local('v128')];
    const distance = r.local('i32');
    const exchange = (): void => {
      r.set(a, r.loadVector(left));
      r.set(b, r.loadVector(left.add(distance)));
      if (type === 'i32') {
        r.storeVector(left, a.lanes('min', 'u32', b));
        r.storeVector(left.add(distance), a.lanes('max', 'u32', b));
        return;
      }
      r.set(greater, b.lanes('lt', 'i64', a));
      r.storeVector(left, greater.choose(b, a));
      r.storeVector(left.add(distance), greater.choose(a, b));
    };
    r.while(p.lt(n), () => {
      r.set(k, p);
      r.loop((halved) => {
        r.set(distance, k.shl(4));
        r.set(j, k.and(p.sub(1)));
        r.while(j.add(k).lt(n), () => {
          // neighbours of different merges are not exchanged
          r.if(j.add(k).and(p.shl(1).sub(1)), () => {
            r.set(left, at.add(j.shl(4)));
            const rest = n.sub(j).sub(k);
            r.set(to, left.add(rest.lt(k).select(rest, k).shl(4)));
            r.while(left.lt(to), () => {
              exchange();
              r.bump(left, 16);
            });
          });
          r.bump(j, k.shl(1));
        });
        halved.when(k.tee(k.shr(1)));
      });
      r.set(p, p.shl(1));
    });
  });
}

/** Bytes of work space for rows of up to n elements side by side. */
export const networkBytes = (n: number): number => 16 * n;

/**
 * Sorts as many rows of n keys as lie side by side: `read` gives key number i of a row, `write` takes it back in order.
 */
export function sideBySide(
  r: Routine,
  network: Callee,
  type: 'i32' | 'i64',
  n: Value,
  work: Value,
  read: (row: number, i: Value) => Value,
  write: (row: number, i: Value, key: Value) => void,
): void {
  const { rows, lane, bytes } = networks[type];
  const sign = 1n << 63n;
  const [i, at] = [r.local('i32'), r.local('i32')];
  const each = (body: (row: number) => void): void => {
    r.set(i, 0);
    r.set(at, work);
    r.while(i.lt(n), () => {
      for (let row = 0; row < rows; row++) body(row);
      r.bump(at, 16);
      r.bump(i, 1);
    });
  };
  each((row) => {
    const key = read(row, i);
    r.store(lane, at, type === 'i64' ? key.xor(sign) : key, row * bytes);
  });
  r.run(network, n, work);
  each((row) => {
    const key = r.load(lane, at, row * bytes);
    write(row, i, type === 'i64' ? key.xor(sign) : key);
  });
}
