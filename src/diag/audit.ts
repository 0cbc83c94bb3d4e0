// np.audit: what a piece of a program does silently: implicit casts, those that lose, floating-point and integer faults,
// operands stretched into larger results; counted by call site, as data that can be compared from run to run. It listens
// to the events of operations and changes nothing in what they do.

import { callSite } from '../base/call_site.ts';
import { ContextVariable } from '../base/context.ts';
import { events, type Subscription } from '../base/events.ts';
import { asDType, type DTypeName } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import { requireFunction } from '../exec/arguments.ts';
import {
  type ErrorHandler,
  type ErrorLog,
  type ErrorMode,
  errstate,
  geterr,
  geterrcall,
} from '../exec/errstate/state.ts';
import { type FaultKind, faultKinds } from '../kernel/faults.ts';
import { formatShape } from '../shape/strides.ts';

/** What was found: a cast within the safe ones, one that can lose, a fault, an expansion. */
export type FindingKind = 'cast' | 'loss' | 'fault' | 'expansion';

/** One kind of thing at one place. */
export interface AuditFinding {
  readonly kind: FindingKind;
  /** The operation: 'add'. */
  readonly op: string;
  /** 'int32 -> float64'; the fault's kind; '(3, 1), (4,) -> 96 bytes'. */
  readonly what: string;
  /** File, line and column of the call; undefined where the engine does not tell. */
  readonly at: string | undefined;
  /** How often, and with how many elements or bytes in all. */
  readonly count: number;
  readonly total: number;
}

/** What `np.audit` gives. */
export interface Audit<R> {
  readonly result: R;
  /** By kind, operation, place and what, so that two runs compare line by line. */
  readonly findings: readonly AuditFinding[];
  /** One line per finding. */
  toString(): string;
  toJSON(): readonly AuditFinding[];
}

class Findings {
  readonly #found = new Map<string, { -readonly [K in keyof AuditFinding]: AuditFinding[K] }>();

  add(kind: FindingKind, op: string, what: string, size: number): void {
    const at = callSite();
    const key = [kind, op, at, what].join('\n');
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { kind, op, what, at, count: 1, total: size });
    else {
      known.count++;
      known.total += size;
    }
  }
  all(): AuditFinding[] {
    return [...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
  }
}

// Work that runs beside the audited function emits the same events: only what is in its context counts.
const auditing = new ContextVariable<Findings | undefined>('audit', undefined);

function listen(findings: Findings): Subscription[] {
  const ours = (): boolean => auditing.get() === findings;
  return [
    events.on('exec.cast', ({ op, from, to, size }) => {
      if (!ours() || op === 'astype') return; // that one is explicit
      const lossless = canCast(asDType(from as DTypeName), asDType(to as DTypeName), 'safe'); // names of dtypes
      // NumPy calls int64 to float64 safe; the float holds 53 of its bits.
      const exact = lossless && !(/^u?int64$/.test(from) && /^(float|complex)/.test(to));
      findings.add(exact ? 'cast' : 'loss', op, `${from} -> ${to}`, size);
    }),
    events.on('exec.broadcast', ({ op, shapes, nbytes }) => {
      if (ours()) findings.add('expansion', op, `${shapes.map(formatShape).join(', ')} -> ${nbytes} bytes`, nbytes);
    }),
    events.on('exec.float', ({ op, kind }) => {
      if (ours()) findings.add('fault', op, kind, 1);
    }),
  ];
}

/** The error state in force, with the kinds that it ignores looked for and not told of. */
function watching(): Parameters<typeof errstate>[0] {
  const state = geterr();
  const handler = geterrcall();
  const ignored = new Set<FaultKind>(faultKinds.filter((k) => state[k] === 'ignore'));
  const modes = Object.fromEntries([...ignored].map((k) => [k, 'call' as ErrorMode]));
  const told: Extract<ErrorHandler, (...args: never) => unknown> = (words, bit, fault) => {
    if (!ignored.has(fault.kind) && typeof handler === 'function') handler(words, bit, fault);
  };
  const log: ErrorLog = {
    write: (text) => (handler !== null && typeof handler === 'object' ? handler.write(text) : undefined),
  };
  return { ...modes, call: Object.assign(told, log) };
}

const report = <R>(result: R, findings: Findings): Audit<R> => {
  const list = findings.all();
  return {
    result,
    findings: list,
    toJSON: () => list,
    toString: () =>
      list
        .map(
          ({ kind, op, what, at, count, total }) =>
            `${kind.padEnd(9)} ${op}: ${what}, ${count} × (${total})${at === undefined ? '' : ` at ${at}`}`,
        )
        .join('\n'),
  };
};

/**
 * Runs a function and lists what it did silently: implicit casts, casts that can lose, floating-point and integer faults,
 * operands stretched into larger results, each with its call site and how often. Follows async functions. Operations take
 * their long way meanwhile, so that it is for tests and reports, not for production.
 * @throws whatever the function throws.
 * @example np.audit(() => np.add(np.ones(3, { dtype: 'int32' }), np.ones(3))).findings[0].what // 'int32 -> float64'
 */
export function audit<R>(fn: () => Promise<R>): Promise<Audit<R>>;
export function audit<R>(fn: () => R): Audit<R>;
export function audit<R>(fn: () => R | Promise<R>): Audit<R> | Promise<Audit<R>> {
  requireFunction(fn, 'the work to audit', 'np.audit');
  const findings = new Findings();
  const subscriptions = listen(findings);
  const end = (): void => {
    for (const off of subscriptions) off();
  };
  let result: R | Promise<R>;
  try {
    result = auditing.run(findings, () => errstate(watching(), fn));
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.then((value) => report(value, findings)).finally(end);
  end();
  return report(result, findings);
}
