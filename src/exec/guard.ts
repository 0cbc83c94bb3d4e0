// The broadcast guard: which operands may be stretched to meet, and how far, decided from shapes alone before anything is
// allocated. It is a value of the context like errstate, over settings of the process. What fits a memory budget is
// memory/'s; the rule of broadcasting itself is shape/broadcast.ts.
// Source for 'no-rank-promotion': the option numpy_rank_promotion of JAX, https://docs.jax.dev.

import { config, parseBytes } from '../base/config.ts';
import { ContextVariable } from '../base/context.ts';
import { ArgumentError, ShapeError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { broadcastShapes, likelySlip } from '../shape/broadcast.ts';
import { formatShape, type Shape, sizeOf } from '../shape/strides.ts';
import { describe } from './options.ts';

/** 'numpy': as NumPy; 'no-rank-promotion': equally many dimensions; 'exact': equal shapes. Scalars always join. */
export type BroadcastRule = 'numpy' | 'no-rank-promotion' | 'exact';
const rules: readonly BroadcastRule[] = ['numpy', 'no-rank-promotion', 'exact'];

export interface GuardOptions {
  /** Which operands may meet; default as around. */
  readonly broadcast?: BroadcastRule;
  /** Most elements of a result for each element of the largest operand; default as around, at first unbounded. */
  readonly expansion?: number;
  /** Most bytes of a result larger than every operand: a number, or '512MB'; default as around, at first unbounded. */
  readonly bytes?: number | string;
}
/** What is in force. */
export interface Guard {
  readonly broadcast: BroadcastRule;
  readonly expansion: number;
  readonly bytes: number;
}

const unguarded: Guard = { broadcast: 'numpy', expansion: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
const blocks = new ContextVariable<Guard | undefined>('guard', undefined);
// Until somebody opens a block, the guard is found without asking the context.
let opened = false;
// That of the process: null until it was looked for, undefined where nothing is guarded.
let ambient: Guard | undefined | null = null;
let followed = false;

function processGuard(): Guard | undefined {
  if (ambient !== null) return ambient;
  const broadcast = config.get('broadcast');
  ambient = broadcast === 'numpy' ? undefined : { ...unguarded, broadcast };
  if (!followed) {
    followed = true;
    events.on('config.change', ({ name }) => {
      if (name === 'broadcast') ambient = null;
    });
  }
  return ambient;
}

/** The guard in force here; undefined where there is none. */
export const currentGuard = (): Guard | undefined => (opened ? (blocks.get() ?? processGuard()) : processGuard());

function merged(options: GuardOptions): Guard {
  const where = 'np.guard';
  const given: Partial<Record<string, unknown>> = { ...options };
  const refuse = (name: string, fix: string): never => {
    throw new ArgumentError(`${where}: ${name} cannot be ${describe(given[name])}`, fix, { [name]: given[name] });
  };
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(unguarded, name)) refuse(name, `the options are ${Object.keys(unguarded).join(', ')}`);
  }
  const around = currentGuard() ?? unguarded;
  const { broadcast = around.broadcast, expansion = around.expansion, bytes = around.bytes } = options;
  if (!rules.includes(broadcast)) refuse('broadcast', `give one of ${rules.map((r) => `'${r}'`).join(', ')}`);
  if (typeof expansion !== 'number' || !(expansion >= 1)) refuse('expansion', 'give a factor from 1');
  const most = parseBytes(bytes) ?? refuse('bytes', "give bytes as a number, or with a unit: '512MB', '2GiB'");
  return { broadcast, expansion, bytes: most };
}

/**
 * Guards against broadcasting by accident, for a callback and everything it starts, or for a block:
 * `using _ = np.guard({ … })`. Every operation that would stretch an operand against the rule, or make a result that
 * exceeds a bound, is refused before anything is allocated. What is not named stays as it is around. For the whole
 * process: the setting `broadcast` (ORTHANT_BROADCAST).
 * @throws ShapeError from the guarded operations; ArgumentError for an option that is none.
 * @example np.guard({ broadcast: 'exact' }, () => np.add(np.ones([2, 3]), 1).shape) // [2, 3]
 */
export function guard(options: GuardOptions): Disposable;
export function guard<R>(options: GuardOptions, fn: () => R): R;
export function guard<R>(options: GuardOptions, fn?: () => R): R | Disposable {
  const inner = merged(options);
  opened = true;
  return fn === undefined ? blocks.enter(inner) : blocks.run(inner, fn);
}

/**
 * The shape that operands of an operation stretch to, where the guard in force allows it. `itemsize` is the result's; 0
 * where no result of that shape is made, as in expressions: then the rule holds and the bounds do not.
 */
export function broadcastOperands(shapes: readonly Shape[], where: string, itemsize: number): number[] {
  const shape = broadcastShapes(shapes, where);
  if (events.active['exec.broadcast']) {
    const nbytes = sizeOf(shape) * itemsize;
    if (shapes.every((s) => sizeOf(s) < sizeOf(shape)))
      events.emit('exec.broadcast', { op: where.replace(/^np\./, ''), shapes, nbytes });
  }
  const active = currentGuard();
  if (active !== undefined) refuseBroadcast(active, shapes, shape, where, itemsize);
  return shape;
}

function refuseBroadcast(
  active: Guard,
  shapes: readonly Shape[],
  shape: readonly number[],
  where: string,
  itemsize: number,
): void {
  const arrays = shapes.filter((s) => s.length > 0);
  const [first] = arrays;
  const differs = (same: (s: Shape) => boolean): boolean => active.broadcast !== 'numpy' && !arrays.every(same);
  const size = sizeOf(shape);
  const largest = arrays.reduce((most, s) => Math.max(most, sizeOf(s)), 1);
  const expansion = size / largest;
  const bytes = size * itemsize;
  const why =
    active.broadcast === 'exact' && differs((s) => formatShape(s) === formatShape(first))
      ? "shapes differ, and broadcast is 'exact'"
      : differs((s) => s.length === first.length)
        ? `${arrays.map((s) => s.length).join(' and ')} dimensions meet, and broadcast is '${active.broadcast}'`
        : bytes > 0 && expansion > active.expansion
          ? `the result has ${expansion} elements for each of the largest operand, the bound is ${active.expansion}`
          : expansion > 1 && bytes > active.bytes
            ? `the result takes ${bytes} bytes, ${expansion} times the largest operand, the bound is ${active.bytes}`
            : undefined;
  if (why === undefined) return;
  const slip = likelySlip(shapes);
  throw new ShapeError(
    `${where}: operands of shapes ${shapes.map(formatShape).join(' and ')} would broadcast to ${formatShape(shape)}: ${why}`,
    `${slip === undefined ? '' : `${slip}; `}if it is meant, say so with reshape or broadcast_to, or loosen np.guard; a reduction of it streams without the whole: np.lazy(a)`,
    { op: where, shapes, shape, expansion, bytes, guard: active },
  );
}
