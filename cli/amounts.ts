// Numbers as people read them: bytes, counts, seconds, ratios, tables of them.
import { stripVTControlCharacters } from 'node:util';

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** Decimal units, three digits: '1.57 MB'. */
export function bytesText(n: number): string {
  const power = n < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3));
  const amount = n / 1000 ** power;
  return `${power === 0 ? amount : amount.toPrecision(amount >= 999.5 ? 4 : 3)} ${units[power]}`;
}

export const countText = (n: number): string => n.toLocaleString('en-US');

/** '12.3 s', '0.45 s', '7 ms'. */
export function secondsText(s: number): string {
  if (s >= 10) return `${s.toFixed(1)} s`;
  return s >= 0.1 ? `${s.toFixed(2)} s` : `${(s * 1000).toFixed(s < 0.01 ? 1 : 0)} ms`;
}

/** Three digits of a duration that may be short: '12.3 µs', '4.56 ms'. */
export function durationText(ns: number): string {
  const power = ns < 999.5 ? 0 : ns < 999.5e3 ? 1 : ns < 999.5e6 ? 2 : 3;
  const amount = ns / 1000 ** power;
  return `${amount.toPrecision(amount >= 999.5 ? 4 : 3)} ${['ns', 'µs', 'ms', 's'][power]}`;
}

export const percentText = (x: number, digits = 1): string => `${(100 * x).toFixed(digits)} %`;

export const ratioText = (x: number): string => (x < 10 ? x.toFixed(2) : x.toFixed(1));

/** Rows as aligned columns: the first to the left, the others to the right unless said otherwise. Colours have no width. */
export function table(rows: readonly (readonly string[])[], indent = '  ', others: 'left' | 'right' = 'right'): string {
  const width = (cell: string): number => stripVTControlCharacters(cell).length;
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => width(row[c]))));
  const padded = (cell: string, c: number): string => {
    const room = ' '.repeat(widths[c] - width(cell));
    return c === 0 || others === 'left' ? cell + room : room + cell;
  };
  const line = (row: readonly string[]): string => row.map(padded).join('  ');
  return rows.map((row) => `${indent}${line(row).trimEnd()}\n`).join('');
}

/** Text from a file as a terminal may have it: control characters, which could steer it, become blanks. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
