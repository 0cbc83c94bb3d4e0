// How reports look: one column of text, tables, tiles, galleries and charts, on a screen and on paper.

export const stylesheet = `
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: #1d2a33; background: #fff;
  max-width: 860px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 48px 0 4px; }
h3 { font-size: 16px; margin: 28px 0 4px; overflow-wrap: anywhere; }
p { margin: 4px 0 16px; max-width: 70ch; }
code, pre { font: 0.92em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { background: #f3f6f8; border-radius: 6px; padding: 10px 12px; overflow-x: auto; }
.quiet { color: #5b6b76; }
.good { color: #2c6e49; font-weight: 600; }
.bad { color: #b3261e; font-weight: 600; }
.note { border-left: 4px solid #e07a1f; background: #fdf3e7; padding: 8px 14px; border-radius: 0 6px 6px 0; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 24px 0 8px; }
.tile { flex: 1 1 120px; background: #f3f6f8; border-radius: 8px; padding: 12px 16px; }
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
th, td { white-space: nowrap; vertical-align: top; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: break-word; }
td small { display: block; color: #5b6b76; }
.texts th, .texts td { text-align: left; white-space: normal; }
tr:last-child td { border-bottom: 0; }
.total tr:last-child td { font-weight: 600; }
thead th { color: #5b6b76; }
@page { margin: 16mm; }
@media print {
  body { font-size: 11pt; max-width: none; padding: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2 { margin-top: 24px; }
  h1, h2, h3 { break-after: avoid; }
  svg, tr, figure, .tiles, .pair, .note { break-inside: avoid; }
  thead { display: table-header-group; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  a { color: inherit; text-decoration: none; }
}
`;
