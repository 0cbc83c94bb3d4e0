// A call of a public function by name, away from this thread: arguments are packed, operands held, the outcome made into
// arrays again. Where no executor can be had (no shared memory, no workers) the function runs here, in a turn of the
// event loop of its own; `threads.figures().async` says so.

import { config } from '../../base/config.ts';
import { captureContext } from '../../base/context.ts';
import { ArgumentError } from '../../base/errors.ts';
import { asDType } from '../../dtype/dtype.ts';
import { type Account, accountHere } from '../../memory/account.ts';
import { allocateHere, homeSegment } from '../../memory/allocate.ts';
import { pin } from '../../memory/pins.ts';
import { copyBytes } from '../../memory/segment.ts';
import { readBytes, type Storage, storageOf, typedView } from '../../memory/storage.ts';
import { type ArrayBase, requireUsable, requireWriteable, viewOf } from '../array_base.ts';
import { wrapTyped } from '../coerce.ts';
import { retell } from '../errstate/report.ts';
import { currentErrors, type Fault } from '../errstate/state.ts';
import { leaseHere } from '../threads/lease.ts';
import { executors, type Outcome } from './executors.ts';
import { type ArrayPlan, type Node, Packer, unpack } from './pack.ts';
import { type Functions, functionAt } from './path.ts';
import { whyNoExecutors } from './start.ts';

// What must happen on this thread: functions that write into an argument, and those that set or show its state.
const refusals = {
  'it writes into its argument, which an abort could leave half-written': [
    ...['put', 'place', 'putmask', 'put_along_axis', 'fill_diagonal', 'copyto'],
  ],
  'it is about the thread that calls it': [
    ...['seterr', 'seterrcall', 'geterr', 'geterrcall', 'errstate', 'scope', 'share', 'receive'],
    ...['set_printoptions', 'get_printoptions', 'printoptions', 'show_config', 'show_runtime', 'runtime'],
    ...['memory', 'threads', 'testing', 'async'],
  ],
} as const;
const refused: ReadonlyMap<string, string> = new Map(
  Object.entries(refusals).flatMap(([why, names]) => names.map((name): [string, string] => [name, why])),
);

/** Typed arrays from this many bytes on are read in place or copied between turns, not cloned. */
const CLONED_UNDER = 2 ** 20;
/** Bytes copied in one turn of the event loop. */
const COPY_SLICE = 4 * 2 ** 20;

const isOptions = (x: unknown): x is Record<string, unknown> =>
  typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

/** The arguments without `signal`, which the last options object may hold. */
function separate(args: readonly unknown[], where: string): { args: unknown[]; signal: AbortSignal | undefined } {
  const last = args.at(-1);
  if (!isOptions(last) || !('signal' in last)) return { args: [...args], signal: undefined };
  const { signal, ...others } = last;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new ArgumentError(`${where}: signal is not an AbortSignal`, 'pass new AbortController().signal', { signal });
  }
  const rest = Object.keys(others).length > 0 ? [others] : [];
  return { args: [...args.slice(0, -1), ...rest], signal };
}

/** The same arguments with `out` taken from the options. */
function withoutOut(args: readonly unknown[]): { args: readonly unknown[]; out: unknown } {
  const last = args.at(-1);
  if (!isOptions(last) || last.out === undefined) return { args, out: undefined };
  const { out, ...others } = last;
  return { args: [...args.slice(0, -1), others], out };
}

/** Typed arrays that are large, or over heap memory, as arrays. */
function asOperand(value: unknown): unknown {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return value;
  return storageOf(value) !== undefined || value.byteLength >= CLONED_UNDER ? wrapTyped(value, 'np.async') : value;
}

/** Bytes from elsewhere brought into the heap, some in every turn. */
async function stage(storage: Storage, account: Account | null): Promise<Storage> {
  const home = homeSegment();
  const copy = accountHere.run(account, () => allocateHere(storage.nbytes, false));
  for (let done = 0; done < storage.nbytes; done += COPY_SLICE) {
    if (done > 0) await new Promise((turn) => setTimeout(turn));
    const n = Math.min(COPY_SLICE, storage.nbytes - done);
    if (storage.segment !== null) copyBytes(home, copy.ptr + done, storage.segment, storage.ptr + done, n);
    else readBytes(storage, done, typedView(copy, done, n, Uint8Array));
  }
  return copy;
}

function reject(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason;
}

/** Calls the function at `path` of the namespace; `here` gives the namespace of this thread, for where it must do. */
export async function callElsewhere(
  path: readonly string[],
  given: readonly unknown[],
  here: () => Promise<Functions>,
): Promise<unknown> {
  const name = path.join('.');
  const where = `np.async.${name}`;
  const why = refused.get(path[0]);
  if (why !== undefined) {
    throw new ArgumentError(`${where}: ${why}`, `call np.${name} itself`, { name });
  }
  const { args: all, signal } = separate(given, where);
  reject(signal);
  const inContext = captureContext();
  if (whyNoExecutors() !== undefined) {
    await new Promise((turn) => setTimeout(turn));
    reject(signal);
    const fn = functionAt(await here(), path);
    return inContext(() => fn(...all));
  }
  const { args, out } = withoutOut(all);
  const packer = new Packer(where);
  const outNode = packer.pack(out, 'out');
  const outs = packer.arrays.length;
  const nodes = args.map((value, i) => packer.pack(asOperand(value), `argument ${i + 1}`));
  for (const [i, a] of packer.arrays.entries()) (i < outs ? requireWriteable : requireUsable)(a, where);
  const home = homeSegment();
  for (const { storage } of packer.arrays.slice(0, outs)) {
    if (storage.segment === home) continue;
    throw new ArgumentError(
      `${where}: out is over memory that other threads cannot write`,
      'pass an array made by np.empty or np.zeros as out',
      {},
    );
  }
  const account = accountHere.get();
  let root = account;
  while (root?.parent) root = root.parent;
  const lease = leaseHere();
  const errors = currentErrors().state;
  const settings = config.entries().flatMap(({ name, value }) => (travels(name) ? [[name, value] as const] : []));
  const staged = new Set<Storage>();
  const unpin = packer.storages.map(pin);
  try {
    const operands: Storage[] = [];
    for (const storage of packer.storages) {
      const here = storage.segment === home || storage.nbytes === 0;
      const operand = here ? storage : await stage(storage, account);
      if (!here) staged.add(operand);
      operands.push(operand);
    }
    reject(signal);
    const call = {
      path,
      args: nodes,
      out: outNode,
      storages: operands.map(({ ptr, nbytes }) => ({ ptr, nbytes })),
      config: settings,
      errors,
    };
    const outcome = await executors().submit({ call, operands, account, lease, tenant: root?.tag ?? '', signal });
    for (const storage of outcome.storages) staged.delete(storage); // a view of an operand keeps it
    return inContext(() => receive(outcome, packer, operands));
  } finally {
    for (const end of unpin) end();
    for (const storage of staged) storage.dispose();
  }
}

const stays: ReadonlySet<string> = new Set(['memory.limit', 'threads.executor', 'monitor', 'monitor.token']);
const travels = (name: string): boolean => !stays.has(name);

/** The outcome as arrays of this thread; faults are told as the caller's error state asks for. */
function receive({ result, storages, faults }: Outcome, packer: Packer, operands: readonly Storage[]): unknown {
  const arrayOf = (plan: ArrayPlan): ArrayBase => {
    const storage = storages[plan.storage];
    const operand = operands.indexOf(storage);
    const dtype = asDType(plan.dtype);
    if (operand < 0) return viewOf(storage, plan.offset, plan.shape, plan.strides, dtype);
    const whose = packer.arrays.filter((a) => packer.storages[operand] === a.storage);
    const same = whose.find((a) => equal(a, plan));
    return same ?? viewOf(storage, plan.offset, plan.shape, plan.strides, dtype, whose[0]);
  };
  for (const node of faults) retell(unpack(node as Node, arrayOf) as Fault); // packed by serve.ts as such
  return unpack(result, arrayOf);
}

const equal = (a: ArrayBase, plan: ArrayPlan): boolean =>
  a.offset === plan.offset &&
  a.dtype.name === plan.dtype &&
  a.shape.join() === plan.shape.join() &&
  a.strides.join() === plan.strides.join();
