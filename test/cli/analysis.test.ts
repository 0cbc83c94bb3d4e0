// The parts of the tour's job, each against what it must be: components, IDX files, PNG images.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { pngUri } from '../../cli/report/png.ts';
import { leadingComponents } from '../../cli/tour/components.ts';
import { checkedDataset, type Digits } from '../../cli/tour/dataset.ts';
import { readIdx } from '../../cli/tour/idx.ts';
import * as np from '../../src/index.ts';

const largest = (a: np.NDArray): number => Number(np.max(np.absolute(a)));
/** Any matrix without structure. */
const rough = (m: number, n: number): np.NDArray => np.sin(np.square(np.arange(1, m * n + 1)).reshape(m, n));

test('leading components of a matrix with a known spectrum', () => {
  const n = 60;
  const { Q: vectors } = np.linalg.qr(rough(n, n));
  const spectrum = np.exp2(np.multiply(np.arange(n), -0.5));
  const {
    variances,
    vectors: found,
    residual,
  } = leadingComponents(np.matmul(np.multiply(vectors, spectrum), vectors.T), 5);
  expect(largest(np.subtract(variances, spectrum.get(':5')))).toBeLessThan(1e-12);
  const cosines = np.sum(np.multiply(found, vectors.get(':', ':5')), 0);
  expect(largest(np.subtract(np.absolute(cosines), 1))).toBeLessThan(1e-12);
  expect(residual).toBeLessThan(1e-13);
  // The entry of largest magnitude is positive.
  expect(np.all(np.greater(np.max(found, 0), np.negative(np.min(found, 0))))).toBe(true);
});

describe('IDX files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orthant-idx-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (...bytes: number[]): string => {
    const path = join(folder, 'file');
    writeFileSync(path, Uint8Array.from(bytes));
    return path;
  };

  test('elements in their shape', () => {
    const a = readIdx(file(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255), 2);
    expect([a.dtype.name, a.tolist()]).toEqual([
      'uint8',
      [
        [1, 2, 3],
        [4, 5, 255],
      ],
    ]);
  });

  test.each([
    ['nothing', [], /not an IDX file/],
    ['other first bytes', [1, 0, 8, 1, 0, 0, 0, 0], /not an IDX file/],
    ['an end within the header', [0, 0, 8, 1, 0, 0], /not an IDX file/],
    ['floats', [0, 0, 13, 1, 0, 0, 0, 0], /elements of type 0x0d/],
    ['two dimensions', [0, 0, 8, 2, 0, 0, 0, 0], /2 dimensions where 1 were expected/],
    ['too few elements', [0, 0, 8, 1, 0, 0, 0, 2, 7], /1 bytes of elements where shape \(2\) has 2/],
    ['too many elements', [0, 0, 8, 1, 0, 0, 0, 0, 7], /1 bytes of elements where shape \(0\) has 0/],
    ['a shape beyond all files', [0, 0, 8, 1, 255, 255, 255, 255, 7], /shape \(4294967295\)/],
  ])('refuses %s', (_, bytes, message) => {
    const path = file(...bytes);
    expect(() => readIdx(path, 1)).toThrow(np.FormatError);
    expect(() => readIdx(path, 1)).toThrow(message);
  });
});

describe('checks of the data', () => {
  const digits = (changes: Partial<Digits> = {}): Digits => ({
    images: np.ones([3, 28, 28], { dtype: 'uint8' }),
    labels: np.array(Uint8Array.of(1, 9, 0)),
    ...changes,
  });
  const blank = np.ones([3, 28, 28], { dtype: 'uint8' });
  blank.set(1, 0);

  test('sound data become rows, cut to what was asked for', () => {
    const { train, test } = checkedDataset({ train: digits(), test: digits() }, 2);
    expect([train.images.shape, train.labels.tolist(), test.images.shape]).toEqual([
      [2, 784],
      [1, 9],
      [1, 784],
    ]);
  });

  test.each<[string, Partial<Digits>, RegExp]>([
    ['a label over 9', { labels: np.array(Uint8Array.of(1, 10, 0)) }, /FormatError: test: the label of image 1 is 10/],
    ['an image without ink', { images: blank }, /FormatError: test: image 1 has no ink/],
    ['fewer labels', { labels: np.zeros([2], { dtype: 'uint8' }) }, /ShapeError: test: 3 images but 2 labels/],
    [
      'other sizes',
      { images: np.ones([3, 8, 8], { dtype: 'uint8' }) },
      /ShapeError: test: images of shape \(3, 8, 8\)/,
    ],
    ['floats', { images: np.ones([3, 28, 28]) }, /DTypeError: test: float64/],
  ])('refuses %s', (_, changes, message) => {
    const run = () => checkedDataset({ train: digits(), test: digits(changes) }, undefined);
    expect(() => {
      try {
        run();
      } catch (error) {
        throw new Error(String(error));
      }
    }).toThrow(message);
  });
});

test('PNG images hold their pixels', () => {
  const uri = pngUri(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 2, 3);
  const bytes = Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64');
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[24], bytes[25]]).toEqual([2, 2, 8, 2]);
  const at = bytes.indexOf('IDAT');
  const raw = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
  expect([...raw]).toEqual([0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12]);
  expect(bytes.subarray(-8).toString('hex')).toBe('49454e44ae426082'); // IEND and its checksum, the same in every PNG
});
