// The steps of a computation as a small picture: boxes from top to bottom in the order in which they run, lines where one
// reads what another made. SVG, without scripts or styles from elsewhere. What a step is, is its caller's.

const WIDTH = 560;
const HEIGHT = 64;
const GAP = 22;
const LEFT = 60;
const MOST_TEXT = 74;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const short = (text: string): string => (text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT - 1)}…`);

const fills = { plain: '#e8eef7', result: '#e3f1e3', streamed: '#fff3dc' } as const;

/** One box: a heading, what is done, what is made. */
export interface PictureStep {
  readonly heading: string;
  readonly work: string;
  readonly makes: string;
  /** Numbers of the steps whose results it reads. */
  readonly reads: readonly number[];
  readonly tone: keyof typeof fills;
}

/** The picture of steps, as SVG text. */
export function draw(title: string, steps: readonly PictureStep[]): string {
  const top = (i: number): number => 36 + i * (HEIGHT + GAP);
  const height = top(steps.length) + 8;
  const parts: string[] = [text(LEFT, 20, title, 'font-weight="bold"')];
  steps.forEach((step, i) => {
    for (const r of step.reads) {
      const [from, to] = [top(r) + HEIGHT, top(i)];
      const bend = i - r > 1 ? LEFT - 14 - 6 * (i - r) : LEFT + 40;
      const path =
        i - r > 1
          ? `M ${LEFT} ${from - HEIGHT / 2} C ${bend} ${from - HEIGHT / 2}, ${bend} ${to + HEIGHT / 2}, ${LEFT} ${to + HEIGHT / 2}`
          : `M ${bend} ${from} L ${bend} ${to}`;
      parts.push(`<path d="${path}" fill="none" stroke="#557" stroke-width="1.5"/>`);
    }
    parts.push(
      `<rect x="${LEFT}" y="${top(i)}" width="${WIDTH}" height="${HEIGHT}" rx="6" fill="${fills[step.tone]}" stroke="#557"/>`,
      text(LEFT + 10, top(i) + 18, short(step.heading), 'font-weight="bold"'),
      text(LEFT + 10, top(i) + 36, short(step.work), 'font-family="monospace" font-size="11"'),
      text(LEFT + 10, top(i) + 54, short(step.makes), 'fill="#445"'),
    );
  });
  const size = `width="${LEFT + WIDTH + 10}" height="${height}" viewBox="0 0 ${LEFT + WIDTH + 10} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">\n${parts.join('\n')}\n</svg>\n`;
}

const text = (x: number, y: number, what: string, more: string): string =>
  `<text x="${x}" y="${y}" ${more}>${escaped(what)}</text>`;
