// What the main thread and an executor say to each other. Jobs and results travel as messages; memory is asked for by
// message and answered in a control block of shared words, because the executor is in the middle of a synchronous
// operation then and sleeps. Elements never travel: both sides see the same WebAssembly memory.

import type { Kept } from '../../memory/lending.ts';
import type { ErrorState } from '../errstate/state.ts';
import type { PlainError } from './errors.ts';
import type { Node, StoragePlan } from './pack.ts';

/** Numbers of the control block's 32-bit words. */
export const word = {
  /** What became of a request for memory: see `answers`. */
  answer: 0,
  /** 1: the job is no longer wanted. */
  cancel: 1,
  /** Threads that the job may use at the moment. */
  share: 2,
  /** 1: results are being written into the caller's arrays; the executor must not be ended now. */
  commit: 3,
  /** Characters of the refusal's text. */
  length: 4,
} as const;
export const answers = { pending: 0, granted: 1, refused: 2 } as const;

const WORDS = 16;
const MOST_TEXT = 16 * 1024;

/** The control block of one executor, seen from either side. */
export class Control {
  readonly buffer: SharedArrayBuffer;
  readonly words: Int32Array;
  /** Address and bytes of the block that was granted. */
  readonly block: Float64Array;
  readonly #text: Uint16Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4 + 16 + MOST_TEXT * 2)) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer, 0, WORDS);
    this.block = new Float64Array(buffer, WORDS * 4, 2);
    this.#text = new Uint16Array(buffer, WORDS * 4 + 16, MOST_TEXT);
  }

  get text(): string {
    const codes = this.#text.subarray(0, this.words[word.length]);
    let text = '';
    for (let i = 0; i < codes.length; i += 4096) text += String.fromCharCode(...codes.subarray(i, i + 4096));
    return text;
  }
  set text(text: string) {
    const length = Math.min(text.length, MOST_TEXT);
    for (let i = 0; i < length; i++) this.#text[i] = text.charCodeAt(i);
    this.words[word.length] = length;
  }
}

/** The first message to an executor. */
export interface Seat {
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  /** Most threads that a job may ever get. */
  readonly threads: number;
}

/** A function to be called. */
export interface Call {
  readonly id: number;
  /** ['linalg', 'svd'] */
  readonly path: readonly string[];
  readonly args: readonly Node[];
  /** Arrays to be written when all is done. */
  readonly out: Node;
  readonly storages: readonly StoragePlan[];
  readonly config: readonly (readonly [name: string, value: unknown])[];
  readonly errors: ErrorState;
}

/** A storage of a result. */
export type ResultStorage =
  /** One of the call's own. */
  | { readonly operand: number }
  /** A block that becomes the main thread's. */
  | { readonly kept: Kept }
  /** Bytes of the shared memory that the main thread copies. */
  | { readonly copy: { readonly ptr: number; readonly nbytes: number } }
  /** Bytes outside the shared memory. */
  | { readonly bytes: Uint8Array };

/** What an executor says. */
export type Said =
  | { readonly say: 'ready' }
  | { readonly say: 'borrow'; readonly nbytes: number }
  | { readonly say: 'repay'; readonly loans: readonly number[] }
  | {
      readonly say: 'done';
      readonly id: number;
      readonly result: Node;
      readonly storages: readonly ResultStorage[];
      /** Faults that errstate wants told, for the main thread to tell. */
      readonly faults: readonly Node[];
      /** Addresses of loans that hold nothing but what is kept. */
      readonly loans: readonly number[];
    }
  | { readonly say: 'failed'; readonly id: number; readonly error: PlainError; readonly loans: readonly number[] }
  | { readonly say: 'cancelled'; readonly id: number; readonly loans: readonly number[] };
