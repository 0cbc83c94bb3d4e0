// Lines of text from a source, in batches: text is decoded piece by piece, so that a file of any length needs the
// memory of a piece and of its longest line. Ends of lines are \n, \r\n and \r.
import { ArgumentError, FormatError } from '../base/errors.ts';
import { type ByteSource, type Bytes, type FilePath, openSource } from './source.ts';
import type { Task } from './task.ts';

/** Text to read: a file, bytes, a Blob, or lines as they are. */
export type TextSource = FilePath | Bytes | readonly string[];

/** Bytes per piece. */
const PIECE = 2 ** 20;

export interface LineSource {
  readonly name: string;
  /** The next lines, without their ends; undefined after the last. */
  next(): Task<readonly string[] | undefined>;
  close(): Task<void>;
}

export function* openLines(from: TextSource, encoding: string, where: string): Task<LineSource> {
  if (Array.isArray(from)) return new GivenLines(from, where);
  const decoder = decoderOf(encoding, where);
  return new DecodedLines(yield* openSource(from as FilePath | Bytes, where), decoder); // Array.isArray keeps readonly
}

function decoderOf(encoding: string, where: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    const fix = "use 'utf-8', 'latin1' or another encoding that TextDecoder knows";
    throw new ArgumentError(`${where}: encoding '${encoding}' is unknown`, fix, { encoding }, { cause });
  }
}

class GivenLines implements LineSource {
  readonly name = 'lines';
  private lines: readonly string[] | undefined;

  constructor(lines: readonly string[], where: string) {
    const bad = lines.findIndex((line) => typeof line !== 'string');
    if (bad >= 0) {
      throw new ArgumentError(
        `${where}: line ${bad + 1} is not a string`,
        'pass a path, bytes, or an array of strings',
        {
          index: bad,
        },
      );
    }
    this.lines = lines;
  }

  *next(): Task<readonly string[] | undefined> {
    const lines = this.lines?.map((line) => line.replace(/\r?\n$/, ''));
    this.lines = undefined;
    return lines;
  }

  *close(): Task<void> {}
}

class DecodedLines implements LineSource {
  readonly name: string;
  private readonly source: ByteSource;
  private readonly decoder: TextDecoder;
  private readonly piece = new Uint8Array(PIECE);
  private at = 0;
  private rest = '';
  private ended = false;

  constructor(source: ByteSource, decoder: TextDecoder) {
    this.name = source.name;
    this.source = source;
    this.decoder = decoder;
  }

  *next(): Task<readonly string[] | undefined> {
    if (this.ended) return undefined;
    const n = yield* this.source.read(() => this.piece, this.at);
    this.at += n;
    this.ended = n < PIECE;
    const text = this.rest + this.decode(this.piece.subarray(0, n));
    if (this.ended) {
      this.rest = '';
      if (text === '') return undefined;
      return split(text.endsWith('\n') ? text.slice(0, -1) : text);
    }
    const end = text.lastIndexOf('\n');
    this.rest = text.slice(end + 1);
    return end < 0 ? [] : split(text.slice(0, end));
  }

  private decode(bytes: Uint8Array): string {
    try {
      return this.decoder.decode(bytes, { stream: !this.ended });
    } catch (cause) {
      throw new FormatError(
        `${this.name}: bytes that are not ${this.decoder.encoding}, before byte ${this.at}`,
        "say how the file is encoded, { encoding: 'latin1' } for instance",
        { file: this.name, encoding: this.decoder.encoding, before: this.at },
        { cause },
      );
    }
  }

  close(): Task<void> {
    return this.source.close();
  }
}

function split(text: string): string[] {
  return text.includes('\r') ? text.split(/\r\n|\r|\n/) : text.split('\n');
}
