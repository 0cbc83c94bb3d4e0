// Several nodes as one body: the expression that a fused kernel computes from its inputs, in exactly the steps that eager
// calls take, conversions and float16 roundings included, so that the bits are the same. Common subexpressions are
// computed once. What belongs together was decided in plan.ts.

import type { DType } from '../dtype/dtype.ts';
import { type Reducer, reducerOf } from '../exec/monoid.ts';
import { addFaults, Loop, listOf, paramValue } from '../exec/ufunc.ts';
import type { ExprValue } from '../kernel/builder.ts';
import { castValue, settled } from '../kernel/element.ts';
import { type Conditions, castFaults } from '../kernel/faults.ts';
import { topological } from '../kernel/ir.ts';
import { possibleFaults } from '../ops/define.ts';
import { altered } from '../ops/reduce/define.ts';
import { sizeOf } from '../shape/strides.ts';
import type { Node, ReduceNode, Step } from './node.ts';

/** What a kernel computes: nodes, down to its inputs. */
export interface Body {
  readonly roots: readonly Node[];
  /** Nodes whose values are read from memory, in the order of the kernel's operands. */
  readonly inputs: readonly Node[];
  /** The steps in between, operands first. */
  readonly steps: readonly Step[];
  /** Bodies with equal keys are equal. */
  readonly key: string;
}

/** The body of nodes, cut where `isInput` says so; the roots themselves are computed by it where `rootsInside`. */
export function bodyOf(roots: readonly Node[], rootsInside: boolean, isInput: (n: Node) => boolean): Body {
  const numbers = new Map<Node | Step, number>();
  const inputs: Node[] = [];
  const steps: Step[] = [];
  const parts: string[] = [];
  const walk = (n: Node, isRoot: boolean): string => {
    if (n.kind !== 'map' || (!isRoot && isInput(n))) {
      let number = numbers.get(n);
      if (number === undefined) {
        number = inputs.push(n) - 1;
        numbers.set(n, number);
        parts.push(`i${number}=${n.dtype.char}`);
      }
      return `i${number}`;
    }
    const { step, out } = n;
    let number = numbers.get(step);
    if (number === undefined) {
      const args = step.args.map((a) => walk(a, false));
      number = steps.push(step) - 1;
      numbers.set(step, number);
      parts.push(`s${number}=${step.key}(${args})`);
    }
    return `s${number}.${out}`;
  };
  const ends = roots.map((r) => walk(r, rootsInside));
  // The largest first: by it reductions choose how to walk.
  const ranked = inputs.map((n, i) => ({ n, i, size: sizeOf(n.shape) })).sort((a, b) => b.size - a.size || a.i - b.i);
  const order = ranked.map(({ i }) => i);
  return { roots, inputs: ranked.map(({ n }) => n), steps, key: `${parts.join(';')}>${ends}@${order}` };
}

/** Values of steps from those of the inputs. */
class Values {
  readonly #inputs = new Map<Node, ExprValue>();
  readonly #made = new Map<Step, readonly ExprValue[]>();

  constructor(body: Body, x: readonly ExprValue[]) {
    body.inputs.forEach((n, i) => {
      this.#inputs.set(n, x[i]);
    });
  }

  of(n: Node): ExprValue {
    const given = this.#inputs.get(n);
    if (given !== undefined) return given;
    const made = n.kind === 'map' ? this.#made.get(n.step)?.[n.out] : undefined;
    if (made === undefined) throw new TypeError('a step comes after its operands');
    return made;
  }

  /** Computes a step; returns its operands and results as its own body has them. */
  take(step: Step): { readonly x: readonly ExprValue[]; readonly made: readonly ExprValue[] } {
    const { ins, outs, body } = step.types;
    const x = step.args.map((a, i) => castValue(this.of(a), a.dtype, ins[i]));
    const made = listOf(body(x, ins[0]));
    this.#made.set(
      step,
      made.map((v, i) => settled(v, outs[i])),
    );
    return { x, made };
  }
}

function evaluate(body: Body, x: readonly ExprValue[]): Values {
  const values = new Values(body, x);
  for (const step of body.steps) values.take(step);
  return values;
}

/** Bits of the faults that a step and the conversions of its operands can meet. */
export const stepFaults = ({ types, args }: Step): number =>
  args.reduce((bits, a, i) => bits | castFaults(a.dtype, types.ins[i]), possibleFaults(types));

/** The conditions of the steps for which `asked` says so. */
export function addConditions(
  body: Body,
  to: Conditions,
  given: readonly ExprValue[],
  asked: (step: Step) => boolean = () => true,
): void {
  const values = new Values(body, given);
  for (const step of body.steps) {
    const { x, made } = values.take(step);
    if (!asked(step)) continue;
    step.args.forEach((a, i) => {
      to.addCast(values.of(a), a.dtype, step.types.ins[i]);
    });
    addFaults(to, step.types, x, made);
  }
}

export const dtypesOf = (nodes: readonly Node[]): DType[] => nodes.map((n) => n.dtype);

/** Short names for keys, so that caches of kernels do not hold long ones twice. */
const names = new Map<string, string>();
export function nameOf(kind: string, key: string): string {
  const full = `${kind}:${key}`;
  let name = names.get(full);
  if (name === undefined) {
    name = `${kind}#${names.size + 1}`;
    names.set(full, name);
  }
  return name;
}

const loops = new Map<string, Loop>();

/** The loop that computes the roots of a body. */
export function loopOf(body: Body): Loop {
  const name = nameOf('fused', body.key);
  let loop = loops.get(name);
  if (loop === undefined) {
    const steps = {
      bits: body.steps.reduce((bits, s) => bits | stepFaults(s), 0),
      add: (to: Conditions, x: readonly ExprValue[]): void => addConditions(body, to, x),
    };
    loop = new Loop(name, {
      ins: dtypesOf(body.inputs),
      outs: dtypesOf(body.roots),
      body: (x) => {
        const values = evaluate(body, x);
        return body.roots.map((r) => values.of(r));
      },
      steps,
    });
    loops.set(name, loop);
  }
  return loop;
}

/** The reducer that computes a body and reduces its roots by the monoid of `node`, whose operands they are. */
export function reducerFor(node: ReduceNode, body: Body): Reducer {
  const name = nameOf('fold', `${node.key}:${body.key}`);
  const { monoid } = node;
  const values = (x: readonly ExprValue[]): ExprValue[] => {
    const all = evaluate(body, x);
    return body.roots.map((r, i) => castValue(all.of(r), r.dtype, monoid.ins[i]));
  };
  const { several, settled: isSettled } = monoid;
  return reducerOf(name, () =>
    altered(monoid, {
      name,
      ins: dtypesOf(body.inputs),
      value: (x) => monoid.value(values(x)),
      ...(several && { several: (state, elements) => several(state, elements.map(values)) }),
      ...(isSettled && { settled: isSettled }),
    }),
  );
}

const weights = new Map<string, number>();
/** What instructions cost that are no single ones, in additions. */
const dear: Readonly<Record<string, number>> = {
  div: 4,
  sqrt: 4,
  idiv: 8,
  irem: 8,
  frem: 16,
  ipow: 16,
  gcd: 32,
  table: 2,
};

/** How much work a step is, in additions. */
export function weightOf({ key, types }: Step): number {
  let weight = weights.get(key);
  if (weight === undefined) {
    const x = types.ins.map((d, i) => paramValue(d, 2 * i).value);
    const roots = listOf(types.body(x, types.ins[0])).flatMap((v) => ('node' in v ? [v.node] : [v.re.node, v.im.node]));
    weight = 0;
    for (const n of topological(roots)) {
      if (n.op !== 'const' && n.op !== 'param') weight += dear[n.op] ?? 1;
    }
    weights.set(key, weight);
  }
  return weight;
}
