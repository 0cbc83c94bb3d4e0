// Rows of small images for the report: digits from the data, components in two colours, mistakes beside what misled.
import * as np from '../../../src/index.ts';
import { type Html, html } from '../../report/html.ts';
import { figure, gallery } from '../../report/page.ts';
import { pngUri } from '../../report/png.ts';
import type { Results } from '../analysis.ts';
import { type Dataset, SIDE } from '../dataset.ts';

const bytes = (a: np.NDArray): Uint8Array => Uint8Array.from(a.data, Number);

/** Dark ink on white. */
const digitUri = (image: np.NDArray): string => pngUri(bytes(np.subtract(255, image)), SIDE, 1);

/** The first test image of each digit, and the mean of all training images. */
export function samples({ test }: Dataset, { mean }: Results): Html {
  const labels = bytes(test.labels);
  const firsts = Array.from({ length: 10 }, (_, digit) => labels.indexOf(digit)).filter((at) => at >= 0);
  const ink = np.square(mean); // the mean was taken of roots
  const average = np.subtract(255, np.multiply(ink, 255 / Number(np.max(ink)))).astype('uint8');
  return gallery([
    ...firsts.map((at) => figure(digitUri(test.images.get(at)), `a handwritten ${labels[at]}`, String(labels[at]))),
    figure(pngUri(bytes(average), SIDE, 1), 'mean of all images', 'mean'),
  ]);
}

/** The leading components as images: orange where ink raises the coordinate, blue where it lowers it. */
export function components({ components, explained }: Results, count: number): Html {
  const shown = Math.min(count, explained.size);
  return gallery(
    Array.from({ length: shown }, (_, c) => {
      const weights = components.vectors.get(':', c);
      const scaled = np.divide(weights, np.max(np.absolute(weights)));
      const share = `${(100 * Number(explained.item(c))).toFixed(1)} %`;
      return figure(pngUri(twoColors(scaled), SIDE, 3), `component ${c + 1}`, share);
    }),
  );
}

/** -1 blue, 0 white, 1 orange: three bytes each. */
function twoColors(x: np.NDArray): Uint8Array {
  const up = np.expand_dims(np.maximum(x, 0), 1);
  const down = np.expand_dims(np.maximum(np.negative(x), 0), 1);
  const faded = np.add(
    np.multiply(up, [255 - 214, 255 - 96, 255 - 20]),
    np.multiply(down, [255 - 20, 255 - 95, 255 - 150]),
  );
  return bytes(np.rint(np.subtract(255, faded)).astype('uint8'));
}

/** Test images told wrong, each beside its nearest training image. */
export function mistakes({ train, test }: Dataset, { predicted, nearest }: Results, count: number): Html {
  const [labels, told, rows] = [test.labels.data, predicted.data, nearest.data];
  const wrong: Html[] = [];
  for (let i = 0; i < labels.length && wrong.length < count; i++) {
    if (labels[i] === told[i]) continue;
    const pair = [
      figure(digitUri(test.images.get(i)), `a handwritten ${labels[i]}`, `is ${labels[i]}`),
      figure(digitUri(train.images.get(Number(rows[i]))), `a handwritten ${told[i]}`, `is ${told[i]}`),
    ];
    wrong.push(html`<div class="pair">${pair}</div>`);
  }
  return gallery(wrong);
}
