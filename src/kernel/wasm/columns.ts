// Reduces many columns at once: rows of m elements are added to 16 rows of accumulators that stay in the cache, leaf
// after leaf, and joined by the same tree as fold.ts, so the same bits. Lane after lane, several rows at a time, so that
// an accumulator is loaded and stored once for them. Where order does not matter there is one lane. Elementwise runs do
// the work; this is only the order in which they are called.
//
// columns(rows, m, pointer…, row stride…, column stride of each strided input…, base, out): `base` is scratch for
// columnScratch(rows, m) bytes, `out` takes m consecutive states.

import type { Node } from '../ir.ts';
import { FunctionCode, type ModuleCode, type WasmType } from './encoder.ts';
import { LANES, LEAF } from './fold.ts';
import { addMapRun } from './map.ts';
import { itemBytes, type OperandSpec } from './operands.ts';

export interface ColumnSpec {
  readonly inputs: readonly OperandSpec[];
  readonly state: OperandSpec;
  /** Elements → state; loads are the inputs. */
  readonly value: readonly Node[];
  /** (state, elements) → state; load 0 is the state. */
  readonly step: readonly Node[];
  /** (state, elements of one row, elements of the next …) → state, one row after another. */
  readonly steps: readonly Node[];
  /** Rows that `steps` takes. */
  readonly rows: number;
  /** (state, state) → state. */
  readonly join: readonly Node[];
  /** Does the order of combination change the bits? */
  readonly ordered: boolean;
  /** Elements of a leaf where it does. */
  readonly leaf?: number;
  readonly tableAddress: (id: number) => number;
}

/** Rows of a lane taken at once by short bodies: a full leaf's lane is one value and three times five rows. */
export const ROWS_AT_ONCE = 5;

/** Bytes of scratch: the accumulators and one row of states per level of the tree of leaves. */
export const columnScratch = (state: OperandSpec, rows: number, m: number): number =>
  itemBytes(state) * m * (LANES + Math.ceil(Math.log2(Math.max(2, rows / LEAF))) + 2);

/** Adds `columns` of a reduction to a module. */
export function addColumns(module: ModuleCode, spec: ColumnSpec): void {
  const { inputs, state, tableAddress } = spec;
  const shared = { outputs: [state], params: [], tableAddress };
  const value = addMapRun(module, { ...shared, inputs, body: spec.value }).run;
  const step = addMapRun(module, { ...shared, inputs: [state, ...inputs], body: spec.step }).run;
  const join = addMapRun(module, { ...shared, inputs: [state, state], body: spec.join }).run;
  const manyInputs = [state, ...Array.from({ length: spec.rows }, () => inputs).flat()];
  const steps = spec.rows > 1 ? addMapRun(module, { ...shared, inputs: manyInputs, body: spec.steps }).run : step;

  const types: WasmType[] = ['i32', 'i32'];
  const pointers = inputs.map(() => types.push('i32') - 1);
  const rowStrides = inputs.map(() => types.push('i32') - 1);
  const strides = inputs.map((o) => (o.layout === 'strided' ? types.push('i32') - 1 : -1));
  const base = types.push('i32') - 1;
  const out = types.push('i32') - 1;
  const f = new FunctionCode(types);
  const [rowBytes, k, rows, lanes, leaf, level, bit, acc, left] = Array.from({ length: 9 }, () => f.local('i32'));
  const at = inputs.map(() => f.local('i32'));
  const lanesOfLeaf = spec.ordered ? LANES : 1;

  const pushStrides = (times: number): void => {
    for (let i = 0; i < times; i++) for (const s of strides) if (s >= 0) f.get(s);
  };
  // acc = body(acc, `count` rows of this lane), which the pointers then leave behind
  const take = (run: number, count: number, fresh: boolean): void => {
    f.get(1);
    if (!fresh) f.get(acc);
    for (let row = 0; row < count; row++) {
      at.forEach((p, i) => {
        f.get(p);
        if (row > 0)
          f.get(rowStrides[i])
            .i32(row * lanesOfLeaf)
            .op(0x6c, 0x6a);
      });
    }
    f.get(acc);
    pushStrides(count);
    f.call(run);
    at.forEach((p, i) => {
      f.get(p)
        .get(rowStrides[i])
        .i32(count * lanesOfLeaf)
        .op(0x6c, 0x6a)
        .set(p);
    });
    f.get(left).i32(count).op(0x6b).set(left);
  };
  const whileLeft = (count: number, body: () => void): void => {
    f.block().loop().get(left).i32(count).op(0x49).brIf(1);
    body();
    f.br(0).end().end();
  };
  // join(elements on the stack; left, right, to)
  const joinInto = (other: number): void => {
    f.get(other).get(base).get(base).call(join);
  };
  const copy = (to: number): void => {
    f.get(to).get(base).get(rowBytes).op(0xfc, 0x0a, 0x00, 0x00);
  };

  f.get(1).i32(itemBytes(state)).op(0x6c).set(rowBytes);
  f.block().loop();
  f.get(0).op(0x45).brIf(1);
  f.get(0);
  if (spec.ordered)
    f.i32(spec.leaf ?? LEAF)
      .get(0)
      .i32(spec.leaf ?? LEAF)
      .op(0x49)
      .op(0x1b); // the smaller
  f.set(rows);
  f.get(rows).i32(lanesOfLeaf).get(rows).i32(lanesOfLeaf).op(0x49).op(0x1b).set(lanes);
  f.i32(0).set(k).get(base).set(acc);
  f.loop(); // lane k: rows k, k + 16 …
  at.forEach((p, i) => {
    f.get(pointers[i]).get(k).get(rowStrides[i]).op(0x6c, 0x6a).set(p);
  });
  f.get(rows)
    .get(k)
    .op(0x6b)
    .i32(lanesOfLeaf - 1)
    .op(0x6a)
    .i32(Math.log2(lanesOfLeaf))
    .op(0x76)
    .set(left);
  take(value, 1, true);
  if (spec.rows > 1) whileLeft(spec.rows, () => take(steps, spec.rows, false));
  whileLeft(1, () => take(step, 1, false));
  f.bumpBy(acc, rowBytes);
  f.get(k).i32(1).op(0x6a).tee(k).get(lanes).op(0x49).brIf(0).end();
  pointers.forEach((p, i) => {
    f.get(p).get(rows).get(rowStrides[i]).op(0x6c, 0x6a).set(p);
  });
  for (let h = lanesOfLeaf / 2; h >= 1; h /= 2) {
    f.get(lanes).i32(h).op(0x4b).if();
    f.get(lanes).i32(h).op(0x6b).get(1).op(0x6c);
    f.get(base).get(base).get(rowBytes).i32(h).op(0x6c, 0x6a).get(base).call(join);
    f.i32(h).set(lanes).end();
  }
  f.get(0).get(rows).op(0x6b).set(0);
  // A binary counter over leaves: two equal subtrees are joined as soon as both exist.
  f.get(base).get(rowBytes).i32(LANES).op(0x6c, 0x6a).set(level);
  f.get(leaf).set(bit);
  f.block().loop();
  f.get(bit).i32(1).op(0x71).op(0x45).brIf(1);
  f.get(1);
  joinInto(level);
  f.bumpBy(level, rowBytes).get(bit).i32(1).op(0x76).set(bit).br(0).end().end();
  f.get(0).if();
  copy(level);
  f.end();
  f.bump(leaf, 1).br(0).end().end();
  // The last leaf took part in the levels below `level`; those above wait with their subtrees.
  f.block().loop().get(bit).op(0x45).brIf(1);
  f.get(bit).i32(1).op(0x71).if().get(1);
  joinInto(level);
  f.end();
  f.bumpBy(level, rowBytes).get(bit).i32(1).op(0x76).set(bit).br(0).end().end();
  copy(out);
  module.add(f, 'columns');
}
