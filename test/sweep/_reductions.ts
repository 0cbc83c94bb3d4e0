// The reference for reductions: the documented tree over interpreted monoids, in plain JavaScript, along any axes.

import type { DType } from '../../src/dtype/dtype.ts';
import { castScalar, checkScalar, writeElement } from '../../src/dtype/scalars.ts';
import type { Value } from '../../src/kernel/interpret.ts';
import type { ReduceRow } from '../../src/ops/reduce/define.ts';
import { type State, treeOf } from '../kernel/_tree.ts';
import { nodesOf, Program, parameters, partsOf, scalarAt, scalarOf } from './_oracle.ts';
import { blank, type Elements } from './_values.ts';

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Positions in C order of the elements that each result is made of, results in C order. */
export function groups(shape: readonly number[], axes: readonly number[]): number[][] {
  const out: number[][] = [];
  const kept = shape.map((n, d) => (axes.includes(d) ? 1 : n));
  for (let i = 0; i < size(kept); i++) out.push([]);
  for (let i = 0; i < size(shape); i++) {
    let rest = i;
    let target = 0;
    let step = 1;
    for (let d = shape.length - 1; d >= 0; d--) {
      const at = rest % shape[d];
      rest = Math.floor(rest / shape[d]);
      if (axes.includes(d)) continue;
      target += at * step;
      step *= shape[d];
    }
    out[target].push(i);
  }
  return out;
}

/** One reduction row for elements of one dtype, element by element. */
export class ReductionOracle {
  readonly result: DType;
  readonly ordered: boolean;
  readonly #working: DType;
  readonly #state: DType;
  readonly #value: Program;
  readonly #combine: Program;
  readonly #identity: State;
  readonly #leaf: number;
  readonly #empty: number | boolean | undefined;

  constructor(row: ReduceRow, d: DType) {
    this.#working = row.accumulate?.(d) ?? d;
    const { monoid, result } = row.of(this.#working);
    const { ins, state, value, combine, identity, ordered, tiesOnly } = monoid;
    this.result = result;
    this.ordered = ordered;
    this.#leaf = tiesOnly ? 65536 : 256;
    this.#state = state;
    this.#value = new Program(nodesOf(value(parameters(ins))));
    const [a, b] = parameters([state, state]);
    this.#combine = new Program(nodesOf(combine(a, b)));
    this.#identity = identity;
    this.#empty = row.empty;
  }

  /** The state of one element. */
  #stateOf(e: Elements, i: number): State {
    return this.#value.run(partsOf(castScalar(scalarAt(e, i), e.d, this.#working), this.#working));
  }

  /** Results in C order; `chosen` says which elements take part, the others count as the identity. */
  reduce(e: Elements, shape: readonly number[], axes: readonly number[], chosen?: (i: number) => boolean): Elements {
    const parts = groups(shape, axes);
    const out = blank(this.result, parts.length);
    const join = (a: State, b: State): Value[] => this.#combine.run([...a, ...b]);
    parts.forEach((positions, k) => {
      if (positions.length === 0 && this.#empty !== undefined) {
        writeElement(out.raw, k, this.result, checkScalar(this.#empty, this.result, 'sweep'));
        return;
      }
      const states = positions.map((i) => (chosen?.(i) === false ? this.#identity : this.#stateOf(e, i)));
      const state = treeOf(states, this.#identity, join, this.ordered, this.#leaf);
      const scalar = scalarOf(state, this.#state);
      writeElement(out.raw, k, this.result, castScalar(scalar, this.#state, this.result));
    });
    return out;
  }
}

/** Zeros without their sign: where order is free, so is which of two equal zeros comes back. */
export function unsignedZeros(e: Elements): Elements {
  const out = blank(e.d, e.n);
  for (let i = 0; i < e.raw.length; i++) {
    const x = e.raw[i];
    const zero = e.d.half ? (Number(x) & 0x7fff) === 0 : x === 0;
    out.raw[i] = (zero ? 0 : x) as never; // the same kind of typed array
  }
  return out;
}
