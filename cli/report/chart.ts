// Charts as SVG: drawn by Observable Plot on a document of linkedom, without a browser. Both are heavy: load this file
// by `await import`, when a report is wanted.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Html, trusted } from './html.ts';

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const style = { fontSize: '12px', fontFamily: 'inherit', overflow: 'visible' };

/** The colours of reports: what is ours or new, what stands out, what is compared with. */
export const blue = '#2a6f97';
export const orange = '#e07a1f';
export const grey = '#b8c4cc';

/** A chart of Observable Plot as a piece of HTML; `name` is what a screen reader says. */
export function draw(name: string, options: Plot.PlotOptions): Html {
  const width = options.width ?? 860;
  const drawn = Plot.plot({ document, style, width, className: 'plot', ariaLabel: name, ...options });
  return trusted(drawn.outerHTML);
}
