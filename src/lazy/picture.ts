// The kernels of an expression as a small picture: boxes from top to bottom in the order in which they run, lines where one
// reads what another made. SVG, without scripts or styles from elsewhere.

import { formatShape } from '../shape/strides.ts';
import type { Explanation } from './explain.ts';

const WIDTH = 560;
const HEIGHT = 64;
const GAP = 22;
const LEFT = 60;
const MOST_TEXT = 74;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const short = (text: string): string => (text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT - 1)}…`);

/** The picture of an explanation, as SVG text. */
export function draw({ kernels, operations, tiles }: Pick<Explanation, 'kernels' | 'operations' | 'tiles'>): string {
  const top = (i: number): number => 36 + i * (HEIGHT + GAP);
  const height = top(kernels.length) + 8;
  const parts: string[] = [];
  const cut = tiles === undefined ? '' : `, ${tiles.count} tiles along axis ${tiles.axis}`;
  parts.push(text(LEFT, 20, `${operations} operations, ${kernels.length} kernels${cut}`, 'font-weight="bold"'));
  kernels.forEach((k, i) => {
    for (const r of k.reads) {
      const [from, to] = [top(r) + HEIGHT, top(i)];
      const bend = i - r > 1 ? LEFT - 14 - 6 * (i - r) : LEFT + 40;
      const path =
        i - r > 1
          ? `M ${LEFT} ${from - HEIGHT / 2} C ${bend} ${from - HEIGHT / 2}, ${bend} ${to + HEIGHT / 2}, ${LEFT} ${to + HEIGHT / 2}`
          : `M ${bend} ${from} L ${bend} ${to}`;
      parts.push(`<path d="${path}" fill="none" stroke="#557" stroke-width="1.5"/>`);
    }
    const fill = k.result ? '#e3f1e3' : k.tiled || k.inRows ? '#fff3dc' : '#e8eef7';
    parts.push(
      `<rect x="${LEFT}" y="${top(i)}" width="${WIDTH}" height="${HEIGHT}" rx="6" fill="${fill}" stroke="#557"/>`,
      text(LEFT + 10, top(i) + 18, `${k.name}  ${k.kind} over ${formatShape(k.over)}`, 'font-weight="bold"'),
      text(LEFT + 10, top(i) + 36, short(k.formula), 'font-family="monospace" font-size="11"'),
      text(
        LEFT + 10,
        top(i) + 54,
        k.makes.map((m) => `${m.dtype} ${formatShape(m.shape)}`).join(', ') +
          (k.result ? ' (result)' : k.inRows ? ' (row by row)' : k.tiled ? ' (in tiles)' : ''),
        'fill="#445"',
      ),
    );
  });
  const size = `width="${LEFT + WIDTH + 10}" height="${height}" viewBox="0 0 ${LEFT + WIDTH + 10} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">\n${parts.join('\n')}\n</svg>\n`;
}

const text = (x: number, y: number, what: string, more: string): string =>
  `<text x="${x}" y="${y}" ${more}>${escaped(what)}</text>`;
