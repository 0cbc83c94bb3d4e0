// Reduces many columns at once: rows of m elements are added to 16 rows of accumulators that stay in the cache, leaf
// after leaf, and joined by the same tree as fold.ts, so the same bits. Elementwise runs do the work; this is only the
// order in which they are called.
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
  /** (state, state) → state. */
  readonly join: readonly Node[];
  readonly tableAddress: (id: number) => number;
}

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

  const types: WasmType[] = ['i32', 'i32'];
  const pointers = inputs.map(() => types.push('i32') - 1);
  const rowStrides = inputs.map(() => types.push('i32') - 1);
  const strides = inputs.map((o) => (o.layout === 'strided' ? types.push('i32') - 1 : -1));
  const base = types.push('i32') - 1;
  const out = types.push('i32') - 1;
  const f = new FunctionCode(types);
  const [rowBytes, i, rows, lanes, leaf, level, bit, acc] = Array.from({ length: 8 }, () => f.local('i32'));

  const pushInputs = (): void => {
    for (const p of pointers) f.get(p);
  };
  const pushStrides = (): void => {
    for (const s of strides) if (s >= 0) f.get(s);
  };
  // join(elements on the stack; left, right, to)
  const joinInto = (left: number): void => {
    f.get(left).get(base).get(base).call(join);
  };
  const copy = (to: number): void => {
    f.get(to).get(base).get(rowBytes).op(0xfc, 0x0a, 0x00, 0x00);
  };

  f.get(1).i32(itemBytes(state)).op(0x6c).set(rowBytes);
  f.block().loop();
  f.get(0).op(0x45).brIf(1);
  f.get(0).i32(LEAF).get(0).i32(LEAF).op(0x49).op(0x1b).set(rows); // the smaller
  f.i32(0).set(i);
  f.loop();
  f.get(base)
    .get(i)
    .i32(LANES - 1)
    .op(0x71)
    .get(rowBytes)
    .op(0x6c, 0x6a)
    .set(acc);
  f.get(i).i32(LANES).op(0x49).if();
  f.get(1);
  pushInputs();
  f.get(acc);
  pushStrides();
  f.call(value);
  f.else();
  f.get(1).get(acc);
  pushInputs();
  f.get(acc);
  pushStrides();
  f.call(step);
  f.end();
  pointers.forEach((p, k) => {
    f.bumpBy(p, rowStrides[k]);
  });
  f.get(i).i32(1).op(0x6a).tee(i).get(rows).op(0x49).brIf(0).end();
  f.get(rows).i32(LANES).get(rows).i32(LANES).op(0x49).op(0x1b).set(lanes);
  for (let h = LANES / 2; h >= 1; h /= 2) {
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
