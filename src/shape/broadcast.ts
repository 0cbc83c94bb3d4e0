// Broadcasting: the common shape of operands, and an operand's strides over it (0 where stretched).
// Only arithmetic on shapes; what a large result costs is charged by the caller before it allocates.
// The rule is NumPy's: align at the last dimension, equal or 1.

import { ShapeError } from '../base/errors.ts';
import { formatShape, type Shape } from './strides.ts';

/**
 * The shape all operands stretch to; [] for no operands.
 * @throws ShapeError naming the shapes and the dimension where they disagree.
 * @example broadcastShapes([[3, 1], [4]]) // [3, 4]
 */
export function broadcastShapes(shapes: readonly Shape[], where?: string): number[] {
  let ndim = 0;
  for (let k = 0; k < shapes.length; k++) if (shapes[k].length > ndim) ndim = shapes[k].length;
  const out = new Array<number>(ndim).fill(1);
  for (let k = 0; k < shapes.length; k++) {
    const shape = shapes[k];
    const lead = ndim - shape.length;
    for (let i = 0; i < shape.length; i++) {
      const dim = shape[i];
      if (dim === 1) continue;
      const seen = out[lead + i];
      if (seen === 1) out[lead + i] = dim;
      else if (seen !== dim) throw cannotBroadcast(shapes, lead + i, seen, dim, where);
    }
  }
  return out;
}

/**
 * Strides that read an array of `shape` as one of `target`: 0 along stretched and added dimensions.
 * @throws ShapeError when `shape` does not stretch to `target`.
 * @example broadcastStrides([3, 1], [8, 8], [2, 3, 4]) // [0, 8, 0]
 */
export function broadcastStrides(shape: Shape, strides: readonly number[], target: Shape, where?: string): number[] {
  const lead = target.length - shape.length;
  if (lead < 0) throw cannotStretch(shape, target, where);
  const out = new Array<number>(target.length);
  for (let i = 0; i < lead; i++) out[i] = 0;
  for (let i = 0; i < shape.length; i++) {
    const dim = shape[i];
    if (dim === target[lead + i]) out[lead + i] = dim === 1 ? 0 : strides[i];
    else if (dim === 1) out[lead + i] = 0;
    else throw cannotStretch(shape, target, where);
  }
  return out;
}

function cannotStretch(shape: Shape, target: Shape, where?: string): ShapeError {
  return new ShapeError(
    `${where === undefined ? '' : `${where}: `}an array of shape ${formatShape(shape)} does not broadcast to ${formatShape(target)}`,
    'dimensions, aligned at the last, must be equal or 1 in the array; reshape it or insert axes of size 1',
    { shape, target },
  );
}

function cannotBroadcast(
  shapes: readonly Shape[],
  dimension: number,
  a: number,
  b: number,
  where?: string,
): ShapeError {
  const last = Math.max(...shapes.map((s) => s.length)) - dimension;
  return new ShapeError(
    `${where === undefined ? '' : `${where}: `}operands could not be broadcast together with shapes ` +
      `${shapes.map(formatShape).join(' ')}: dimension ${dimension} (${-last} from the end) is ${a} against ${b}`,
    remedy(shapes),
    { shapes, dimension, sizes: [a, b] },
  );
}

/**
 * What was probably meant where two operands stretch each other; undefined where nothing looks wrong.
 * @example likelySlip([[5], [5, 1]]) // 'a row of 5 meets a column of 5: …'
 */
export function likelySlip(shapes: readonly Shape[]): string | undefined {
  if (shapes.length !== 2) return undefined;
  const [a, b] = shapes.map((s) => s.filter((dim) => dim !== 1));
  const isColumn = (s: Shape): boolean => s.length > 1 && s[s.length - 1] === 1;
  if (a.length !== 1 || b.length !== 1 || isColumn(shapes[0]) === isColumn(shapes[1])) return undefined;
  const [row, column] = isColumn(shapes[0]) ? [b, a] : [a, b];
  const advice = row[0] === column[0] ? ': to pair their elements, flatten the column with ravel()' : '';
  return `a row of ${row[0]} meets a column of ${column[0]}${advice}`;
}

/** If the shorter of two operands fits along its other end, say so: the usual mistake is a missing trailing axis. */
function remedy(shapes: readonly Shape[]): string {
  if (shapes.length === 2 && shapes[0].length !== shapes[1].length) {
    const [short, long] = shapes[0].length < shapes[1].length ? shapes : [shapes[1], shapes[0]];
    const padded = [...short, ...new Array<number>(long.length - short.length).fill(1)];
    if (short.length > 0 && padded.every((dim, i) => dim === 1 || dim === long[i] || long[i] === 1)) {
      return `reshape the operand of shape ${formatShape(short)} to ${formatShape(padded)} to align it with the first dimensions`;
    }
  }
  return 'make the dimensions equal or 1, aligned at the last one';
}
