// Several loops over one row after another in one kernel: folds and maps that hand values on through scratch, so that a
// row is read while it is in the cache, and rows can be shared among threads. What belongs together is not known here.
//
// run(n, pointer…, stride of each strided operand…, scratch) does one row; operands are in memory, values in scratch:
// single ones (one element) first, then what folds need, then rows of n elements. With a watch it returns bits.

import { FunctionCode, type ModuleCode } from './encoder.ts';
import { addFold, type FoldSpec, foldScratch } from './fold.ts';
import { addMapRun, type MapSpec, runLocals } from './map.ts';
import { addNest } from './nest.ts';
import { scalarMemory } from './opcodes.ts';
import type { OperandSpec } from './operands.ts';

/** Where a step finds or leaves a value. */
export type Place =
  | { readonly at: 'operand'; readonly number: number }
  | { readonly at: 'single'; readonly number: number }
  | { readonly at: 'row'; readonly number: number };

interface Common {
  /** One per input, then one per result. */
  readonly places: readonly Place[];
}
export type RowStep = Common &
  (
    | {
        readonly kind: 'fold';
        readonly spec: FoldSpec /** Answer whether the result is finite. */;
        readonly watch: boolean;
      }
    | { readonly kind: 'map'; readonly spec: MapSpec /** Over one element instead of n. */; readonly single: boolean }
  );

export interface RowsSpec {
  readonly operands: readonly OperandSpec[];
  readonly steps: readonly RowStep[];
  /** Single values in scratch. */
  readonly singles: number;
}

/** Bytes of a single value. */
const CELL = 16;
/** Bytes between rows in scratch, beyond those of the widest elements. */
const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** The widest element of a row in scratch; rows lie n of these apart. */
export const WIDEST = 16;

const foldBytes = ({ steps }: Pick<RowsSpec, 'steps'>): number =>
  steps.reduce((most, s) => (s.kind === 'fold' ? Math.max(most, foldScratch(s.spec.state)) : most), 0);

/** Bytes of scratch for rows of n elements, `rows` of them. */
export const rowsScratch = (spec: RowsSpec, n: number, rows: number): number =>
  align(spec.singles * CELL) + align(foldBytes(spec)) + rows * align(n * WIDEST);

/** Adds `run` and `nest` of a program over rows to a module. */
export function addRows(module: ModuleCode, spec: RowsSpec): void {
  const { operands, steps } = spec;
  const watched = steps.some((s) => (s.kind === 'fold' ? s.watch : s.spec.watch !== undefined));
  const functions = steps.map((s) =>
    s.kind === 'fold' ? addFold(module, s.spec, false) : addMapRun(module, s.spec).run,
  );
  const at = runLocals(operands, ['i32'], false);
  const f = new FunctionCode(at.types, watched ? ['i32'] : []);
  const run = module.add(f, 'run');
  const scratch = at.firstParam;
  const work = f.local('i32');
  const pitch = f.local('i32');
  const seen = f.local('i32');
  const firstRow = align(spec.singles * CELL) + align(foldBytes(spec));
  f.get(scratch)
    .i32(align(spec.singles * CELL))
    .op(0x6a)
    .set(work);
  f.get(0).i32(WIDEST).op(0x6c).i32(63).op(0x6a).i32(-64).op(0x71).set(pitch);
  const push = (p: Place): void => {
    if (p.at === 'operand') f.get(at.pointers[p.number]);
    else if (p.at === 'single')
      f.get(scratch)
        .i32(p.number * CELL)
        .op(0x6a);
    else f.get(scratch).i32(firstRow).op(0x6a).get(pitch).i32(p.number).op(0x6c, 0x6a);
  };
  steps.forEach((s, i) => {
    const specs = s.kind === 'fold' ? [...s.spec.inputs, s.spec.state] : [...s.spec.inputs, ...s.spec.outputs];
    if (s.kind === 'map' && s.single) f.i32(1);
    else f.get(0);
    for (const p of s.places) push(p);
    s.places.forEach((p, k) => {
      if (specs[k].layout !== 'strided') return;
      if (p.at !== 'operand') throw new TypeError('values in scratch are not strided');
      f.get(at.strides[p.number]);
    });
    if (s.kind === 'fold') f.get(work);
    f.call(functions[i]);
    if (s.kind === 'map' && s.spec.watch !== undefined) f.get(seen).op(0x72).set(seen);
    if (s.kind === 'fold' && s.watch) {
      const { lane, parts } = s.spec.state;
      if (lane !== 'f64' && lane !== 'f32') throw new TypeError('only floats are not finite');
      const value = f.local(lane);
      for (let part = 0; part < parts; part++) {
        push(s.places[s.places.length - 1]);
        f.op(scalarMemory[lane][0]).memarg(part * (lane === 'f64' ? 8 : 4));
        // x - x is NaN where x is not finite
        f.tee(value)
          .get(value)
          .op(lane === 'f64' ? 0xa1 : 0x93)
          .tee(value)
          .get(value)
          .op(lane === 'f64' ? 0x62 : 0x5c);
        f.get(seen).op(0x72).set(seen);
      }
    }
  });
  if (watched) f.get(seen);
  addNest(module, run, at, operands.length, watched);
}
