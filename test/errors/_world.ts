// What the wrong calls are made on: arrays of several kinds, and a check that none has changed.
import { expect } from 'vitest';
import * as typed from '../../src/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: the calls are wrong by design, so the types are left out
export const np = typed as any;
export const { Complex } = typed;

export interface World {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly [name: string]: any;
}

/** Arrays that the calls may use, and a check that none has changed. */
export function world(): { args: readonly [World]; untouched: () => void } {
  const base = typed.array([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const arrays = {
    a: base,
    i8: typed.array([1, 2, 3], { dtype: 'int8' }),
    u8: typed.array([1, 2, 3], { dtype: 'uint8' }),
    u64: typed.array([1n, 2n], { dtype: 'uint64' }),
    i64: typed.array([1n, 2n]),
    z: typed.array([new Complex(1, 2)]),
    out: typed.full([2, 3], 7),
    row: typed.full([3], 7),
    narrow: typed.full([2, 3], 7, { dtype: 'int8' }),
    ints: typed.full([3], 7, { dtype: 'int32' }),
  };
  const stretched = typed.broadcast_to(arrays.row, [2, 3]);
  stretched.setflags({ write: true });
  const lost = typed.ones([3]);
  lost.dispose();
  const sent = new Float64Array(3);
  const detached = typed.asarray(sent);
  structuredClone(sent.buffer, { transfer: [sent.buffer] });
  const before = Object.values(arrays).map((x) => x.tobytes());
  return {
    args: [{ ...arrays, stretched, lost, sent, detached }],
    untouched: () => expect(Object.values(arrays).map((x) => x.tobytes())).toEqual(before),
  };
}
