// np.einsum and np.einsum_path: arguments, dtypes and `out`; the operands meet in the order of contraction_path.ts, each
// meeting is contraction.ts's.

import { ascontiguousarray, asfortranarray, zeros } from '../array/creation.ts';
import { type NDArray, nd } from '../array/ndarray.ts';
import { ArgumentError, CastError } from '../base/errors.ts';
import { events } from '../base/events.ts';
import { asDType, type DType, type DTypeLike, dtypes } from '../dtype/dtype.ts';
import { type Casting, canCast, promote } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalars.ts';
import { type ArrayBase, arranged, requireUsable } from '../exec/array_base.ts';
import { checkOut } from '../exec/call.ts';
import { castCopy, castInto } from '../exec/cast.ts';
import { type ArrayLike, readAt, toArray } from '../exec/coerce.ts';
import { heapCopy } from '../exec/copy.ts';
import { Options } from '../exec/options.ts';
import { isOptions } from '../exec/positional.ts';
import { timed } from '../exec/timed.ts';
import { readSublist, type Subscripts } from '../shape/einsum.ts';
import { arrangedAs, contract, type Labelled, labelled } from './contraction.ts';
import { describePath, remaining, type Step } from './contraction_path.ts';
import { type Optimize, planFor, planOf } from './einsum_plan.ts';

export interface EinsumOptions {
  readonly out?: ArrayBase;
  readonly dtype?: DTypeLike;
  /** Which casts of operands and to `out` are allowed; default safe. */
  readonly casting?: Casting;
  readonly order?: 'C' | 'F' | 'A' | 'K';
  /** Default 'greedy'; false multiplies all operands in one pass. */
  readonly optimize?: Optimize;
}

const einsumOptions = new Options('out', 'dtype', 'casting', ['order', 'resultOrder'], ['optimize', 'value']);
const pathOptions = new Options(['optimize', 'value']);

/** Operands, a list of integers after each in the list form; or subscripts and operands. Options may come last. */
export type EinsumArguments = readonly (ArrayLike | readonly (number | '...')[] | EinsumOptions | undefined)[];

interface Call {
  readonly operands: readonly ArrayBase[];
  readonly subscripts: Subscripts;
  readonly path: readonly Step[];
  readonly options: EinsumOptions;
}

function readArguments(args: readonly unknown[], known: Options, where: string): Call {
  const given = args.length > 0 && args[args.length - 1] === undefined ? args.slice(0, -1) : args;
  const last = given[given.length - 1];
  const options: EinsumOptions = isOptions(last) ? last : {};
  known.check(options, where);
  const rest = isOptions(last) ? given.slice(0, -1) : given;
  const [first] = rest;
  const optimize = options.optimize ?? 'greedy';
  const arrays = (values: readonly unknown[]): ArrayBase[] =>
    values.map((x) => {
      const a = toArray(x, where);
      requireUsable(a, where);
      return a;
    });
  if (typeof first === 'string' && rest.length > 1) {
    const operands = arrays(rest.slice(1));
    return { operands, ...planOf(first, operands.map(shapeOf), optimize, where), options };
  }
  const pairs = Math.floor(rest.length / 2);
  const lists = Array.from({ length: pairs }, (_, i) => rest[2 * i + 1]).concat(rest.slice(2 * pairs));
  if (pairs === 0 || typeof first === 'string' || !lists.every(Array.isArray)) {
    throw new ArgumentError(
      `${where}: there are no subscripts, or no operands`,
      "pass subscripts and operands, np.einsum('ij,jk->ik', a, b), or lists, np.einsum(a, [0, 1], b, [1, 2], [0, 2])",
      { arguments: given.length },
    );
  }
  const read = lists.map((l: readonly unknown[]) => readSublist(l, where));
  const operands = arrays(Array.from({ length: pairs }, (_, i) => rest[2 * i]));
  const plan = planFor(read.slice(0, pairs), read[pairs], operands.map(shapeOf), optimize, where);
  return { operands, ...plan, options };
}

const shapeOf = (a: ArrayBase): readonly number[] => a.shape;

function requireCast(from: DType, to: DType, casting: Casting, where: string): void {
  if (canCast(from, to, casting)) return;
  throw new CastError(
    `${where}: cannot cast an operand from ${from.name} to ${to.name} with casting '${casting}'`,
    `convert it first with astype('${to.name}'), or allow it with casting: 'unsafe'`,
    { from: from.name, to: to.name, casting },
  );
}

/** All operands contracted along a path, with the result's labels in order; `computing` is the dtype of all. */
function contractAlong({ operands, subscripts, path }: Call, computing: DType): ArrayBase {
  const { terms, output, size } = subscripts;
  let now: readonly Labelled[] = operands.map((a, i) =>
    labelled(a.dtype === computing ? a : heapCopy(a, computing), terms[i], size),
  );
  for (const step of path) {
    const others = now.filter((_, i) => !step.includes(i));
    const met = step.map((i) => now[i]);
    const needed = remaining(
      met.map((x) => x.labels),
      others.map((x) => x.labels),
      output,
    );
    const wanted = others.length === 0 ? output.filter((l) => needed.includes(l)) : needed;
    now = [...others, contract(met, wanted, size, computing)];
  }
  return arrangedAs(now[0], output, size);
}

/**
 * Sums of products by subscripts: every label names dimensions, those of the same label run together, and labels that the
 * result does not have are summed over. Without `->` the result has the labels that appear once, in alphabetical order; `...`
 * stands for dimensions that broadcast. Sums and products stay in the common dtype, integers wrap. A result without
 * dimensions is a scalar; of one operand without a sum it is a view.
 * @throws ArgumentError for subscripts that do not fit, ShapeError for lengths that do not, CastError for a cast that
 * `casting` forbids.
 * @example np.einsum('ij,jk->ik', [[1, 2], [3, 4]], [[1, 0], [0, 1]]).tolist() // [[1, 2], [3, 4]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.einsum.html
 */
export function einsum(...args: EinsumArguments | readonly [string, ...EinsumArguments]): NDArray | Scalar {
  if (events.timing) return timed('einsum', einsum, ...args);
  const where = 'np.einsum';
  const call = readArguments(args, einsumOptions, where);
  const { operands, subscripts, options } = call;
  const { out, casting = 'safe', order = 'K' } = options;
  const { output, size } = subscripts;
  const dtype = options.dtype === undefined ? operands.map((a) => a.dtype).reduce(promote) : asDType(options.dtype);
  for (const a of operands) requireCast(a.dtype, dtype, casting, where);
  const shape = output.map(size);
  if (out !== undefined) checkOut('einsum', out, shape, dtype, casting);
  // Sums of halves are kept in single precision until the end.
  const computing = dtype.half ? dtypes.float32 : dtype;
  const empty = operands.some((a) => a.size === 0);
  const made = empty ? zeros(shape, { dtype }) : contractAlong(call, onlyView(call, dtype) ? dtype : computing);
  const result = made.dtype === dtype ? made : castCopy(made, dtype);
  const viewed = operands.some((a) => a.storage === result.storage);
  if (out !== undefined) {
    // A view may lie in `out` itself.
    castInto(viewed ? heapCopy(result) : result, out, true);
    return nd(out);
  }
  if (shape.length === 0) return readAt(result, result.offset, 'number');
  const own = viewed ? nd(result) : nd(arranged(result, result.shape, result.strides));
  return order === 'C' ? ascontiguousarray(own) : order === 'F' ? asfortranarray(own) : own;
}

/** Whether the result is a view of the only operand. */
const onlyView = ({ operands, subscripts }: Call, dtype: DType): boolean =>
  operands.length === 1 &&
  operands[0].dtype === dtype &&
  subscripts.terms[0].every((l) => subscripts.output.includes(l));

/**
 * The order in which einsum would contract its operands, for its option `optimize`, and a table of what that costs.
 * @throws as einsum.
 * @example np.einsum_path('ij,jk,kl->il', np.ones([2, 3]), np.ones([3, 4]), np.ones([4, 5]))[0] // ['einsum_path', [1, 2], [0, 1]]
 * @see https://numpy.org/doc/stable/reference/generated/numpy.einsum_path.html
 */
export function einsum_path(
  ...args: EinsumArguments | readonly [string, ...EinsumArguments]
): [path: ['einsum_path', ...number[][]], table: string] {
  const where = 'np.einsum_path';
  const { subscripts, path } = readArguments(args, pathOptions, where);
  return [['einsum_path', ...path.map((step) => [...step])], describePath(subscripts, path)];
}
