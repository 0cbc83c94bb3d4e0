// The control block: how main and workers talk, all of it in the shared heap. Words of 32 bits first, then the job's
// argument table in cells of 64 bits, one row per slice. Layout only: pool.ts writes it, worker.ts reads it.
//
// Main fills in a job, opens it, raises `sequence` and wakes workers. A worker counts itself into `active`, looks whether
// the job is open, and only then reads it. Main closes the job and waits until `active` is 0 before it writes the next
// one. Both sides write their own word before they read the other's, so either the worker sees a closed job or main sees
// the worker (Dekker). Main never waits for a worker that has not come.

/** Word numbers. Words that different threads hammer on are 16 words (a cache line) apart. */
export const word = {
  sequence: 0,
  next: 16,
  active: 32,
  open: 48,
  ready: 64,
  /** Workers with a number below this may take part. */
  limit: 65,
  /** Workers leave for good. */
  quit: 66,
  kernel: 80,
  address: 81,
  length: 82,
  /** Position in `exportNames`. */
  entry: 83,
  slices: 84,
  /** Arguments per slice. */
  width: 85,
  /** One bit per argument: it is a 64-bit integer. */
  bigs: 86,
  /** The argument that is scratch and moves by `ownStep` per thread; -1: none. */
  own: 87,
  ownStep: 88,
  /** Bits that the workers' slices returned. */
  seen: 89,
  /** Slices that workers ran since the start. */
  taken: 96,
  /** Times a worker could not load a kernel and stayed out. */
  declined: 97,
  /** 1 + number of the worker whose slice trapped. */
  failed: 98,
  /** Characters of its message. */
  messageLength: 99,
  message: 100,
  /** Workers that left when they were told to. */
  gone: 240,
} as const;

export const MESSAGE_CHARACTERS = 120;
export const WORDS = 256;
export const CELLS = 16 * 1024;
export const CONTROL_BYTES = WORDS * 4 + CELLS * 8;

/** Exports a job may call. */
export const exportNames = ['run', 'nest', 'columns'] as const;
export type ExportName = (typeof exportNames)[number];
