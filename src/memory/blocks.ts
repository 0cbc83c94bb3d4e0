// Which units of one segment are free: size classes with free lists, best fit among the candidates, coalescing on free.
// It hands out unit numbers and touches no memory; all its state is in typed arrays, so a block costs no garbage.
// Two-level segregated fit (Masmano, Ripoll, Crespo, Real, "TLSF", ECRTS 2004) with boundary tags (Knuth 1.2.5).

const SUB_BITS = 4;
const SUBS = 1 << SUB_BITS; // lists per doubling: neighbours differ by 6 %
const LEVELS = 20; // 2^(LEVELS + SUB_BITS - 1) units and beyond share the last level
const LISTS = LEVELS * SUBS;
const NONE = -1;
const SEARCH = 32; // how many candidates of one list are looked at for the best fit

/** The units of one segment, free or taken. */
export class Blocks {
  /** +length at the first and the last unit of a free block, -length at those of a taken one. */
  #tag = new Int32Array(1024);
  #next = new Int32Array(1024);
  #prev = new Int32Array(1024);
  readonly #head = new Int32Array(LISTS).fill(NONE);
  readonly #subMap = new Int32Array(LEVELS);
  #levelMap = 0;
  #units = 0;
  #free = 0;

  /** Units managed. */
  get units(): number {
    return this.#units;
  }

  /** Units free. */
  get free(): number {
    return this.#free;
  }

  /** Length in units of the block that starts at `unit`, free or taken. */
  lengthAt(unit: number): number {
    return Math.abs(this.#tag[unit]);
  }

  /** Whether a free block starts at `unit`. */
  isFree(unit: number): boolean {
    return this.#tag[unit] > 0;
  }

  /** Calls `visit` for every free block, from the lowest. */
  eachFree(visit: (unit: number, length: number) => void): void {
    for (let unit = 0; unit < this.#units; unit += this.lengthAt(unit)) {
      if (this.#tag[unit] > 0) visit(unit, this.#tag[unit]);
    }
  }

  /** Units in the largest free block. */
  get largestFree(): number {
    if (this.#levelMap === 0) return 0;
    const level = 31 - Math.clz32(this.#levelMap);
    const sub = 31 - Math.clz32(this.#subMap[level]);
    let largest = 0;
    for (let unit = this.#head[level * SUBS + sub]; unit !== NONE; unit = this.#next[unit]) {
      largest = Math.max(largest, this.#tag[unit]);
    }
    return largest;
  }

  /** Free units at the very top, which growth would extend. */
  get freeAtTop(): number {
    return this.#units > 0 && this.#tag[this.#units - 1] > 0 ? this.#tag[this.#units - 1] : 0;
  }

  /** Adds `count` free units at the top. */
  extend(count: number): void {
    const start = this.#units;
    const units = start + count;
    if (units > this.#tag.length) this.#resize(Math.max(units, this.#tag.length * 2));
    this.#units = units;
    this.#tag[start] = -count;
    this.#tag[units - 1] = -count;
    this.give(start);
  }

  /** Adds units from `start` on, wherever they lie; what is around them stays unknown. For memory that is borrowed. */
  admit(start: number, length: number): void {
    const units = start + length;
    if (units > this.#tag.length) this.#resize(Math.max(units, this.#tag.length * 2));
    this.#units = Math.max(this.#units, units);
    this.#mark(start, -length);
    this.give(start);
  }

  /** Forgets the units that `admit` added, all of them free or none of them any longer ours. */
  withdraw(start: number, length: number): void {
    for (let unit = start; unit < start + length; unit += this.lengthAt(unit)) {
      const size = this.#tag[unit];
      if (size <= 0) continue;
      this.#unlink(unit, size);
      this.#free -= size;
    }
    this.#tag.fill(0, start, start + length);
  }

  /** Makes blocks of these lengths, which add up to its own, of the taken block at `unit`. */
  divide(unit: number, lengths: readonly number[]): void {
    let at = unit;
    for (const length of lengths) {
      this.#mark(at, -length);
      at += length;
    }
  }

  /** Takes `length` units: the first unit of the block, or -1 when no free block is long enough. */
  take(length: number): number {
    if (length > this.#free) return NONE; // also what is longer than any list holds
    let unit = NONE;
    const list = listOf(length);
    let best = 0x7fffffff;
    let looked = 0;
    // Blocks in the request's own list may be shorter than it; those in later lists never are.
    for (let at = this.#head[list]; at !== NONE && looked < SEARCH; at = this.#next[at], looked++) {
      const size = this.#tag[at];
      if (size >= length && size < best) {
        best = size;
        unit = at;
        if (size === length) break;
      }
    }
    if (unit === NONE) {
      unit = this.#smallestAfter(list);
      if (unit === NONE) unit = this.#restOf(list, length);
      if (unit === NONE) return NONE;
    }
    const size = this.#tag[unit];
    this.#unlink(unit, size);
    this.#free -= length;
    if (size > length) {
      this.#mark(unit + length, size - length);
      this.#link(unit + length, size - length);
    }
    this.#mark(unit, -length);
    return unit;
  }

  /** Gives back the block that starts at `unit` and merges it with free neighbours. */
  give(unit: number): void {
    let start = unit;
    let length = -this.#tag[unit];
    if (length <= 0) throw new RangeError(`no taken block starts at unit ${unit}`);
    this.#free += length;
    const after = unit + length;
    if (after < this.#units && this.#tag[after] > 0) {
      const size = this.#tag[after];
      this.#unlink(after, size);
      length += size;
    }
    if (unit > 0 && this.#tag[unit - 1] > 0) {
      const size = this.#tag[unit - 1];
      start = unit - size;
      this.#unlink(start, size);
      length += size;
    }
    if (start !== unit) this.#tag[unit] = 0; // no block starts here any more: a second give is caught above
    this.#mark(start, length);
    this.#link(start, length);
  }

  #smallestAfter(list: number): number {
    let level = list >>> SUB_BITS;
    let subs = this.#subMap[level] & ~((2 << (list & (SUBS - 1))) - 1);
    if (subs === 0) {
      const levels = this.#levelMap & ~((2 << level) - 1);
      if (levels === 0) return NONE;
      level = 31 - Math.clz32(levels & -levels);
      subs = this.#subMap[level];
    }
    let at = this.#head[level * SUBS + (31 - Math.clz32(subs & -subs))];
    let unit = at;
    for (let looked = 0; at !== NONE && looked < SEARCH; at = this.#next[at], looked++) {
      if (this.#tag[at] < this.#tag[unit]) unit = at;
    }
    return unit;
  }

  /** The request's own list to its end: only when nothing else is left, so the cost is bounded in the usual case. */
  #restOf(list: number, length: number): number {
    for (let at = this.#head[list]; at !== NONE; at = this.#next[at]) {
      if (this.#tag[at] >= length) return at;
    }
    return NONE;
  }

  #mark(unit: number, tag: number): void {
    this.#tag[unit] = tag;
    this.#tag[unit + Math.abs(tag) - 1] = tag;
  }

  #link(unit: number, length: number): void {
    const list = listOf(length);
    const head = this.#head[list];
    this.#next[unit] = head;
    this.#prev[unit] = NONE;
    if (head !== NONE) this.#prev[head] = unit;
    this.#head[list] = unit;
    this.#subMap[list >>> SUB_BITS] |= 1 << (list & (SUBS - 1));
    this.#levelMap |= 1 << (list >>> SUB_BITS);
  }

  #unlink(unit: number, length: number): void {
    const next = this.#next[unit];
    const prev = this.#prev[unit];
    if (next !== NONE) this.#prev[next] = prev;
    if (prev !== NONE) {
      this.#next[prev] = next;
      return;
    }
    const list = listOf(length);
    this.#head[list] = next;
    if (next !== NONE) return;
    const level = list >>> SUB_BITS;
    this.#subMap[level] &= ~(1 << (list & (SUBS - 1)));
    if (this.#subMap[level] === 0) this.#levelMap &= ~(1 << level);
  }

  #resize(capacity: number): void {
    this.#tag = grown(this.#tag, capacity);
    this.#next = grown(this.#next, capacity);
    this.#prev = grown(this.#prev, capacity);
  }
}

/** The list a free block of `length` units belongs in: exact below SUBS, then SUBS lists per doubling. */
function listOf(length: number): number {
  if (length < SUBS) return length;
  const log = 31 - Math.clz32(length);
  return (log - SUB_BITS + 1) * SUBS + ((length >>> (log - SUB_BITS)) & (SUBS - 1));
}

function grown(from: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(capacity);
  to.set(from);
  return to;
}
