// What happens when an operation met faults: by the mode of each kind they are thrown, warned of, printed, handed to a
// function or to a log. Finding the elements is the caller's business and happens only when somebody will read of them.

import { callSite } from '../../base/call_site.ts';
import { FloatingPointError } from '../../base/errors.ts';
import { events } from '../../base/events.ts';
import { platform } from '../../base/platform.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { type FaultKind, faultBits, kindsOfBits } from '../../kernel/faults.ts';
import { currentErrors, type ErrorMode, type Errors, type Fault } from './state.ts';

/** Where a kind of fault was met in an operation. */
export interface Where {
  readonly count: number;
  /** Of the first of them: in C order, and per dimension. */
  readonly position: number;
  readonly index: readonly number[];
  readonly operands: readonly Scalar[];
  readonly results: readonly Scalar[];
}
/** Finds the elements with a kind of fault; undefined where that cannot be known any more. */
export type Locate = (kind: FaultKind) => Where | undefined;

/** NumPy's words, and ours in its manner. */
const words: Readonly<Record<FaultKind, string>> = {
  divide: 'divide by zero',
  over: 'overflow',
  under: 'underflow',
  invalid: 'invalid value',
  integer: 'integer without a result in range',
  cast: 'lossy cast',
};

const fixes: Readonly<Record<FaultKind, string>> = {
  divide: 'leave such elements out with where, or allow it: np.errstate({ divide: "ignore" }, …)',
  over: 'compute in a wider dtype or scale the operands, or allow it: np.errstate({ over: "ignore" }, …)',
  under: 'scale the operands, or allow it: np.errstate({ under: "ignore" }, …)',
  invalid: 'leave such elements out with where, or allow it: np.errstate({ invalid: "ignore" }, …)',
  integer: 'compute in a wider dtype, or allow it: np.errstate({ integer: "ignore" }, …)',
  cast: 'choose a dtype that holds the values, or allow it: np.errstate({ cast: "ignore" }, …)',
};

const shown = (x: Scalar): string => (Object.is(x, -0) ? '-0' : typeof x === 'bigint' ? `${x}n` : String(x));

function told({ message, count, index, operands, results }: Fault): string {
  if (count === undefined || index === undefined) return message;
  const place =
    index.length === 0 ? '' : `, ${count === 1 ? '' : `${count} elements, the first `}at [${index.join(', ')}]`;
  const of = operands?.length ? `of ${operands.map(shown).join(' and ')} it` : 'the result';
  return `${message}${place}: ${of} is ${results?.map(shown).join(' and ')}`;
}

function faultOf(kind: FaultKind, op: string, locate: Locate, site: string | undefined): Fault {
  const { count, index, operands, results } = locate(kind) ?? {};
  return { kind, op, message: `${words[kind]} encountered in ${op}`, count, index, operands, results, callSite: site };
}

// Stacks are dear: a kind of fault in an operation that has been seen often is looked up once in a millisecond.
interface Sightings {
  times: number;
  last: number;
}
const seen = new Map<string, Sightings>();
const warned = new Set<string>();
const ALWAYS = 64;
const PAUSE_MS = 1;
const MOST_SITES = 1000;

function newSite(key: string): string | undefined {
  let known = seen.get(key);
  if (known === undefined) {
    known = { times: 0, last: 0 };
    seen.set(key, known);
  }
  if (known.times++ >= ALWAYS) {
    const now = performance.now();
    if (now - known.last < PAUSE_MS) return undefined;
    known.last = now;
  }
  const site = callSite() ?? '';
  const full = `${key} ${site}`;
  if (warned.has(full) || warned.size >= MOST_SITES) return undefined;
  warned.add(full);
  return site;
}

/** Forgets which call sites were warned of, for tests. */
export function forgetWarnings(): void {
  seen.clear();
  warned.clear();
}

interface Emitter {
  emitWarning?: (text: string, options: { type: string; code: string; detail?: string }) => void;
}
const process = (globalThis as { process?: Emitter }).process; // Node, Deno and Bun have it, browsers do not

function warn(fault: Fault): void {
  const detail = fault.callSite ? `at ${fault.callSite}` : undefined;
  const code = `ORTHANT_${fault.kind.toUpperCase()}`;
  if (!platform.browser && process?.emitWarning !== undefined) {
    process.emitWarning(told(fault), { type: 'RuntimeWarning', code, ...(detail && { detail }) });
  } else console.warn(`RuntimeWarning: ${told(fault)}${detail ? `\n  ${detail}` : ''}`);
}

type Action = (kind: FaultKind, op: string, locate: Locate, errors: Errors) => void;

const actions: Readonly<Record<ErrorMode, Action>> = {
  ignore: () => undefined,
  warn: (kind, op, locate) => {
    const site = newSite(`${kind} ${op}`);
    if (site !== undefined) warn(faultOf(kind, op, locate, site));
  },
  raise: (kind, op, locate) => {
    const { message, ...facts } = faultOf(kind, op, locate, callSite());
    throw new FloatingPointError(`${told({ message, ...facts })}`, fixes[kind], { message, ...facts });
  },
  call: (kind, op, locate, { handler }) => {
    if (typeof handler === 'function') handler(words[kind], faultBits[kind], faultOf(kind, op, locate, callSite()));
  },
  print: (kind, op, locate) => console.log(`Warning: ${told(faultOf(kind, op, locate, undefined))}`),
  log: (kind, op, locate, { handler }) => {
    const fault = faultOf(kind, op, locate, callSite());
    if (handler !== null && typeof handler === 'object') handler.write(`Warning: ${told(fault)}\n`);
  },
};

/** Tells of a fault that another thread met, as the error state in force here asks for. */
export function retell(fault: Fault): void {
  const { kind, op, count, index, operands, results } = fault;
  const known = count !== undefined && index !== undefined && operands !== undefined && results !== undefined;
  const errors = currentErrors();
  actions[errors.state[kind]](
    kind,
    op,
    () => (known ? { count, position: -1, index, operands, results } : undefined),
    errors,
  );
}

/**
 * Tells of the faults that an operation met, `bits` of their kinds, as the error state in force asks for.
 * @throws FloatingPointError where a kind is in mode 'raise'; before anything else is told.
 */
export function report(op: string, bits: number, locate: Locate): void {
  const errors = currentErrors();
  const met = bits & errors.reporting;
  if (met === 0) return;
  if (events.active['exec.float']) {
    for (const kind of kindsOfBits(met)) events.emit('exec.float', { op, kind, index: locate(kind)?.position ?? -1 });
  }
  for (const kind of [...kindsOfBits(met & errors.raising), ...kindsOfBits(met & ~errors.raising)]) {
    actions[errors.state[kind]](kind, op, locate, errors);
  }
}
