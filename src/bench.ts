// orthant/bench: types of what a module for `orthant bench --cases` exports by default, a list of `BenchCase`. Nothing runs
// here.
import type * as orthant from './index.ts';

/** The namespace a case is given: this build's, or another's where two builds are compared. */
export type Namespace = typeof orthant;

/** A case made ready: its data exist, only the work is left. */
export interface ReadyCase {
  /** The work that is timed; a promise is awaited. */
  run(): unknown;
  /** Whether the work does what it should; a text says what is wrong. Called once in each process, not timed. */
  check?(): boolean | string | Promise<boolean | string>;
  /** Bytes that one run reads and writes, for GB/s. */
  readonly bytes?: number;
  /** Takes away what `make` left outside the process, such as files. Called in any case, must not wait. */
  end?(): void;
}

/** One thing to measure. */
export interface BenchCase {
  readonly name: string;
  /** A sentence: what it does and with how much. */
  readonly about?: string;
  /** How large it usually is, in a measure of the case's own (rows, elements); 1 where not said. */
  readonly size?: number;
  /** Milliseconds to wait after a measurement of two builds in turn, for threads that look for work a while longer. */
  readonly settle?: number;
  /** Makes the data, from the namespace it is given and not from an import, so that builds can be compared. */
  make(np: Namespace, size: number): ReadyCase | Promise<ReadyCase>;
}
