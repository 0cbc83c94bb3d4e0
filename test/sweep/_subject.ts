// One elementwise row on operands of given dtypes: the values it is tried on and the contiguous computation that every
// other way of calling it must equal.

import { ufuncs } from '../../src/array/ufuncs.ts';
import { category } from '../../src/dtype/category.ts';
import type { DType } from '../../src/dtype/dtype.ts';
import { ArrayBase } from '../../src/exec/array_base.ts';
import { callUfunc, type UfuncOptions } from '../../src/exec/call.ts';
import { callBinary, callUnary } from '../../src/exec/direct.ts';
import type { ElementwiseRow } from '../../src/ops/define.ts';
import { type ElementwiseName, elementwise } from '../../src/ops/rows.ts';
import { describeDType, gather, place } from './_layouts.ts';
import { castElements, nodesOf, type OracleTypes, Program, parameters, partsOf, scalarAt } from './_oracle.ts';
import { type Elements, firstDifference, sample, seedOf, take } from './_values.ts';

/** Number of operand values that are tried. */
export const BASE = 70;

export const range = (n: number, f: (i: number) => number = (i) => i): number[] =>
  Array.from({ length: n }, (_, i) => f(i));

/** Calls a row the way its public function does. */
export function call(name: ElementwiseName, operands: readonly unknown[], options?: UfuncOptions): ArrayBase[] {
  const u = ufuncs[name];
  const made =
    operands.length === 1
      ? callUnary(u, operands[0], options)
      : operands.length === 2
        ? callBinary(u, operands[0], operands[1], options)
        : callUfunc(u, operands, options);
  const list: readonly unknown[] = Array.isArray(made) ? made : [made];
  return list.map((r) => {
    if (r instanceof ArrayBase) return r;
    throw new TypeError(`np.${name} returned ${String(r)}, not an array`);
  });
}

export const contiguous = (e: Elements): ArrayBase => place(e, [e.n], 'contiguous').array;

/** One row on operands of given dtypes. */
export class Subject {
  readonly name: ElementwiseName;
  readonly row: ElementwiseRow;
  readonly ds: readonly DType[];
  readonly types: OracleTypes;
  readonly base: readonly Elements[];
  /** Outputs of the contiguous computation on `base`. */
  readonly results: readonly Elements[];
  readonly id: string;

  constructor(name: ElementwiseName, ds: readonly DType[], types: OracleTypes) {
    this.name = name;
    this.row = elementwise[name];
    this.ds = ds;
    this.types = types;
    this.id = `${name}(${describeDType(ds)})`;
    this.base = ds.map((d, i) => this.#allowed(sample(d, BASE, seedOf(`${this.id}${i}`), this.row.domain), i));
    this.results = this.contiguous(this.base);
  }

  /** Without elements that the row refuses. */
  #allowed(e: Elements, i: number): Elements {
    const { refuses } = this.row;
    const to = this.types.ins[i];
    if (refuses === undefined || refuses.operand !== i || !category(refuses.on).includes(to)) return e;
    const [x] = parameters([to]);
    const program = new Program(nodesOf(refuses.when(x as never))); // refusals are of real dtypes
    const kept = range(e.n).filter(
      (k) => program.run(partsOf(scalarAt(castElements(take(e, [k]), to), 0), to))[0] !== true,
    );
    return take(
      e,
      range(e.n, (k) => kept[k % kept.length]),
    );
  }

  contiguous(operands: readonly Elements[]): Elements[] {
    return call(this.name, operands.map(contiguous)).map(gather);
  }

  /** Operand values at these positions of the base. */
  at(positions: readonly number[]): Elements[] {
    return this.base.map((e) => take(e, positions));
  }

  /** The value of element `k` of all operands and outputs, for messages. */
  show(operands: readonly Elements[], k: number): string {
    return operands.map((e) => String(scalarAt(e, k))).join(', ');
  }

  compare(got: readonly Elements[], expected: readonly Elements[], operands: readonly Elements[]): string | undefined {
    for (let o = 0; o < expected.length; o++) {
      if (got[o].d !== expected[o].d) return `output ${o} is ${got[o].d.name}, not ${expected[o].d.name}`;
      if (got[o].n !== expected[o].n) return `output ${o} has ${got[o].n} elements, not ${expected[o].n}`;
      const k = firstDifference(got[o], expected[o]);
      if (k < 0) continue;
      return `element ${k} of output ${o}, of (${this.show(operands, k)}), is ${scalarAt(got[o], k)}, not ${scalarAt(expected[o], k)}`;
    }
    return undefined;
  }
}
