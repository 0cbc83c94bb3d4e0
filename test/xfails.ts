// Known gaps: what the sweep and the differential run may find wrong, each with a reason. An entry whose cases all pass
// fails the run, so that this file never claims more than is broken. Not the place for decisions that differ from
// NumPy on purpose: those are in differential/decisions.ts.

export interface Gap {
  /** Matches the id of a case, as a failure prints it. */
  readonly cases: RegExp;
  readonly reason: string;
}

export const sweepGaps: readonly Gap[] = [];

export const differentialGaps: readonly Gap[] = [];
