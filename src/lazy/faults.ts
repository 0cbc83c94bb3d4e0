// Faults of fused kernels. An elementwise kernel looks as eager ones do, at every step of its body; a reduction looks
// when a result is not finite, or always where a kind of fault throws. What was suspicious is looked into step by step,
// so that the operation is named as eager calls name it.

import { anyUnusual, broughtBy, broughtFaults, overflowed, reportCodes } from '../array/reduce_faults.ts';
import { type DType, dtypes } from '../dtype/dtype.ts';
import { type ArrayBase, newArray } from '../exec/array_base.ts';
import { readAt } from '../exec/coerce.ts';
import { report } from '../exec/errstate/report.ts';
import { currentErrors } from '../exec/errstate/state.ts';
import { evaluate } from '../exec/formula.ts';
import { reducerOf } from '../exec/monoid.ts';
import { reduceStates } from '../exec/reduce.ts';
import { Conditions, faultBits } from '../kernel/faults.ts';
import { either, isFloating, type Monoid } from '../ops/reduce/define.ts';
import { addConditions, type Body, dtypesOf, nameOf, reducerFor, stepFaults } from './fused.ts';
import type { ReduceNode, Step } from './node.ts';

/** Bits of what some element meets in one step of a body. */
const meeting = (name: string, body: Body, step: Step): Monoid => ({
  name,
  ins: dtypesOf(body.inputs),
  state: dtypes.uint8,
  value: (x) => {
    const conditions = new Conditions(-1);
    addConditions(body, conditions, x, (s) => s === step);
    return conditions.code();
  },
  combine: either(
    (a, b) => a.or(b),
    (a) => a,
  ),
  identity: [0],
  ordered: false,
});

/** Tells of the faults that the steps of a body met over these operands. @throws FloatingPointError as the state says. */
export function tellSteps(body: Body, operands: readonly ArrayBase[], space: readonly number[]): void {
  const { reporting } = currentErrors();
  body.steps.forEach((step, i) => {
    if ((stepFaults(step) & reporting) === 0) return;
    const name = nameOf('faults', `${i} of ${body.key}`);
    const reducer = reducerOf(name, () => meeting(name, body, step));
    const all = newArray([], dtypes.uint8);
    reduceStates(reducer, operands, space, [...space.keys()], all);
    const met = Number(readAt(all, 0));
    if (met !== 0) report(step.name === 'astype' ? 'cast' : step.name, met, () => undefined);
  });
}

/** The same for a reduction that ran: its steps, and the sum or product itself. */
export function tellReduction(node: ReduceNode, body: Body, operands: readonly ArrayBase[], states: ArrayBase): void {
  const { wanted, raising, reporting } = currentErrors();
  if (wanted === 0 || operands.some((a) => a.size === 0)) return;
  const steps = body.steps.reduce((bits, s) => bits | stepFaults(s), 0);
  const integers = faultBits.integer | faultBits.cast;
  const unusual = isFloating(node.dtype) && ((steps !== 0 && (wanted & steps) !== 0) || node.faults !== undefined);
  const suspicious = unusual && anyUnusual(states);
  if (suspicious || (steps & (raising | (reporting & integers))) !== 0) tellSteps(body, operands, node.over);
  if (node.faults === undefined) return;
  const { row, working } = node.faults;
  if (isFloating(working)) {
    if (!suspicious || (wanted & (faultBits.over | faultBits.invalid)) === 0) return;
    const came = reduceStates(over(node, body, broughtBy(working, false).monoid), operands, node.over, node.axes);
    reportCodes(node.name, evaluate(broughtFaults(states.dtype), [states, came], states.shape), states);
  } else if ((wanted & faultBits.integer) !== 0) {
    const { monoid } = row.of(dtypes.float64);
    const inFloats = reduceStates(over(node, body, monoid), operands, node.over, node.axes);
    reportCodes(node.name, evaluate(overflowed(states.dtype), [states, inFloats], states.shape), states);
  }
}

// Another monoid over the first operand of the same reduction; where a mask takes part, what it hides counts as well.
function over(node: ReduceNode, body: Body, monoid: Monoid) {
  const ins: readonly DType[] = monoid.ins;
  const other: ReduceNode = { ...node, monoid: { ...monoid, ins }, key: `${node.key}~${monoid.name}:${ins[0].char}` };
  return reducerFor(other, body);
}
