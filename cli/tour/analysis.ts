// The job itself, in NumPy's names only: standardise the images, find their principal components, tell unseen digits by
// their nearest neighbour among the known ones, and count how often that is right. job.py is the same job in NumPy.
import * as np from '../../src/index.ts';
import { type Components, leadingComponents } from './components.ts';
import { CLASSES, type Dataset } from './dataset.ts';
import type { Stopwatch } from './stages.ts';

export const COMPONENTS = 50;
/** Test images compared with all training images at once: 256 by 60,000 distances are 61 MB. */
const BLOCK = 256;

export interface Results {
  /** Mean of each pixel over the training images, after the square root; and what all are divided by. */
  readonly mean: np.NDArray;
  readonly scale: number;
  readonly constantPixels: number;
  readonly components: Components;
  /** Share of the variance that each component explains. */
  readonly explained: np.NDArray;
  /** Coordinates of the test images: n by COMPONENTS, float32. */
  readonly projected: np.NDArray;
  /** Row of the nearest training image, and the digit it shows, for each test image. */
  readonly nearest: np.NDArray;
  readonly predicted: np.NDArray;
  readonly accuracy: number;
  /** Accuracy of the plainest classifier on the same coordinates: the nearest class mean. */
  readonly baseline: number;
  /** Test images of the digit of the row told as the digit of the column. */
  readonly confusion: np.NDArray;
}

/** The arrays of the results by the names that they have in the archive, NumPy's too. */
export const resultArrays = (r: Results): Readonly<Record<string, np.NDArray>> => ({
  mean: r.mean,
  variances: r.components.variances,
  components: r.components.vectors,
  projected: r.projected,
  nearest: r.nearest,
  predicted: r.predicted,
  confusion: r.confusion,
});

/** Ink from 0 to 1, each image by its own darkest pixel; the root lifts the faint edges of strokes. */
function ink(images: np.NDArray): np.NDArray {
  const x = np.divide(images, np.max(images, { axis: 1, keepdims: true }), { dtype: 'float32' });
  return np.sqrt(x, { out: x });
}

const lengthsSquared = (x: np.NDArray): np.NDArray => np.sum(np.square(x), 1);

/** The squared distance of each row of `from` to each row of `to`, less what depends on `from` alone, by one product. */
class Distances {
  private readonly to: np.NDArray; // (y, |y|²), so that (-2x, 1) times its transpose is |y|² - 2xy
  private readonly room: np.NDArray;

  constructor(to: np.NDArray) {
    const [n, k] = to.shape;
    this.to = np.empty([n, k + 1], { dtype: 'float32' });
    this.to.set([':', ':-1'], to);
    this.to.set([':', '-1'], lengthsSquared(to));
    this.room = np.empty([BLOCK, n], { dtype: 'float32' });
  }

  /** The row of `to` nearest to each row of `from`. */
  nearest(from: np.NDArray): np.NDArray {
    const [n, k] = from.shape;
    const factor = np.ones([n, k + 1], { dtype: 'float32' });
    factor.set([':', ':-1'], np.multiply(from, -2));
    const rows = np.empty([n], { dtype: 'int32' });
    for (let i = 0; i < n; i += BLOCK) {
      const part = `${i}:${Math.min(n, i + BLOCK)}`;
      const block = factor.get(part);
      const distances = np.matmul(block, this.to.T, { out: this.room.get(`:${block.shape[0]}`) });
      rows.set([part], np.argmin(distances, 1));
    }
    return rows;
  }
}

/** Rows of ten: 1 at the label, 0 elsewhere. */
const oneHot = (labels: np.NDArray): np.NDArray =>
  np.equal(np.expand_dims(labels, 1), np.arange(CLASSES, { dtype: 'uint8' })).astype('float32');

const share = (truths: np.NDArray): number => Number(np.count_nonzero(truths)) / truths.size;

/** Runs the job, stage by stage. */
export async function analyse({ train, test }: Dataset, watch: Stopwatch): Promise<Results> {
  const n = train.labels.size;
  const { x, t, mean, scale, constantPixels } = await watch.run(
    'standardise',
    () => {
      const x = ink(train.images);
      const mean = np.asarray(np.mean(x, 0));
      np.subtract(x, mean, { out: x });
      const deviation = np.asarray(np.std(x, 0));
      const scale = Math.sqrt(Number(np.mean(np.square(deviation))));
      np.divide(x, scale, { out: x });
      const t = ink(test.images);
      np.subtract(t, mean, { out: t });
      np.divide(t, scale, { out: t });
      const constantPixels = deviation.size - Number(np.count_nonzero(deviation));
      return { x, t, mean, scale, constantPixels };
    },
    (r) => `root of ink, less each pixel's mean, over ${r.scale.toFixed(3)}; ${r.constantPixels} pixels never inked`,
  );
  const covariance = await watch.run(
    'covariance',
    () => np.divide(np.matmul(x.T, x).astype('float64'), n),
    (c) => `${c.shape.join(' by ')}, from ${n.toLocaleString('en-US')} rows of float32`,
  );
  const components = await watch.run(
    'components',
    () => leadingComponents(covariance, Math.min(COMPONENTS, n - 1)),
    (c) => `${c.variances.size} by eigh, residual ${c.residual.toExponential(0)}`,
  );
  const explained = np.divide(components.variances, np.sum(np.diagonal(covariance)));
  const { known, projected } = await watch.run(
    'project',
    () => {
      const axes = components.vectors.astype('float32');
      return { known: np.matmul(x, axes), projected: np.matmul(t, axes) };
    },
    () =>
      `784 pixels to ${explained.size} coordinates, ${(100 * Number(np.sum(explained))).toFixed(1)} % of the variance`,
  );
  x.dispose();
  t.dispose();
  const nearest = await watch.run(
    'neighbours',
    () => new Distances(known).nearest(projected),
    (rows) => `${(rows.size * n).toLocaleString('en-US')} distances by matrix products`,
  );
  return watch.run(
    'evaluate',
    () => {
      const predicted = np.take(train.labels, nearest);
      const accuracy = share(np.equal(predicted, test.labels));
      const confusion = np.matmul(oneHot(test.labels).T, oneHot(predicted)).astype('int32');
      const members = oneHot(train.labels);
      const sizes = np.maximum(np.sum(members, 0), 1);
      const centres = np.divide(np.matmul(members.T, known), np.expand_dims(sizes, 1));
      const baseline = share(np.equal(new Distances(centres).nearest(projected), test.labels));
      const found = { mean, scale, constantPixels, components, explained, projected, nearest, predicted };
      return { ...found, accuracy, baseline, confusion };
    },
    (r) => `${(100 * r.accuracy).toFixed(2)} % right; nearest class mean alone: ${(100 * r.baseline).toFixed(2)} %`,
  );
}
