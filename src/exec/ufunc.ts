// A row made executable: its loops by common dtype, and per loop the kernels by operand dtypes and layouts. Everything
// that is looked up on a call is here, keyed by small integers; nothing is computed twice.

import { DTypeError } from '../base/errors.ts';
import { type DType, dtypeList, dtypes } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import { ComplexExpr, Expr, type ExprValue, load, param } from '../kernel/builder.ts';
import { type Kernel, type KernelExports, kernelOf } from '../kernel/compile.ts';
import { castValue, computeType, decode, encode, settled } from '../kernel/element.ts';
import { Conditions, castFaults } from '../kernel/faults.ts';
import type { Node, ValueType } from '../kernel/ir.ts';
import { legalize } from '../kernel/legalize.ts';
import { addMap, type MapSpec } from '../kernel/wasm/map.ts';
import type { Layout, OperandSpec } from '../kernel/wasm/operands.ts';
import type { Segment } from '../memory/segment.ts';
import {
  asReal,
  type ElementwiseRow,
  findLoop,
  floatFaults,
  type LoopTypes,
  loopsOf,
  loopWithOutput,
  possibleFaults,
  signsClash,
} from '../ops/define.ts';
import type { ReduceRow } from '../ops/reduce/define.ts';
import { reductionOfRow } from '../ops/reduce/of_row.ts';

/** Layout of an operand in the inner loop, as a digit of the kernel key; `parameter` is a JS scalar. */
export const layoutCodes = { contiguous: 0, strided: 1, uniform: 2, parameter: 3 } as const;
const layouts: readonly (Layout | 'parameter')[] = ['contiguous', 'strided', 'uniform', 'parameter'];

/** Digit of one operand in a kernel key. */
export const operandCode = (d: DType, layout: number): number => d.id * 4 + layout;

/** An operand of a dtype, as kernels describe it. */
export const specOf = (d: DType, layout: Layout): OperandSpec => ({ lane: d.lane, parts: d.parts, layout });

/** The value of a scalar operand whose first parameter has this number. */
export function paramValue(d: DType, first: number): { value: ExprValue; types: ValueType[] } {
  const t = computeType(d);
  if (d.parts === 1) return { value: param(first, t), types: [t] };
  return { value: new ComplexExpr(param(first, t), param(first + 1, t)), types: [t, t] };
}

/** The value of `a` where a condition holds, else of `b`; both real or both complex. */
export const choose = (mask: Expr, a: ExprValue, b: ExprValue): ExprValue => {
  if (a instanceof ComplexExpr && b instanceof ComplexExpr) return ComplexExpr.select(mask, a, b);
  if (a instanceof Expr && b instanceof Expr) return mask.select(a, b);
  throw new TypeError('old and new value differ in kind');
};

/** The results of a body, one or several, as a list. */
export const listOf = (made: ExprValue | readonly ExprValue[]): readonly ExprValue[] =>
  made instanceof Expr || made instanceof ComplexExpr ? [made] : made;

/** Adds what a loop can meet, given the values it computes with and its results. */
export function addFaults(
  to: Conditions,
  types: LoopTypes,
  values: readonly ExprValue[],
  results: readonly ExprValue[],
): void {
  if ((possibleFaults(types) & to.wanted) === 0) return;
  if (types.steps !== undefined) {
    types.steps.add(to, values);
    return;
  }
  const floating = floatFaults(types);
  if (floating !== undefined) to.addFloat(floating, values, results, types.outs);
  else to.addIntegers(types.faults?.ints ?? {}, values.map(asReal), results.map(asReal));
}

/** Digits of 64 that a number holds exactly beside the bits for faults. */
const MOST_DIGITS = 7;

function keyOf(codes: readonly number[], bits: number): number | string {
  if (codes.length > MOST_DIGITS) return `${bits}:${codes.join()}`;
  let key = bits;
  for (let i = 0; i < codes.length; i++) key = key * 64 + codes[i];
  return key;
}

/** Kernels of small calls, by the codes of their operands, for the faults that they look for. */
export interface SmallKernels {
  readonly wanted: number;
  /** Where they work. */
  readonly segment: Segment;
  readonly plain: KernelExports;
  /** Tells faults apart; made when it is asked for. */
  readonly exact: () => KernelExports;
}

/** One loop of a row with its kernels. */
export class Loop {
  readonly name: string;
  readonly types: LoopTypes;
  /** Bits of the faults that the loop itself can meet, conversions aside. */
  readonly faults: number;
  readonly #kernels = new Map<number | string, Kernel>();
  /** Filled by small.ts. */
  readonly small = new Map<number, SmallKernels>();
  #lastKey: number | string = -1;
  #last: Kernel | undefined;

  constructor(name: string, types: LoopTypes) {
    this.name = name;
    this.types = types;
    this.faults = possibleFaults(types);
  }

  /** Bits of the faults that the loop and the conversions of operands with these codes can meet. */
  possible(codes: readonly number[]): number {
    const { ins, outs } = this.types;
    let bits = this.faults;
    for (let i = 0; i < ins.length; i++) bits |= castFaults(dtypeList[codes[i] >> 2], ins[i]);
    for (let i = 0; i < outs.length; i++) bits |= castFaults(outs[i], dtypeList[codes[ins.length + i] >> 2]);
    return bits;
  }

  /**
   * The loop that gives the bits of the faults each element meets, as uint8: for operands of the dtypes `given` and
   * results of the dtypes `to`.
   */
  faultCodes(given: readonly DType[], to: readonly DType[]): Loop {
    const { ins, outs, body } = this.types;
    const codesOf = (x: readonly ExprValue[]): Expr => {
      const conditions = new Conditions(-1);
      const values = x.map((v, i) => {
        conditions.addCast(v, given[i], ins[i]);
        return castValue(v, given[i], ins[i]);
      });
      const made = listOf(body(values, ins[0]));
      addFaults(conditions, this.types, values, made);
      made.forEach((r, i) => {
        conditions.addCast(settled(r, outs[i]), outs[i], to[i]);
      });
      return conditions.code();
    };
    const name = `${this.name}.faults:${[...ins, ...to].map((d) => d.char).join('')}`;
    return new Loop(name, { ins: given, outs: [dtypes.uint8], body: codesOf });
  }

  /**
   * The kernel for operands given by their codes: inputs, then outputs, then the mask where there is one (`masked`).
   * Kernel operands are: inputs that are not parameters, [mask, old outputs], outputs. It returns the bits of the faults
   * it met among those `wanted`; where they need not be told apart (`plain`), 1 if there may be some.
   */
  kernel(codes: readonly number[], masked: boolean, wanted = 0, plain = false): Kernel {
    const looking = wanted === 0 ? 0 : wanted & this.possible(codes);
    const key = keyOf(codes, looking * 4 + (plain ? 2 : 0) + (masked ? 1 : 0));
    if (key === this.#lastKey && this.#last !== undefined) return this.#last;
    let found = this.#kernels.get(key);
    if (found === undefined) {
      found = this.#describe(codes, masked, looking, plain, key);
      this.#kernels.set(key, found);
    }
    this.#lastKey = key;
    this.#last = found;
    return found;
  }

  #describe(codes: readonly number[], masked: boolean, looking: number, plain: boolean, key: number | string): Kernel {
    return kernelOf(`${this.name}:${chars(this.types.ins)}:${key}`, (module, tableAddress) => {
      addMap(module, this.spec(codes, masked, looking, plain, tableAddress));
    });
  }

  /** The same as a description, to be part of a kernel of several. */
  spec(
    codes: readonly number[],
    masked: boolean,
    looking: number,
    plain: boolean,
    tableAddress: MapSpec['tableAddress'],
  ): MapSpec {
    const { ins, outs, body } = this.types;
    const decoded = codes.map((c) => ({ d: dtypeList[c >> 2], layout: layouts[c & 3] }));
    const inputs: OperandSpec[] = [];
    const params: ValueType[] = [];
    const values: ExprValue[] = [];
    const conditions = new Conditions(looking);
    for (let i = 0; i < ins.length; i++) {
      const { d, layout } = decoded[i];
      if (layout === 'parameter') {
        const p = paramValue(ins[i], params.length);
        params.push(...p.types);
        values.push(p.value);
      } else {
        const given = decode(inputs.length, d);
        conditions.addCast(given, d, ins[i]);
        values.push(castValue(given, d, ins[i]));
        inputs.push(specOf(d, layout));
      }
    }
    const made = listOf(body(values, ins[0]));
    addFaults(conditions, this.types, values, made);
    const outputs = outs.map((_, i) => {
      const { d, layout } = decoded[ins.length + i];
      return specOf(d, layout === 'parameter' ? 'contiguous' : layout);
    });
    let mask: Expr | undefined;
    if (masked) {
      const { layout } = decoded[ins.length + outs.length];
      mask = load(inputs.length, 0, 'u8').ne(0);
      inputs.push({ lane: 'u8', parts: 1, layout: layout === 'parameter' ? 'uniform' : layout });
    }
    const roots: Node[] = [];
    for (let i = 0; i < outs.length; i++) {
      const to = decoded[ins.length + i].d;
      // What the result is rounded to must not depend on where it goes.
      const result = to === outs[i] ? made[i] : settled(made[i], outs[i]);
      conditions.addCast(result, outs[i], to);
      let value: ExprValue = castValue(result, outs[i], to);
      if (mask !== undefined) {
        value = choose(mask, value, decode(inputs.length, to));
        inputs.push(outputs[i]);
      }
      roots.push(...encode(value, to));
    }
    const watch = conditions.masked(mask).watch(!plain);
    return { inputs, outputs, params, body: legalize(roots), watch, tableAddress };
  }
}

/** Loop and direct kernel for contiguous arrays of the same shape, in the shape the fast path wants them. */
export interface Direct {
  readonly kernel: Kernel;
  /** Where `run` works. */
  readonly segment: Segment;
  readonly run: (...args: (number | bigint)[]) => number;
  readonly out: DType;
  /** Dtype that the first operand is computed in. */
  readonly computing: DType;
  /** Faults that `run` looks for; it returns whether it saw something suspicious. */
  readonly wanted: number;
  /** Must elements be looked at first? */
  readonly refuses: boolean;
  readonly loop: Loop;
  /** Bytes from one element to the next, of the operands in memory and the result. */
  readonly steps: readonly number[];
  /** The kernel that tells the faults apart. */
  readonly exact: () => Kernel;
}

/** What a row that was never called knows, the same for all: so many tables would take time at import. */
const nothing: readonly (Direct | undefined)[] = new Array(256);

const chars = (list: readonly DType[]): string => list.map((d) => d.char).join('');

function kept(known: readonly (Direct | undefined)[], key: number, kernel: Direct): readonly (Direct | undefined)[] {
  const table = known.slice();
  table[key] = kernel;
  return table;
}

/** A row, ready to be called. */
export class Ufunc {
  readonly name: string;
  readonly key: string;
  readonly row: ElementwiseRow;
  readonly #byOperands = new Map<number, Loop>();
  readonly #byOutput = new Map<number, Loop>();
  readonly #loops = new Map<string, Loop>();
  /** Kernels of the fast path (direct.ts): index = dtype id of the first operand × 16 + of the second. */
  direct: readonly (Direct | undefined)[] = nothing;
  /** The same for an array and a number: index = dtype id × 2, plus 1 where the number comes first. */
  withNumber: readonly (Direct | undefined)[] = nothing;

  #reduction: ReduceRow | undefined;

  /** `key` names the row's kernels among all: the name, where no two rows share it. */
  constructor(name: string, row: ElementwiseRow, key: string = name) {
    this.name = name;
    this.row = row;
    this.key = key;
  }

  /** Keeps a kernel of the fast path under its index. */
  keepDirect(key: number, kernel: Direct): void {
    this.direct = kept(this.direct, key, kernel);
  }

  /** The same for an array and a number. */
  keepWithNumber(key: number, kernel: Direct): void {
    this.withNumber = kept(this.withNumber, key, kernel);
  }

  /** What reducing with the row means. */
  get reduction(): ReduceRow {
    this.#reduction ??= reductionOfRow(this.name, this.key, this.row);
    return this.#reduction;
  }

  get nin(): number {
    return this.row.nin;
  }
  get nout(): number {
    return this.row.nout ?? 1;
  }

  /** The loop for operands of these dtypes, leaving out those that take no part in promotion. */
  loop(operands: readonly DType[]): Loop {
    let key = operands.length;
    for (let i = 0; i < operands.length; i++) key = key * 16 + operands[i].id;
    return this.#byOperands.get(key) ?? this.#resolve(operands, key);
  }

  #resolve(operands: readonly DType[], key: number): Loop {
    const loop = this.#shared(findLoop(this.name, this.row, operands));
    if (!signsClash(operands)) this.#byOperands.set(key, loop); // else configuration may change
    return loop;
  }

  #shared(types: LoopTypes): Loop {
    const computing = types.ins.map((d) => d.char).join('');
    let loop = this.#loops.get(computing);
    if (loop === undefined) {
      loop = new Loop(this.key, types);
      this.#loops.set(computing, loop);
    }
    return loop;
  }

  /** The loops as NumPy writes them, 'dd->d', in the order in which they are looked for. */
  get types(): string[] {
    const loops = loopsOf(this.row);
    return (this.row.truth ? loops.slice(0, 1) : loops).map(({ ins, outs }) => `${chars(ins)}->${chars(outs)}`);
  }

  /** The loop with these dtypes, null where any will do: of several the first that takes the operands. */
  loopOf(signature: readonly (DType | null)[], operands: readonly DType[]): Loop {
    const fits = ({ ins, outs }: LoopTypes): boolean =>
      signature.every((d, i) => d === null || (i < ins.length ? ins[i] : outs[i - ins.length]) === d);
    const found = loopsOf(this.row).filter(fits);
    const chosen = found.find(({ ins }) => operands.every((d) => canCast(d, ins[0], 'safe'))) ?? found[0];
    if (chosen !== undefined) return this.#shared(chosen);
    const asked = signature.map((d) => (d === null ? '*' : d.name));
    throw new DTypeError(
      `np.${this.name} has no loop ${asked.slice(0, this.nin).join(', ')} -> ${asked.slice(this.nin).join(', ')}`,
      `its loops are ${this.types.join(' ')}`,
      { op: this.name, signature: asked },
    );
  }

  /** The loop whose first output is of this dtype, for operands some of which are complex or none. */
  loopTo(out: DType, complex: boolean): Loop {
    const key = out.id * 2 + Number(complex);
    let loop = this.#byOutput.get(key);
    if (loop === undefined) {
      loop = this.#shared(loopWithOutput(this.name, this.row, out, complex));
      this.#byOutput.set(key, loop);
    }
    return loop;
  }
}
