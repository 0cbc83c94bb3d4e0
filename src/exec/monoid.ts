// A monoid made executable: kernels that reduce runs of elements (rows), and elementwise kernels that turn rows of
// elements into states, add them to accumulators and join accumulators (columns).

import { type DType, dtypeList, dtypes } from '../dtype/dtype.ts';
import { ComplexExpr, type ExprValue, load } from '../kernel/builder.ts';
import { type Kernel, kernelOf } from '../kernel/compile.ts';
import { castValue, decode, encode } from '../kernel/element.ts';
import { type Node, topological } from '../kernel/ir.ts';
import { legalize } from '../kernel/legalize.ts';
import { addColumns, ROWS_AT_ONCE } from '../kernel/wasm/columns.ts';
import { addFold, combineOperands, type FoldSpec, LANES, LEAF, RUN } from '../kernel/wasm/fold.ts';
import type { Layout, OperandSpec } from '../kernel/wasm/operands.ts';
import { addPosition } from '../kernel/wasm/position.ts';
import { addScan } from '../kernel/wasm/scan.ts';
import { asReal } from '../ops/define.ts';
import type { Monoid } from '../ops/reduce/define.ts';
import type { Extreme } from '../ops/reduce/extremes.ts';
import { choose, Loop } from './ufunc.ts';

const layouts: readonly Layout[] = ['contiguous', 'strided', 'uniform'];

/** Steps of at most this many nodes are written out for several rows at once. */
const SHORT_STEP = 16;

/** Elements that each lane of a fold takes at once where the monoid has a cheaper way for several. */
const FOLD_AT_ONCE = 4;

const stateSpec = (d: DType, layout: Layout = 'contiguous'): OperandSpec => ({ lane: d.lane, parts: d.parts, layout });

const loadState = (operand: number, d: DType): ExprValue =>
  d.parts === 2 ? new ComplexExpr(load(operand, 0, d.lane), load(operand, 1, d.lane)) : load(operand, 0, d.lane);

/** The kernels of one monoid. */
export class Reducer {
  readonly monoid: Monoid;
  /** Elements → states. */
  readonly value: Loop;
  /** (state, elements) → state. */
  readonly step: Loop;
  /** The same where a last operand, bool, is true; elsewhere the state stays. */
  readonly chosenStep: Loop;
  /** (state, state) → state. */
  readonly join: Loop;
  /** Elements of a leaf of the tree, where order shows. */
  readonly leaf: number;
  readonly #key: string;

  constructor(monoid: Monoid) {
    this.monoid = monoid;
    this.leaf = monoid.tiesOnly === true ? RUN : LEAF;
    const { name, ins, state, value, combine } = monoid;
    this.#key = `${name}:${ins.map((d) => d.char).join('')}`;
    this.value = new Loop(`${name}.value`, { ins, outs: [state], body: (x) => value(x) });
    this.step = new Loop(`${name}.step:${this.#key}`, {
      ins: [state, ...ins],
      outs: [state],
      body: (x) => combine(x[0], value(x.slice(1))),
    });
    this.chosenStep = new Loop(`${name}.chosenStep:${this.#key}`, {
      ins: [state, ...ins, dtypes.bool],
      outs: [state],
      body: (x) => choose(asReal(x[x.length - 1]), combine(x[0], value(x.slice(1, -1))), x[0]),
    });
    this.join = new Loop(`${name}.join:${this.#key}`, {
      ins: [state, state],
      outs: [state],
      body: (x) => combine(x[0], x[1]),
    });
  }

  #parts(codes: readonly number[]) {
    const { ins, state, value, combine } = this.monoid;
    const decoded = codes.map((c) => ({ d: dtypeList[c >> 2], layout: layouts[c & 3] }));
    const inputs = decoded.map(({ d, layout }) => ({ lane: d.lane, parts: d.parts, layout }));
    const values = decoded.map(({ d }, i) => castValue(decode(i, d), d, ins[i]));
    const { left, right } = combineOperands;
    return {
      inputs,
      params: [],
      value: legalize(encode(value(values), state)),
      combine: legalize(encode(combine(loadState(left, state), loadState(right, state)), state)),
    };
  }

  /** The kernel that reduces runs, for operands with these codes (dtype and layout along the run). */
  rows(codes: readonly number[]): Kernel {
    return kernelOf(`fold:${this.#key}:${codes.join(',')}`, (module, tableAddress) => {
      addFold(module, this.spec(codes, tableAddress));
    });
  }

  /** The same as a description, to be part of a kernel of several. */
  spec(codes: readonly number[], tableAddress: FoldSpec['tableAddress']): FoldSpec {
    const { state, identity, ordered } = this.monoid;
    const step = this.#stepped(codes, 1, combineOperands.left, 0);
    const narrowest = Math.min(...codes.map((c) => dtypeList[c >> 2].itemsize));
    const times = Math.max(FOLD_AT_ONCE, LANES / narrowest);
    const short = topological(step).length <= SHORT_STEP;
    const several = short ? this.#several(codes, times, combineOperands.left, 0) : undefined;
    const settled = this.monoid.settled?.(loadState(combineOperands.left, state));
    return {
      ...this.#parts(codes),
      state: stateSpec(state),
      identity,
      ordered,
      leaf: this.leaf,
      several: several && { times, roots: several },
      settled: settled && legalize([settled.node])[0],
      tableAddress,
    };
  }

  /** The kernel that finds positions of the extreme that this reduces to, in runs of one operand with this code. */
  positions(code: number, { better, same }: Extreme): Kernel {
    const { ins, state } = this.monoid;
    const d = dtypeList[code >> 2];
    return kernelOf(`position:${this.#key}:${code}`, (module, tableAddress) => {
      const element = this.monoid.value([castValue(decode(0, d), d, ins[0])]);
      addPosition(module, {
        fold: this.spec([code], tableAddress),
        better: better(loadState(combineOperands.left, state), loadState(combineOperands.right, state)).node,
        same: legalize(same.map((is) => is(element, loadState(1, state)).node)),
      });
    });
  }

  // The state, operand `from`, combined with the elements of one row after another, operands `first` and on.
  #stepped(codes: readonly number[], times: number, from: number, first: number): Node[] {
    const { state, value, combine } = this.monoid;
    let v = loadState(from, state);
    for (const row of this.#rowsOf(codes, times, first)) v = combine(v, value(row));
    return legalize(encode(v, state));
  }

  // The same by the monoid's own way for several.
  #several(codes: readonly number[], times: number, from: number, first: number): Node[] | undefined {
    const { state, several } = this.monoid;
    const v = several?.(loadState(from, state), this.#rowsOf(codes, times, first));
    return v && legalize(encode(v, state));
  }

  #rowsOf(codes: readonly number[], times: number, first: number): ExprValue[][] {
    const { ins } = this.monoid;
    const d = codes.map((c) => dtypeList[c >> 2]);
    return Array.from({ length: times }, (_, r) =>
      d.map((dtype, i) => castValue(decode(first + r * d.length + i, dtype), dtype, ins[i])),
    );
  }

  /** The kernel that reduces many columns, for operands with these codes (dtype and layout across the columns). */
  columns(codes: readonly number[]): Kernel {
    const { ins, state, value, combine, ordered } = this.monoid;
    return kernelOf(`columns:${this.#key}:${codes.join(',')}`, (module, tableAddress) => {
      const decoded = codes.map((c) => ({ d: dtypeList[c >> 2], layout: layouts[c & 3] }));
      const elements = (first: number): ExprValue =>
        value(decoded.map(({ d }, i) => castValue(decode(first + i, d), d, ins[i])));
      const root = (v: ExprValue): Node[] => legalize(encode(v, state));
      const step = this.#stepped(codes, 1, 0, 1);
      const rows = topological(step).length <= SHORT_STEP ? ROWS_AT_ONCE : 1;
      addColumns(module, {
        inputs: decoded.map(({ d, layout }) => ({ lane: d.lane, parts: d.parts, layout })),
        state: stateSpec(state),
        value: root(elements(0)),
        step,
        steps: rows > 1 ? (this.#several(codes, rows, 0, 1) ?? this.#stepped(codes, rows, 0, 1)) : step,
        rows,
        ordered,
        leaf: this.leaf,
        join: root(combine(loadState(0, state), loadState(1, state))),
        tableAddress,
      });
    });
  }

  /** The kernel that writes running states of runs; `outLayout` is that of the output along the run. */
  scans(codes: readonly number[], outLayout: 0 | 1): Kernel {
    return kernelOf(`scan:${this.#key}:${codes.join(',')}:${outLayout}`, (module, tableAddress) => {
      addScan(module, { ...this.#parts(codes), state: stateSpec(this.monoid.state, layouts[outLayout]), tableAddress });
    });
  }
}

const reducers = new Map<string, Reducer>();

/** The reducer of a monoid, kept by a key that names its bodies and dtypes. */
export function reducerOf(key: string, make: () => Monoid): Reducer {
  let found = reducers.get(key);
  if (found === undefined) {
    found = new Reducer(make());
    reducers.set(key, found);
  }
  return found;
}
