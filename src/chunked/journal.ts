// What a run has finished, on disk, so that a run that was killed is taken up again: the plan as text, to tell another plan
// apart, and for every stage the blocks that are done, with the elements of those that are too small for files of their own.
// A journal is only added to; a record that was cut off or damaged ends it, and what follows is computed again.

import { ArgumentError } from '../base/errors.ts';
import { crc32 } from '../io/crc32.ts';
import type { FileSystem } from '../io/source.ts';

const PLAN = 'plan.txt';
const OWNER = 'owner';
/** Words before the payloads: block, number of payloads, checksum. */
const HEAD = 12;

/** The elements of small results of a block, in the order of the roots; empty for those in files. */
export type Payloads = readonly Uint8Array[];

export class Journal {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #files = new Map<number, number>();

  constructor(fs: FileSystem, directory: string) {
    this.#fs = fs;
    this.#directory = directory;
  }

  /**
   * Takes the directory for a plan; `shared` where other processes work at it too.
   * @throws ArgumentError where it holds another plan's blocks, or another process is at work there.
   */
  open(plan: readonly string[], shared: boolean): void {
    const fs = this.#fs;
    const file = `${this.#directory}/${PLAN}`;
    if (!shared) this.#own();
    if (!fs.existsSync(file)) {
      fs.writeFileSync(`${file}.tmp`, plan.join('\n'));
      fs.renameSync(`${file}.tmp`, file);
      return;
    }
    const before = fs.readFileSync(file, 'utf8').split('\n');
    const n = Math.max(before.length, plan.length);
    for (let i = 0; i < n; i++) {
      if (before[i] === plan[i]) continue;
      throw new ArgumentError(
        `resume: ${this.#directory} holds blocks of another plan; it was: ${before[i] ?? 'shorter'}; and is now: ${plan[i] ?? 'shorter'}`,
        'run the plan as it was, with sources that have not changed; or remove the directory, or take another workspace',
        { workspace: this.#directory, before: before[i], now: plan[i] },
      );
    }
  }

  #own(): void {
    const file = `${this.#directory}/${OWNER}`;
    const pid = this.#fs.existsSync(file) ? Number(this.#fs.readFileSync(file, 'utf8')) : 0;
    if (pid > 0 && pid !== process.pid && isAlive(pid)) {
      throw new ArgumentError(
        `resume: process ${pid} is at work in ${this.#directory}`,
        'wait for it or end it, or take another workspace',
        { workspace: this.#directory, pid },
      );
    }
    this.#fs.writeFileSync(file, String(process.pid));
  }

  /** The finished blocks of a stage, of all processes. */
  finished(stage: number): Map<number, Payloads> {
    const found = new Map<number, Payloads>();
    for (const name of this.#fs.readdirSync(this.#directory)) {
      if (!name.startsWith(`stage-${stage}.`)) continue;
      for (const [block, payloads] of records(this.#fs.readFileSync(`${this.#directory}/${name}`))) {
        found.set(block, payloads);
      }
    }
    return found;
  }

  /** Notes that a block is finished, after its files are. */
  record(stage: number, block: number, payloads: Payloads): void {
    let fd = this.#files.get(stage);
    if (fd === undefined) {
      // A file per process and run, so that nobody adds behind a damaged record.
      const unique = `${process.pid}-${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
      fd = this.#fs.openSync(`${this.#directory}/stage-${stage}.${unique}`, 'a', 0o600);
      this.#files.set(stage, fd);
    }
    const nbytes = payloads.reduce((n, p) => n + 4 + p.byteLength, HEAD);
    const bytes = new Uint8Array(nbytes);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, block);
    view.setUint32(4, payloads.length);
    let at = HEAD;
    for (const p of payloads) {
      view.setUint32(at, p.byteLength);
      bytes.set(p, at + 4);
      at += 4 + p.byteLength;
    }
    view.setUint32(8, sumOf(bytes));
    this.#fs.writeSync(fd, bytes);
  }

  close(): void {
    for (const fd of this.#files.values()) this.#fs.closeSync(fd);
    this.#files.clear();
    const file = `${this.#directory}/${OWNER}`;
    if (this.#fs.existsSync(file) && this.#fs.readFileSync(file, 'utf8') === String(process.pid)) {
      this.#fs.rmSync(file, { force: true });
    }
  }
}

// Of a record, but for the word that holds it.
const sumOf = (bytes: Uint8Array): number => crc32(bytes.subarray(HEAD), crc32(bytes.subarray(0, 8)));

function* records(bytes: Uint8Array): Generator<[number, Payloads]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from + HEAD <= bytes.byteLength; ) {
    const payloads: Uint8Array[] = [];
    let at = from + HEAD;
    for (let left = view.getUint32(from + 4); left > 0; left--) {
      if (at + 4 > bytes.byteLength) return;
      const n = view.getUint32(at);
      if (at + 4 + n > bytes.byteLength) return;
      payloads.push(bytes.subarray(at + 4, at + 4 + n));
      at += 4 + n;
    }
    if (view.getUint32(from + 8) !== sumOf(bytes.subarray(from, at))) return;
    yield [view.getUint32(from), payloads];
    from = at;
  }
}

/** Is there a process of this number? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code !== 'ESRCH'; // EPERM: it lives, and is another user's
  }
}
