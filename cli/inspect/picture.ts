// An array as a small image: its last two axes, at the middle of all others, thinned evenly where they are long. Dark is
// the least value and light the greatest; NaN and infinities are orange.
import * as np from '../../src/index.ts';
import type { Block } from '../../src/io/blocks.ts';
import { pngUri } from '../report/png.ts';
import { Sample } from './sample.ts';

/** Pixels of a side at most. */
const SIDE = 160;

/** What the page shows: an image of `width` by `height` pixels. */
export interface Picture {
  readonly uri: string;
  readonly width: number;
  readonly height: number;
  /** Which part of the array it is: '[12, :, :]'. */
  readonly part: string;
}

/** Of sides this much shorter the image keeps so many pixels, and not the proportion. */
const LEAST = 40;

/** Indices of an axis, as many as keep the proportion to the longest. */
function thinned(length: number, longest: number): number[] {
  const count = Math.min(length, Math.max(LEAST, Math.round((length / Math.max(longest, SIDE)) * SIDE)));
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * length) / count));
}

/** Colours from the least value to the greatest, of 0 … 255. */
const ramp: readonly (readonly [number, number, number])[] = [
  [13, 27, 62],
  [42, 111, 151],
  [233, 243, 248],
];
const OUTSIDE = [224, 122, 31] as const;

export class Thumbnail {
  readonly #sample: Sample;
  readonly #part: string;

  /** Of an array of at least two dimensions, with elements. */
  constructor(shape: readonly number[], dtype: np.DType) {
    const last = shape.length - 2;
    const longest = Math.max(...shape.slice(last));
    this.#sample = new Sample(
      shape.map((length, axis) => (axis < last ? [Math.floor(length / 2)] : thinned(length, longest))),
      dtype,
    );
    const places = shape.slice(0, last).map((length) => Math.floor(length / 2));
    this.#part = places.length === 0 ? '' : `[${[...places, ':', ':'].join(', ')}]`;
  }

  add(block: Block): void {
    this.#sample.add(block);
  }

  picture(): Picture {
    const { elements } = this.#sample;
    const [height, width] = elements.shape.slice(-2);
    const sizes = elements.dtype.kind === 'c' ? np.abs(elements) : elements;
    const values = Float64Array.from(np.ravel(sizes).astype('float64').data, Number);
    const finite = values.filter((x) => Number.isFinite(x));
    const [low, high] = [
      finite.reduce((a, b) => Math.min(a, b), 1 / 0),
      finite.reduce((a, b) => Math.max(a, b), -1 / 0),
    ];
    const pixels = new Uint8Array(3 * values.length);
    values.forEach((x, i) => {
      pixels.set(
        Number.isFinite(x) ? colourOf(high > low ? x / (high - low) - low / (high - low) : 0.5) : OUTSIDE,
        3 * i,
      );
    });
    return { uri: pngUri(pixels, width, 3), width, height, part: this.#part };
  }
}

/** Of a share of the range. */
function colourOf(share: number): number[] {
  const place = Math.min(1, Math.max(0, share)) * (ramp.length - 1);
  const k = Math.min(ramp.length - 2, Math.floor(place));
  return ramp[k].map((from, c) => Math.round(from + (place - k) * (ramp[k + 1][c] - from)));
}
