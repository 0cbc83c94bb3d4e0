// The executors of this process, and the calls they are given: started at the first call that wants one, ended when
// they had nothing to do for a while, ended and started anew when a call does not heed its abort. All that an executor
// has of the heap is on record here, so that it can be given back whatever becomes of the thread.

import { ThreadError } from '../../base/errors.ts';
import { type Account, accountHere } from '../../memory/account.ts';
import { allocateHere, heap, homeSegment } from '../../memory/allocate.ts';
import type { Loan } from '../../memory/lending.ts';
import { type Storage, wrapHost } from '../../memory/storage.ts';
import { pool, sharedOut } from '../threads/pool.ts';
import { plainError, revivedError } from './errors.ts';
import type { Node } from './pack.ts';
import { answers, type Call, Control, type ResultStorage, type Said, word } from './protocol.ts';
import { FairQueue, type Work } from './queue.ts';
import { type Channel, executorModule, type StartExecutor, startExecutor } from './start.ts';

/** What a call came to. */
export interface Outcome {
  readonly result: Node;
  /** Storages by the numbers in `result`. */
  readonly storages: readonly Storage[];
  readonly faults: readonly Node[];
}

/** A call, and for whom. */
export interface Request extends Omit<Work, 'threads'> {
  readonly call: Omit<Call, 'id'>;
  /** The call's storages, in the order of its plans. */
  readonly operands: readonly Storage[];
  readonly account: Account | null;
  readonly signal: AbortSignal | undefined;
}

/** The same with where its outcome goes. */
interface Job extends Request, Work {
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface ExecutorOptions {
  readonly start: StartExecutor;
  /** Threads that all calls together may use. */
  readonly threads: () => number;
  /** An executor without work for so long is ended. */
  readonly idleMs: number;
  /** A call that does not heed its abort for so long is ended with its executor. */
  readonly graceMs: number;
}

/** What executors are and did. */
export interface ExecutorFigures {
  /** Executors there are, calls that run and calls that wait. */
  readonly executors: number;
  readonly running: number;
  readonly waiting: number;
  /** Bytes of the heap that executors hold, of calls under way and of their own. */
  readonly held: number;
  /** Executors ever started, and of those ended in the middle of a call. */
  readonly started: number;
  readonly terminated: number;
}

/** An executor is some 40 MB: more calls than this do not run at a time. */
const MOST_EXECUTORS = 8;

interface Seat {
  readonly channel: Channel;
  readonly control: Control;
  readonly loans: Map<number, Loan>;
  job: Job | undefined;
  grace: ReturnType<typeof setTimeout> | undefined;
  idle: ReturnType<typeof setTimeout> | undefined;
  gone: boolean;
}

const abortReason = (signal: AbortSignal | undefined): unknown => signal?.reason;

export class Executors {
  readonly #options: ExecutorOptions;
  readonly #queue = new FairQueue<Job>();
  readonly #seats = new Set<Seat>();
  #calls = 0;
  #started = 0;
  #terminated = 0;

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  /** Computes the call when its turn has come. */
  async submit(request: Request): Promise<Outcome> {
    const { signal } = request;
    let stop: (() => void) | undefined;
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        const job: Job = { ...request, threads: 0, resolve, reject };
        stop = () => this.#abort(job);
        signal?.addEventListener('abort', stop);
        this.#queue.add(job);
        this.#advance();
      });
    } finally {
      if (stop !== undefined) signal?.removeEventListener('abort', stop); // a signal may outlive many calls
    }
  }

  figures(): ExecutorFigures {
    let held = 0;
    for (const { loans } of this.#seats) for (const { nbytes } of loans.values()) held += nbytes;
    return {
      executors: this.#seats.size,
      running: this.#queue.running.size,
      waiting: this.#queue.waiting,
      held,
      started: this.#started,
      terminated: this.#terminated,
    };
  }

  /** Ends the executors that have nothing to do; resolves when they are gone and all they held is back. */
  async rest(): Promise<void> {
    await Promise.all([...this.#seats].filter(({ job }) => job === undefined).map((seat) => this.#end(seat)));
  }

  // Starts what may start, and divides the threads anew.
  #advance(): void {
    const threads = this.#options.threads();
    const most = Math.min(threads, MOST_EXECUTORS);
    while (this.#queue.running.size < most) {
      const job = this.#queue.next();
      if (job === undefined) break;
      try {
        this.#give(job);
      } catch (error) {
        this.#queue.end(job);
        job.reject(error);
      }
    }
    this.#queue.divide(threads);
    let used = 0;
    for (const { job, control } of this.#seats) {
      used += job?.threads ?? 0;
      if (job !== undefined) Atomics.store(control.words, word.share, job.threads);
    }
    sharedOut.left = used === 0 ? Number.POSITIVE_INFINITY : threads - used;
  }

  #give(job: Job): void {
    const seat = [...this.#seats].find((s) => s.job === undefined && !s.gone) ?? this.#open();
    const { control, channel } = seat;
    clearTimeout(seat.idle);
    seat.job = job;
    Atomics.store(control.words, word.cancel, 0);
    Atomics.store(control.words, word.commit, 0);
    Atomics.store(control.words, word.share, 1);
    channel.hold(true);
    channel.post({ ...job.call, id: ++this.#calls });
  }

  #open(): Seat {
    const control = new Control();
    const loans = new Map<number, Loan>();
    const listener = (said: Said): void => this.#hear(seat, said);
    const channel = this.#options.start(listener, (reason) => void this.#lose(seat, reason));
    const seat: Seat = { channel, control, loans, job: undefined, grace: undefined, idle: undefined, gone: false };
    channel.post({ memory: homeSegment().memory, control: control.buffer, threads: this.#options.threads() });
    this.#seats.add(seat);
    this.#started++;
    return seat;
  }

  #hear(seat: Seat, said: Said): void {
    if (seat.gone) return;
    if (said.say === 'borrow') this.#lend(seat, said.nbytes);
    else if (said.say === 'repay') this.#repay(seat, said.loans);
    else if (said.say !== 'ready') this.#finish(seat, said);
  }

  #lend(seat: Seat, nbytes: number): void {
    const { control, loans, job } = seat;
    try {
      const loan = accountHere.run(job?.account ?? null, () => heap().lending.lend(nbytes));
      loans.set(loan.ptr, loan);
      control.block[0] = loan.ptr;
      control.block[1] = loan.nbytes;
      Atomics.store(control.words, word.answer, answers.granted);
    } catch (error) {
      control.text = JSON.stringify(plainError(error), (_, x) => (x === Infinity ? 'unlimited' : x));
      Atomics.store(control.words, word.answer, answers.refused);
    }
    Atomics.notify(control.words, word.answer);
  }

  #repay({ loans }: Seat, given: readonly number[]): void {
    for (const ptr of given) {
      const loan = loans.get(ptr);
      if (loan !== undefined) heap().lending.repay(loan);
      loans.delete(ptr);
    }
  }

  #finish(seat: Seat, said: Exclude<Said, { say: 'ready' | 'borrow' | 'repay' }>): void {
    const { job } = seat;
    if (job === undefined) return;
    clearTimeout(seat.grace);
    let settle: () => void;
    if (said.say === 'done') {
      try {
        const storages = accountHere.run(job.account, () => this.#adopt(seat, job, said.storages));
        settle = () => job.resolve({ ...said, storages });
      } catch (error) {
        settle = () => job.reject(error); // no memory for a copy of a small result
      }
    } else {
      const error = said.say === 'failed' ? revivedError(said.error) : abortReason(job.signal);
      settle = () => job.reject(error);
    }
    this.#repay(seat, said.loans);
    for (const loan of seat.loans.values()) heap().lending.disown(loan);
    this.#free(seat, job);
    settle();
  }

  #adopt(seat: Seat, job: Job, storages: readonly ResultStorage[]): Storage[] {
    const kept = storages.flatMap((plan) => ('kept' in plan ? [plan.kept] : [])).sort((a, b) => a.block - b.block);
    const adopted = new Map<number, Storage>();
    const copied = storages.map((plan): Storage | undefined => {
      if (!('copy' in plan)) return undefined;
      const { ptr, nbytes } = plan.copy;
      const made = allocateHere(nbytes, false);
      homeSegment().copy(made.ptr, ptr, nbytes);
      return made;
    });
    for (const [ptr, loan] of seat.loans) {
      const inside = kept.filter(({ block }) => block > ptr && block < ptr + loan.nbytes);
      if (inside.length === 0) continue;
      heap()
        .lending.repay(loan, inside)
        .forEach((storage, i) => void adopted.set(inside[i].block, storage));
      seat.loans.delete(ptr);
    }
    return storages.map((plan, i) => {
      const found =
        'operand' in plan
          ? job.operands[plan.operand]
          : 'kept' in plan
            ? adopted.get(plan.kept.block)
            : 'bytes' in plan
              ? wrapHost(plan.bytes)
              : copied[i];
      if (found === undefined) throw new TypeError('an executor handed over a block that it did not have');
      return found;
    });
  }

  #free(seat: Seat, job: Job): void {
    this.#queue.end(job);
    seat.job = undefined;
    seat.channel.hold(false);
    seat.idle = setTimeout(() => void this.#end(seat), this.#options.idleMs);
    seat.idle.unref?.(); // a number in browsers
    this.#advance();
  }

  #abort(job: Job): void {
    if (this.#queue.drop(job)) {
      job.reject(abortReason(job.signal));
      return;
    }
    const seat = [...this.#seats].find((s) => s.job === job);
    if (seat === undefined) return;
    Atomics.store(seat.control.words, word.cancel, 1);
    seat.grace = setTimeout(() => {
      // Finished results are being copied into the caller's arrays: that is short, and must be whole.
      if (seat.job === job && Atomics.load(seat.control.words, word.commit) === 0) void this.#terminate(seat, job);
    }, this.#options.graceMs);
  }

  async #terminate(seat: Seat, job: Job): Promise<void> {
    this.#terminated++;
    await this.#end(seat);
    this.#queue.end(job);
    seat.job = undefined;
    this.#advance();
    job.reject(abortReason(job.signal));
  }

  /** The thread ended by itself. */
  async #lose(seat: Seat, reason: string): Promise<void> {
    if (seat.gone) return;
    const { job } = seat;
    await this.#end(seat);
    if (job === undefined) return;
    this.#queue.end(job);
    seat.job = undefined;
    this.#advance();
    job.reject(
      new ThreadError(
        `np.async.${job.call.path.join('.')}: the thread that ran it ended: ${reason}`,
        'if its module was not found (a bundle), name it in ORTHANT_EXECUTOR; else call the function without async',
        { reason, module: executorModule() },
      ),
    );
  }

  // Gives everything back that it holds, once it can no longer write.
  async #end(seat: Seat): Promise<void> {
    if (seat.gone) return;
    seat.gone = true;
    clearTimeout(seat.idle);
    clearTimeout(seat.grace);
    await seat.channel.end();
    this.#repay(seat, [...seat.loans.keys()]);
    this.#seats.delete(seat);
  }
}

let current: Executors | undefined;

/** The executors of this process. */
export function executors(): Executors {
  current ??= new Executors({ start: startExecutor, threads: () => pool().ownSize, idleMs: 10_000, graceMs: 200 });
  return current;
}

/** Puts others in place; those there were, for tests to put back. */
export function useExecutors(other: Executors): Executors {
  const before = executors();
  current = other;
  return before;
}
