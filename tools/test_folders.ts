// The folders of test/ as rows: whose files may share a process, and which prove the same on every engine. Loading the
// library anew for each file took half of a run; so files share a process where their tests leave nothing behind.
// A folder that is not here has a process per file and runs everywhere.

interface Folder {
  /** Why each file needs a process of its own; undefined where files may share one. */
  readonly alone?: string;
  /** Why it need not run on a second engine; undefined where it must. */
  readonly once?: string;
}

const shared: Folder = {};

/** Folders of test/. */
export const testFolders: Readonly<Record<string, Folder>> = {
  array: shared,
  base: { alone: 'settings, events and the platform of a process as it starts' },
  chunked: { alone: 'runs are measured and killed' },
  cli: {
    alone: 'every file bundles the command and starts it',
    once: 'a thin shell over functions that other folders test',
  },
  contract: shared,
  diag: { alone: 'figures of the process from its start' },
  docs: { alone: 'examples set what a reader would set', once: 'what the examples call is tested elsewhere' },
  dtype: shared,
  errors: shared,
  errstate: shared,
  io: shared,
  kernel: shared,
  laws: shared,
  lazy: shared,
  linalg: shared,
  memory: { alone: 'heaps, collections and limits of a process' },
  native: { alone: 'libraries of the process, there or not' },
  ops: shared,
  routines: shared,
  shape: shared,
  soak: { alone: 'resident memory of a process' },
  sweep: shared,
  threads: { alone: 'pools, and modules with other limits' },
  tools: { alone: 'small', once: 'checks of sources' },
  types: { alone: 'small, but for the compiler they start', once: 'the compiler is not the engine' },
};
