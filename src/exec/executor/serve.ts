// The executor's side: a thread with the whole library in it whose heap borrows from the main thread's. It runs one call
// at a time. Operands are read in place and read-only; everything it makes lies in blocks that were lent for this call,
// so that it can be ended at any moment but the one in which finished results are copied into the caller's `out`.

import { type ConfigName, config } from '../../base/config.ts';
import { type MemoryError, OrthantError } from '../../base/errors.ts';
import { platform } from '../../base/platform.ts';
import { type FaultKind, faultKinds } from '../../kernel/faults.ts';
import { type Account, accountHere, openAccount } from '../../memory/account.ts';
import { borrowHeap, scratch } from '../../memory/allocate.ts';
import type { Heap } from '../../memory/heap.ts';
import type { Kept, Lender } from '../../memory/lending.ts';
import { UNIT } from '../../memory/sizes.ts';
import { type Owner, Storage } from '../../memory/storage.ts';
import type { ArrayBase } from '../array_base.ts';
import { type ErrorMode, errstate, type Fault } from '../errstate/state.ts';
import { checkAtSlices } from '../threads/checkpoint.ts';
import { Pool, usePool } from '../threads/pool.ts';
import { startWorker } from '../threads/start.ts';
import { plainError, revivedError } from './errors.ts';
import { type ArrayPlan, Packer, planned, unpack } from './pack.ts';
import { type AnyFunction, type Functions, functionAt } from './path.ts';
import { answers, type Call, Control, type ResultStorage, type Said, type Seat, word } from './protocol.ts';

/** Requests under this many bytes get a block that others fit in too. */
const SHARED_UNDER = 256 * 1024;
const SHARED_LOAN = 2 ** 20;
/** Free blocks up to this size stay here for the next call. */
const KEPT_LOAN = SHARED_LOAN;
/** More of them than this are looked through for garbage. */
const MOST_HELD = 4 * SHARED_LOAN;
/** Results under this many bytes are copied by the main thread instead of handed over. */
const COPIED_UNDER = 256 * 1024;

/** The caller has aborted. */
class Cancelled extends Error {}

interface Port {
  post(said: Said): void;
  listen(listener: (message: Seat | Call) => void): void;
}

interface WebScope {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: Seat | Call }) => void) | null;
}

function openPort(): Port {
  const threads = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
  if (threads !== undefined) {
    const { parentPort } = threads;
    return {
      post: (said) => parentPort?.postMessage(said),
      listen: (listener) => void parentPort?.on('message', listener),
    };
  }
  const scope = globalThis as unknown as WebScope; // a dedicated worker's, which is where this runs in a browser
  return {
    post: (said) => scope.postMessage(said),
    listen: (listener) => {
      scope.onmessage = ({ data }) => listener(data);
    },
  };
}

/** Blocks on loan from the main thread; asking for one waits for the answer. */
class Borrower implements Lender {
  readonly memory: WebAssembly.Memory;
  readonly #control: Control;
  readonly #port: Port;
  /** Bytes of each loan by its address. */
  readonly loans = new Map<number, number>();
  refusal: MemoryError | undefined;
  heap: Heap | undefined;

  constructor(seat: Seat, control: Control, port: Port) {
    this.memory = seat.memory;
    this.#control = control;
    this.#port = port;
  }

  borrow(nbytes: number): { ptr: number; nbytes: number } | undefined {
    // The first unit stays unused, so that blocks of two loans never become one.
    const wanted = (nbytes < SHARED_UNDER ? SHARED_LOAN : nbytes) + UNIT;
    const granted = this.#ask(wanted) || (this.#repayFree() && this.#ask(wanted));
    if (!granted) return undefined;
    const [ptr, bytes] = this.#control.block;
    this.loans.set(ptr, bytes);
    return { ptr: ptr + UNIT, nbytes: bytes - UNIT };
  }

  #ask(nbytes: number): boolean {
    const { words } = this.#control;
    Atomics.store(words, word.answer, answers.pending);
    this.#port.post({ say: 'borrow', nbytes });
    Atomics.wait(words, word.answer, answers.pending);
    throwIfCancelled(this.#control);
    const granted = Atomics.load(words, word.answer) === answers.granted;
    // The main thread writes it with `plainError` of a MemoryError.
    this.refusal = granted ? undefined : (revivedError(JSON.parse(this.#control.text)) as MemoryError);
    return granted;
  }

  #repayFree(): boolean {
    const loans = this.giveBack(() => true);
    if (loans.length > 0) this.#port.post({ say: 'repay', loans });
    return loans.length > 0;
  }

  /** Forgets the loans that hold nothing but what is in `kept`, if `leave` wants them to go; their addresses. */
  giveBack(leave: (nbytes: number) => boolean, kept: ReadonlySet<number> = new Set()): number[] {
    const blocks = this.heap?.primary().blocks;
    if (blocks === undefined) return [];
    const gone: number[] = [];
    for (const [ptr, nbytes] of this.loans) {
      const [start, end] = [ptr / UNIT + 1, (ptr + nbytes) / UNIT];
      let holdsKept = false;
      let unit = start;
      for (; unit < end; unit += blocks.lengthAt(unit)) {
        if (blocks.isFree(unit)) continue;
        if (!kept.has(unit * UNIT)) break;
        holdsKept = true;
      }
      if (unit < end || !(holdsKept || leave(nbytes))) continue;
      blocks.withdraw(start, end - start);
      this.loans.delete(ptr);
      gone.push(ptr);
    }
    return gone;
  }

  get held(): number {
    let held = 0;
    for (const nbytes of this.loans.values()) held += nbytes;
    return held;
  }
}

function throwIfCancelled(control: Control): void {
  if (Atomics.load(control.words, word.cancel) !== 0) throw new Cancelled('aborted');
}

/** The owner of operands: they are the main thread's. */
const theirs: Owner = { release() {} };

/** Runs one call at a time on the operands it is given. */
class Executor {
  readonly #namespace: Functions;
  readonly #port: Port;
  readonly #control: Control;
  readonly #borrower: Borrower;
  readonly #heap: Heap;

  constructor(namespace: Functions, port: Port, seat: Seat) {
    this.#namespace = namespace;
    this.#port = port;
    const control = new Control(seat.control);
    this.#control = control;
    this.#borrower = new Borrower(seat, control, port);
    this.#heap = borrowHeap(this.#borrower);
    this.#borrower.heap = this.#heap;
    this.#heap.primary();
    checkAtSlices(() => throwIfCancelled(control));
    const count = () => ({ threads: seat.threads, source: 'executor' });
    const share = () => Atomics.load(control.words, word.share);
    usePool(new Pool({ count, share, start: startWorker }));
  }

  async run(call: Call): Promise<void> {
    const { id } = call;
    const account = openAccount('async', Number.POSITIVE_INFINITY);
    const faults: Fault[] = [];
    const packer = new Packer(`np.async.${call.path.join('.')}`);
    let said: Said;
    try {
      for (const [name, value] of call.config) {
        // Rows of the same table in the main thread, with values that its parsers gave.
        if (config.get(name as ConfigName) !== value) config.set(name as ConfigName, value as never);
      }
      const operands = call.storages.map(({ ptr, nbytes }) => {
        const segment = this.#heap.primary();
        segment.reach(ptr + nbytes);
        return new Storage(segment, ptr, nbytes, null, theirs, -1);
      });
      const result = await accountHere.run(account, () => this.#call(call, operands, faults));
      const node = packer.pack(result, 'the result');
      const told = faults.map((fault) => packer.pack(fault, 'a fault'));
      said = { say: 'done', id, result: node, ...this.#handOver(packer.storages, operands, account), faults: told };
    } catch (error) {
      const loans = this.#clear(account, new Set());
      said =
        error instanceof Cancelled
          ? { say: 'cancelled', id, loans }
          : { say: 'failed', id, error: plainError(error), loans };
    }
    Atomics.store(this.#control.words, word.commit, 0);
    this.#port.post(said);
    if (this.#borrower.held > MOST_HELD) {
      this.#heap.reclaim();
      this.#port.post({ say: 'repay', loans: this.#borrower.giveBack(() => true) });
    }
  }

  async #call(call: Call, operands: readonly Storage[], faults: Fault[]): Promise<unknown> {
    const fn = functionAt(this.#namespace, call.path);
    const arrayOf = (plan: ArrayPlan, writeable: boolean): ArrayBase => {
      const made = planned(operands[plan.storage], plan);
      made.writeable = writeable;
      return made;
    };
    const args = call.args.map((node) => unpack(node, (plan) => arrayOf(plan, false)));
    // The function writes into copies of `out`; they go into the caller's arrays when it has succeeded.
    const copies: { readonly copy: unknown; readonly into: ArrayBase }[] = [];
    const out = unpack(call.out, (plan) => {
      const into = arrayOf(plan, true);
      const copy = (this.#namespace.copy as AnyFunction)(into);
      copies.push({ copy, into });
      return copy;
    });
    if (out !== undefined) Object.assign(args.at(-1) as object, { out }); // the options object that it was taken from
    const modes = Object.fromEntries(
      faultKinds.map((kind): [FaultKind, ErrorMode] => [
        kind,
        /ignore|raise/.test(call.errors[kind]) ? call.errors[kind] : 'call',
      ]),
    );
    const result = await errstate({ ...modes, call: (_words, _bit, fault) => faults.push(fault) }, () => fn(...args));
    throwIfCancelled(this.#control);
    if (copies.length === 0) return result;
    Atomics.store(this.#control.words, word.commit, 1);
    for (const { copy, into } of copies) (this.#namespace.copyto as AnyFunction)(into, copy);
    const given = new Map(copies.map(({ copy, into }) => [copy, into]));
    const swap = (x: unknown): unknown => given.get(x) ?? (Array.isArray(x) ? x.map(swap) : x);
    return swap(result);
  }

  /** What the main thread does with each storage of the result, and the loans that go back. */
  #handOver(storages: readonly Storage[], operands: readonly Storage[], account: Account) {
    const pieces = storages.map((storage): Kept | undefined => {
      const own = storage.segment !== null && storage.slot >= 0 && storage.nbytes >= COPIED_UNDER;
      return own ? this.#heap.lending.pieceOf(storage) : undefined;
    });
    const kept = new Set(pieces.flatMap((piece) => (piece === undefined ? [] : [piece.block])));
    const loans = this.#clear(account, kept, storages);
    const gone = new Set(loans);
    const handed = storages.map((storage, i): ResultStorage => {
      const operand = operands.indexOf(storage);
      if (operand >= 0) return { operand };
      const { segment, host, ptr, nbytes } = storage;
      if (segment === null) return { bytes: new Uint8Array(host ?? new ArrayBuffer(0), ptr, nbytes).slice() };
      const piece = pieces[i];
      if (piece === undefined || !this.#leftWith(piece.block, gone)) return { copy: { ptr, nbytes } };
      this.#heap.lending.giveAway(storage, piece);
      return { kept: piece };
    });
    return { storages: handed, loans };
  }

  /** Did the block at this address go back with its loan? */
  #leftWith(block: number, gone: ReadonlySet<number>): boolean {
    for (const [ptr, nbytes] of this.#borrower.loans) if (block > ptr && block < ptr + nbytes) return false;
    return gone.size > 0;
  }

  /** Gives up everything the call made, but for the storages of its result; the loans that go back. */
  #clear(account: Account, kept: ReadonlySet<number>, storages: readonly Storage[] = []): number[] {
    scratch.trim();
    this.#heap.closeAccount(account, new Set(storages));
    return this.#borrower.giveBack((nbytes) => nbytes > KEPT_LOAN + UNIT, kept);
  }
}

/** Serves the functions of a namespace to the main thread; called once, by the module that an executor starts with. */
export function serve(namespace: Functions): void {
  const port = openPort();
  let executor: Executor | undefined;
  port.listen((message) => {
    if (!('memory' in message)) {
      void executor?.run(message);
      return;
    }
    try {
      executor = new Executor(namespace, port, message);
      port.post({ say: 'ready' });
    } catch (error) {
      if (error instanceof OrthantError) throw error;
      throw new Error('the executor could not attach to the heap', { cause: error });
    }
  });
}
