// The rows of a table as text, in batches: a file of any length needs the memory of a piece and of its longest row.
// Fields are split by d3-dsv (RFC 4180); here is only where a piece may be cut: behind a line's end outside of quotes.
import { closeSync, openSync, readSync } from 'node:fs';
import { dsvFormat } from 'd3-dsv';
import * as np from '../../src/index.ts';

type Rows = readonly (readonly string[])[];

const PIECE = 2 ** 20;
/** Characters of a row: longer ones are a quote that nobody closed. */
const LONGEST = 2 ** 24;

/** Batches of rows, blank lines left out, and the bytes they were cut from. @throws FormatError for other encodings. */
export function* recordsOf(file: string): Generator<{ rows: Rows; delimiter: string; bytes: number }> {
  let delimiter: string | undefined;
  let rest = '';
  for (const { text: piece, bytes, last } of piecesOf(file)) {
    const text = rest + piece;
    delimiter ??= delimiterOf(text);
    const end = last ? text.length : endOfRows(text, delimiter);
    rest = text.slice(end);
    if (rest.length > LONGEST) {
      throw new np.FormatError(
        `${file} is no table: a row is longer than ${LONGEST} characters`,
        'look for a quote that is not closed',
        { file },
      );
    }
    const rows = dsvFormat(delimiter).parseRows(text.slice(0, end), (row) =>
      row.length === 1 && row[0].trim() === '' ? null : row,
    );
    yield { rows, delimiter, bytes };
  }
}

function* piecesOf(file: string): Generator<{ text: string; bytes: number; last: boolean }> {
  const decoder = new TextDecoder('utf-8', { fatal: true }); // drops a byte-order mark
  const room = new Uint8Array(PIECE);
  const fd = openSync(file, 'r');
  try {
    for (let last = false; !last; ) {
      const bytes = readSync(fd, room);
      last = bytes === 0;
      yield { text: decoded(decoder, room.subarray(0, bytes), last, file), bytes, last };
    }
  } finally {
    closeSync(fd);
  }
}

function decoded(decoder: TextDecoder, bytes: Uint8Array, last: boolean, file: string): string {
  try {
    return decoder.decode(bytes, { stream: !last });
  } catch (error) {
    throw new np.FormatError(`${file} is not text in UTF-8`, 'convert it to UTF-8 first', { file }, { cause: error });
  }
}

/** The candidate that cuts the first lines into most fields; a comma when none does. */
function delimiterOf(text: string): string {
  const lines = text.split(/\r?\n/, 10).filter((line) => line !== '' && !line.startsWith('#'));
  const fields = (d: string): number => Math.min(...lines.map((line) => line.split(d).length));
  const best = [',', ';', '\t', '|', ' '].map((d) => ({ d, n: fields(d) })).sort((a, b) => b.n - a.n)[0];
  return lines.length > 0 && best.n > 1 ? best.d : ',';
}

/** Where the last whole row ends; 0 when there is none. */
export function endOfRows(text: string, delimiter: string): number {
  let [at, end] = [0, 0];
  while (true) {
    const open = openingQuote(text, at, delimiter);
    const outside = text.slice(at, open < 0 ? undefined : open); // a search in the whole would pass its beginning
    const line = Math.max(outside.lastIndexOf('\n'), outside.lastIndexOf('\r'));
    if (line >= 0) end = at + line + 1;
    if (open < 0) return end;
    let close = text.indexOf('"', open + 1);
    while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2); // two stand for one
    if (close < 0 || close === text.length - 1) return end; // what follows may be its second
    at = close + 1;
  }
}

/** A quote opens where a field begins; anywhere else it is a character. */
function openingQuote(text: string, from: number, delimiter: string): number {
  let at = text.indexOf('"', from);
  while (at > 0 && !`${delimiter}\r\n`.includes(text[at - 1])) at = text.indexOf('"', at + 1);
  return at;
}
