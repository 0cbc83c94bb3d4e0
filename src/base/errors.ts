// The tagged errors: every way Orthant refuses to go on, each saying what happened, how to fix it, and the facts.
// Not for JavaScript mistakes inside Orthant itself; those stay plain TypeErrors and are bugs.

/** Facts of an error: what a handler may want to read without parsing the message. */
export type Facts = Record<string, unknown>;

/**
 * The base of every error Orthant throws. `message` is what happened and where, then a line with the remedy.
 * @example
 * try { np.zeros([-1]) } catch (e) { if (e instanceof OrthantError) console.log(e.tag, e.fix, e.facts) }
 */
export class OrthantError extends Error {
  /** Written out per class, so that a minifier that renames classes does not rename errors. */
  static readonly tag: string = 'OrthantError';
  readonly tag: string;
  readonly what: string;
  readonly fix: string;
  readonly facts: Readonly<Facts>;

  constructor(what: string, fix: string, facts: Facts = {}, options?: ErrorOptions) {
    super(`${what}\n  fix: ${fix}`, options);
    this.tag = new.target.tag;
    this.name = this.tag;
    this.what = what;
    this.fix = fix;
    this.facts = Object.freeze({ ...facts });
    // The engine wrote the stack's first line before `name` was set; write it again and drop this constructor's frame.
    Error.captureStackTrace?.(this, new.target);
  }

  /** Plain data for logs: JSON.stringify(error) keeps everything, bigints as decimal strings. */
  toJSON(): { tag: string; what: string; fix: string; facts: Facts } {
    return { tag: this.tag, what: this.what, fix: this.fix, facts: plain(this.facts) };
  }
}

function plain(facts: Readonly<Facts>): Facts {
  return JSON.parse(JSON.stringify(facts, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
}

/** Shapes that cannot be used, reshaped or broadcast together. */
export class ShapeError extends OrthantError {
  static override readonly tag = 'ShapeError';
}
/** A name that is no dtype, or dtypes an operation does not take. */
export class DTypeError extends OrthantError {
  static override readonly tag = 'DTypeError';
}
/** A cast between dtypes that the casting rule in force refuses. */
export class CastError extends OrthantError {
  static override readonly tag = 'CastError';
}
/** A value that the dtype it must enter, or the JavaScript type it must leave as, cannot represent. */
export class PrecisionError extends OrthantError {
  static override readonly tag = 'PrecisionError';
}
/** An allocation over the budget, or one that the machine refused. */
export class MemoryError extends OrthantError {
  static override readonly tag = 'MemoryError';
}
/** Elements asked for while nothing is computed: inside an estimate, or of its arrays after it. */
export class EstimateError extends OrthantError {
  static override readonly tag = 'EstimateError';
}
/** A floating-point or integer condition that errstate was told to raise. */
export class FloatingPointError extends OrthantError {
  static override readonly tag = 'FloatingPointError';
}
/** An axis outside the array's dimensions, or named twice. */
export class AxisError extends OrthantError {
  static override readonly tag = 'AxisError';
}
/** An index out of bounds, or of a kind that cannot index. */
export class IndexError extends OrthantError {
  static override readonly tag = 'IndexError';
}
/** A matrix that the algorithm cannot work with: singular, not positive definite, no convergence. */
export class LinAlgError extends OrthantError {
  static override readonly tag = 'LinAlgError';
}
/** An array that is not what a contract says: dtype, shape, values. */
export class ContractError extends OrthantError {
  static override readonly tag = 'ContractError';
}
/** Bytes that are not in the format they should be in. */
export class FormatError extends OrthantError {
  static override readonly tag = 'FormatError';
}
/** Bytes that another machine did not give: an answer other than the data, or none in time. */
export class TransferError extends OrthantError {
  static override readonly tag = 'TransferError';
}
/** An argument or option of the wrong kind, or outside its range. */
export class ArgumentError extends OrthantError {
  static override readonly tag = 'ArgumentError';
}
/** Use of an array or storage after it was disposed. */
export class DisposedError extends OrthantError {
  static override readonly tag = 'DisposedError';
}
/** A thread that could not be started, or that ended in the middle of its work. */
export class ThreadError extends OrthantError {
  static override readonly tag = 'ThreadError';
}
/** A value read while `np.fuse` follows a function, when there is none. */
export class TraceError extends OrthantError {
  static override readonly tag = 'TraceError';
}
/** A kernel that failed its verification or its debug checks: a defect of Orthant, never of its user. */
export class KernelError extends OrthantError {
  static override readonly tag = 'KernelError';
}
