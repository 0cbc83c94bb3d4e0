// What the command and a process that measures say to each other, as JSON over the channel of child_process.fork. The
// process holds one build of Orthant and at most one case that is ready.

/** Where a process finds the build and the cases. */
export interface Place {
  /** The module of another build; this one where undefined. */
  readonly build: string | undefined;
  /** A user's module of cases; the suite where undefined. */
  readonly cases: string | undefined;
}

/** A case as the command knows it. */
export interface CaseInfo {
  readonly name: string;
  readonly about: string;
  readonly size: number;
  readonly settle: number;
}

export interface Requests {
  readonly open: Place & { readonly gives: readonly CaseInfo[] };
  readonly facts: { readonly gives: Readonly<Record<string, string>> };
  /** Makes the data, checks the result, warms up; nanoseconds of a run at the end of that. */
  readonly prepare: {
    readonly name: string;
    readonly size: number;
    readonly warm: number;
    readonly gives: { readonly ns: number; readonly bytes: number | undefined };
  };
  /** Nanoseconds of a run, the mean of `runs` in a row. */
  readonly measure: { readonly runs: number; readonly gives: number };
  /** Bytes of arrays that the case took at most, its data included. */
  readonly finish: { readonly gives: number };
  /** Milliseconds that work without Orthant takes here: the speed of the machine. */
  readonly probe: { readonly gives: Probe };
  /** Seconds of processor time so far. */
  readonly used: { readonly gives: number };
}

/** Milliseconds for a fixed piece of arithmetic, and for copying memory that no cache holds. */
export interface Probe {
  readonly arithmetic: number;
  readonly memory: number;
}

export type Name = keyof Requests;
export type Asked<N extends Name> = Omit<Requests[N], 'gives'>;
export type Gives<N extends Name> = Requests[N]['gives'];

export interface Request {
  readonly ask: Name;
  readonly with: unknown;
}
/** With `fix` where the failure says how to mend it. */
export type Reply = { readonly gave: unknown } | { readonly failed: string; readonly fix?: string };
