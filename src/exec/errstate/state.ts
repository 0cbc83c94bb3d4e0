// Which faults matter and what is done about each: the error state of NumPy's errstate, with integer faults and casts
// besides. It is a value of the context: of the process, or of the block or callback that set its own. What a fault is
// stands in kernel/faults.ts, what happens when one was met in report.ts.

import { ContextVariable } from '../../base/context.ts';
import { ArgumentError } from '../../base/errors.ts';
import type { Scalar } from '../../dtype/scalars.ts';
import { bitsOfKinds, type FaultKind, faultKinds } from '../../kernel/faults.ts';

/** What is done about a fault; `call` and `log` use the handler of `seterrcall`. */
export type ErrorMode = 'ignore' | 'warn' | 'raise' | 'call' | 'print' | 'log';
const modes: readonly ErrorMode[] = ['ignore', 'warn', 'raise', 'call', 'print', 'log'];

/** The mode of every kind of fault. */
export type ErrorState = { readonly [K in FaultKind]: ErrorMode };

/** One kind of fault in one operation. */
export interface Fault {
  readonly kind: FaultKind;
  readonly op: string;
  /** What happened, in words: 'divide by zero encountered in log'. */
  readonly message: string;
  /** Elements that met it; undefined where the operands were overwritten before it was looked for. */
  readonly count?: number;
  /** Position of the first of them. */
  readonly index?: readonly number[];
  /** Operands at that position. */
  readonly operands?: readonly Scalar[];
  /** Result there, one per output. */
  readonly results?: readonly Scalar[];
  /** File, line and column of the call, where the engine tells. */
  readonly callSite?: string;
}

/** For mode 'call': a function of the words, the bit of the kind (as NumPy's), and everything known. */
export type ErrorCall = (words: string, bit: number, fault: Fault) => void;
/** For mode 'log': whatever has a `write`. */
export interface ErrorLog {
  write(text: string): unknown;
}
export type ErrorHandler = ErrorCall | ErrorLog | null;

export interface ErrorOptions extends Partial<ErrorState> {
  /** The mode of every kind that is not named. */
  readonly all?: ErrorMode;
}

/** A state with what calls ask of it, made once. */
export class Errors {
  readonly state: ErrorState;
  readonly handler: ErrorHandler;
  /** Bits of the kinds that are not ignored. */
  readonly reporting: number;
  /** Bits of the kinds that throw. */
  readonly raising: number;
  /** Bits of the kinds that kernels look for: those that cost nothing beside one another go together. */
  readonly wanted: number;

  constructor(state: ErrorState, handler: ErrorHandler) {
    this.state = Object.freeze({ ...state });
    this.handler = handler;
    this.reporting = bitsOfKinds(faultKinds.filter((k) => state[k] !== 'ignore'));
    this.raising = bitsOfKinds(faultKinds.filter((k) => state[k] === 'raise'));
    const together = bitsOfKinds(['divide', 'over', 'invalid']);
    this.wanted = (this.reporting & together) === 0 ? this.reporting : this.reporting | together;
  }
}

/** A state that may be changed in place: the process's, or a block's. */
interface Box {
  errors: Errors;
}

const initial: ErrorState = {
  divide: 'warn',
  over: 'warn',
  under: 'ignore',
  invalid: 'warn',
  integer: 'ignore',
  cast: 'ignore',
};
const ambient: Box = { errors: new Errors(initial, null) };
const blocks = new ContextVariable<Box>('errstate', ambient);
// Until somebody opens a block, the state is found without asking the context.
let opened = false;

const box = (): Box => (opened ? blocks.get() : ambient);

/** The error state in force here. */
export const currentErrors = (): Errors => (opened ? blocks.get().errors : ambient.errors);

function merged(options: ErrorOptions, where: string): ErrorState {
  const { state } = currentErrors();
  const next: Record<FaultKind, ErrorMode> = { ...state };
  if (options === null || typeof options !== 'object') {
    throw new ArgumentError(
      `${where}: ${String(options)} is not an options object`,
      "pass { over: 'raise' } or the like",
      {
        where,
      },
    );
  }
  const set = (kinds: readonly FaultKind[], name: string, mode: unknown): void => {
    const found = modes.find((m) => m === mode);
    if (found === undefined) {
      throw new ArgumentError(`${where}: ${name} cannot be ${String(mode)}`, `give one of ${modes.join(', ')}`, {
        where,
        [name]: mode,
      });
    }
    for (const kind of kinds) next[kind] = found;
  };
  if (options.all !== undefined) set(faultKinds, 'all', options.all);
  for (const [name, mode] of Object.entries(options)) {
    if (name === 'all' || name === 'call' || mode === undefined) continue;
    const kind = faultKinds.find((k) => k === name);
    if (kind === undefined) {
      throw new ArgumentError(
        `${where}: there is no kind of fault '${name}'`,
        `name one of ${faultKinds.join(', ')}, all`,
        {
          where,
          option: name,
        },
      );
    }
    set([kind], name, mode);
  }
  return next;
}

function checkHandler(handler: unknown, where: string): asserts handler is ErrorHandler {
  const fits =
    handler === null ||
    typeof handler === 'function' ||
    (typeof handler === 'object' && 'write' in handler && typeof handler.write === 'function');
  if (fits) return;
  throw new ArgumentError(
    `${where}: ${String(handler)} handles nothing`,
    'pass a function, an object with write, or null',
    {
      where,
    },
  );
}

/**
 * Sets what is done about faults, and returns what was done before: inside a block of `errstate` until it ends, elsewhere
 * for the whole process.
 * @throws ArgumentError for a kind or mode that does not exist.
 * @example np.seterr({ under: 'warn' }).under // 'ignore'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.seterr.html
 */
export function seterr(options: ErrorOptions = {}): ErrorState {
  const here = box();
  const { state, handler } = here.errors;
  here.errors = new Errors(merged(options, 'np.seterr'), handler);
  return state;
}

/**
 * What is done about each kind of fault here.
 * @example np.geterr().invalid // 'warn'
 * @see https://numpy.org/doc/stable/reference/generated/numpy.geterr.html
 */
export const geterr = (): ErrorState => currentErrors().state;

/**
 * Sets the function of mode 'call' or the object with `write` of mode 'log', and returns the one before.
 * @throws ArgumentError for anything else but null.
 * @example np.seterrcall((words) => console.log(words)) // null
 * @see https://numpy.org/doc/stable/reference/generated/numpy.seterrcall.html
 */
export function seterrcall(handler: ErrorHandler): ErrorHandler {
  checkHandler(handler, 'np.seterrcall');
  const here = box();
  const { state, handler: before } = here.errors;
  here.errors = new Errors(state, handler);
  return before;
}

/**
 * The handler that `seterrcall` set.
 * @example np.geterrcall() // null
 * @see https://numpy.org/doc/stable/reference/generated/numpy.geterrcall.html
 */
export const geterrcall = (): ErrorHandler => currentErrors().handler;

export interface ErrstateOptions extends ErrorOptions {
  /** Handler for modes 'call' and 'log'. */
  readonly call?: ErrorHandler;
}

/**
 * What is done about faults, for a callback and everything it starts, or for a block: `using _ = np.errstate({ … })`.
 * Kinds that are not named stay as they are. A block in an async function ends where the function's caller sees it too;
 * the callback does not have this flaw.
 * @throws ArgumentError for a kind or mode that does not exist; whatever the callback throws.
 * @example np.errstate({ divide: 'ignore' }, () => np.log(0)) // -Infinity
 * @see https://numpy.org/doc/stable/reference/generated/numpy.errstate.html
 */
export function errstate(options: ErrstateOptions): Disposable;
export function errstate<R>(options: ErrstateOptions, fn: () => R): R;
export function errstate<R>(options: ErrstateOptions, fn?: () => R): R | Disposable {
  const state = merged(options, 'np.errstate');
  const { call = geterrcall() } = options;
  checkHandler(call, 'np.errstate');
  const inner: Box = { errors: new Errors(state, call) };
  opened = true;
  return fn === undefined ? blocks.enter(inner) : blocks.run(inner, fn);
}
