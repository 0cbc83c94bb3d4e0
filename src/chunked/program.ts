// The expressions of blocks, planned once for all blocks of the same shapes: what differs from block to block are the
// arrays that are put in. An operation that looks at where its rectangle stands is found out by handing it rectangles that
// tell when they are asked, and counts as different in every place.

import { asarray } from '../array/creation.ts';
import { NDArray } from '../array/ndarray.ts';
import { copyOf } from '../exec/copy.ts';
import type { Region } from '../io/store.ts';
import { compute, type Way, wayOf } from '../lazy/compute.ts';
import { Lazy, lazy } from '../lazy/lazy.ts';
import { slotOf } from '../lazy/node.ts';
import { type Plan, planOf } from '../lazy/plan.ts';
import type { Storage } from '../memory/storage.ts';
import { type BlockWork, type Cell, expressionsOf, heldValue } from './block.ts';
import type { Operation } from './node.ts';

interface Program {
  readonly plan: Plan;
  readonly way: Way;
}

/** Programs that a stage keeps: edges and corners of grids, not places. */
const MOST = 64;

/** The programs of one stage. */
export class Programs {
  readonly #known = new Map<string, Program>();
  /** Numbers of operations, for keys. */
  readonly #ids = new Map<Operation, number>();
  /** Operations that look at where their rectangle stands. */
  readonly #placed = new Set<Operation>();

  /** What two blocks have in common if they are computed by one program. */
  keyOf({ cells }: BlockWork): string {
    const numbers = new Map<Cell, number>();
    let key = '';
    for (const cell of cells) {
      const { region, op, inputs = [], needed = [], read } = cell;
      numbers.set(cell, numbers.size);
      key += `${region.shape}`;
      if (op === undefined) key += read === undefined ? 'h;' : `r${read};`;
      else {
        const id = this.#ids.get(op) ?? this.#ids.size;
        this.#ids.set(op, id);
        key += `o${id}(`;
        for (const { cell: c } of inputs) key += `${numbers.get(c)},`;
        if (this.#placed.has(op)) key += `@${region.start};${needed.map((r) => r.start).join(';')}`;
        key += ');';
      }
    }
    return key;
  }

  /**
   * Arrays of the roots' rectangles, from the arrays that were read, in their order: new ones, or one of those that were
   * read, given once.
   */
  evaluate(work: BlockWork, arrays: readonly NDArray[]): NDArray[] {
    const held = heldOf(work);
    const given = [...arrays, ...held.values()];
    const program = this.#programFor(work, held);
    const made = program === undefined ? directly(work, arrays, held) : compute(program.plan, given, {}, program.way);
    const others = new Set(given.map((x) => x.storage));
    const claimed = new Set<Storage>();
    return made.map((x) => {
      const values = x instanceof NDArray ? x : asarray(x);
      const { storage } = values;
      const first = !others.has(storage) || (arrays.includes(values) && !claimed.has(storage));
      const whole = values.contiguous && values.base === null && storage.host === null && first;
      others.add(storage);
      claimed.add(storage);
      return whole ? values : (copyOf(values) as NDArray); // results are of that class
    });
  }

  // Undefined where an operation computes at once: there is no expression of the whole.
  #programFor(work: BlockWork, held: ReadonlyMap<Cell, NDArray>): Program | undefined {
    if (work.cells.some((c) => c.op?.eager(c.needed ?? []) === true)) return undefined;
    const key = this.keyOf(work);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const placed = this.#placed.size;
    const made = this.#followed(work, held);
    if (this.#known.size >= MOST) for (const [oldest] of [...this.#known].slice(0, 1)) this.#known.delete(oldest);
    this.#known.set(placed === this.#placed.size ? key : this.keyOf(work), made);
    return made;
  }

  #followed(work: BlockWork, held: ReadonlyMap<Cell, NDArray>): Program {
    const slots = new Map([...held.keys()].map((cell, i) => [cell, work.reads.length + i]));
    const stand = (cell: Cell): Lazy | ReturnType<typeof heldValue> => {
      const { read, region, held: node } = cell;
      if (read !== undefined) return new Lazy(slotOf(read, region.shape, work.reads[read].node.dtype));
      if (node === undefined) throw new TypeError('a cell is read, held or computed');
      const slot = slots.get(cell);
      return slot === undefined ? heldValue(node, region) : new Lazy(slotOf(slot, region.shape, node.dtype));
    };
    const watched = (op: Operation, region: Region): Region => ({
      shape: region.shape,
      get start() {
        placed.add(op);
        return region.start;
      },
    });
    const placed = this.#placed;
    const plan = planOf(expressionsOf(work, stand as never, watched).map((x) => x.node)); // a held number is a value
    return { plan, way: wayOf(plan) };
  }
}

function directly(work: BlockWork, arrays: readonly NDArray[], held: ReadonlyMap<Cell, NDArray>) {
  const found = (cell: Cell) => {
    if (cell.read !== undefined) return lazy(arrays[cell.read]);
    const array = held.get(cell);
    return array === undefined ? heldValue(cell.held as never, cell.region) : lazy(array); // not read, so held
  };
  return compute(planOf(expressionsOf(work, found as never).map((x) => x.node)), []); // a held number is a value
}

/** Arrays in memory that a block uses, as the rectangles that it needs. */
function heldOf({ cells }: BlockWork): Map<Cell, NDArray> {
  const found = new Map<Cell, NDArray>();
  for (const cell of cells) {
    if (cell.held === undefined) continue;
    const value = heldValue(cell.held, cell.region);
    if (value instanceof NDArray) found.set(cell, value);
  }
  return found;
}
