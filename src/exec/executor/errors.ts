// Errors between threads: a tagged error keeps its class, its words and its facts; others keep their name and message.

import * as tagged from '../../base/errors.ts';

/** An error as data. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a tagged error. */
  readonly what?: string;
  readonly fix?: string;
  readonly facts?: tagged.Facts;
}

/** Facts that can be cloned; what cannot (arrays, functions) as text. */
function portable(facts: Readonly<tagged.Facts>): tagged.Facts {
  const plain: tagged.Facts = {};
  for (const [name, value] of Object.entries(facts)) {
    try {
      plain[name] = structuredClone(value);
    } catch {
      plain[name] = String(value); // no value of another thread's can stand for it
    }
  }
  return plain;
}

export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined };
  const { name, message, stack } = error;
  if (!(error instanceof tagged.OrthantError)) return { name, message, stack };
  return { name, message, stack, what: error.what, fix: error.fix, facts: portable(error.facts) };
}

const builtin = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
type TaggedClass = new (what: string, fix: string, facts: tagged.Facts) => tagged.OrthantError;

export function revivedError({ name, message, stack, what, fix, facts }: PlainError): Error {
  const classes: Readonly<Record<string, unknown>> = tagged;
  let error: Error;
  if (what !== undefined && fix !== undefined && typeof classes[name] === 'function') {
    error = new (classes[name] as TaggedClass)(what, fix, facts ?? {}); // its tag is its name in that very module
  } else error = new (Object.hasOwn(builtin, name) ? builtin[name as keyof typeof builtin] : Error)(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
