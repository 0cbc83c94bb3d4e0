// A line of text cut into fields: by runs of blanks, by one character, or with quotes. Offsets only; no strings are made
// unless quotes have to be taken out. The rules are those of NumPy's loadtxt.
import { isBlank } from './parse_element.ts';

export interface FieldRules {
  /** One character; undefined for runs of blanks. */
  readonly delimiter: string | undefined;
  readonly comments: readonly string[];
  readonly quote: string | undefined;
}

/** Fields of the line that was cut last: `text[start[i], end[i])` for i below `count`. */
export class Fields {
  text = '';
  start = new Int32Array(64);
  end = new Int32Array(64);
  count = 0;
  /** The line ended inside quotes: cut it again with the next line behind it. */
  open = false;
  private readonly rules: FieldRules;

  constructor(rules: FieldRules) {
    this.rules = rules;
  }

  cut(line: string): void {
    this.count = 0;
    this.open = false;
    const { quote, delimiter } = this.rules;
    if (quote !== undefined && line.includes(quote)) {
      this.quoted(line, quote);
      return;
    }
    this.text = line;
    const end = this.beforeComment(line);
    if (delimiter === undefined) this.blanks(line, end);
    else if (end > 0) this.delimited(line, end, delimiter.charCodeAt(0)); // an empty line is no row
  }

  field(i: number): string {
    return this.text.slice(this.start[i], this.end[i]);
  }

  private beforeComment(line: string): number {
    let end = line.length;
    for (const mark of this.rules.comments) {
      const at = line.indexOf(mark);
      if (at >= 0 && at < end) end = at;
    }
    return end;
  }

  private add(start: number, end: number): void {
    if (this.count === this.start.length) {
      const grown = (old: Int32Array) => {
        const made = new Int32Array(2 * old.length);
        made.set(old);
        return made;
      };
      this.start = grown(this.start);
      this.end = grown(this.end);
    }
    this.start[this.count] = start;
    this.end[this.count++] = end;
  }

  private blanks(line: string, end: number): void {
    let i = 0;
    for (;;) {
      while (i < end && isBlank(line.charCodeAt(i))) i++;
      if (i === end) return;
      const start = i;
      while (i < end && !isBlank(line.charCodeAt(i))) i++;
      this.add(start, i);
    }
  }

  private delimited(line: string, end: number, delimiter: number): void {
    let start = 0;
    for (let i = 0; i < end; i++) {
      if (line.charCodeAt(i) !== delimiter) continue;
      this.add(start, i);
      start = i + 1;
    }
    this.add(start, end);
  }

  /** Quotes open at the start of a field only; doubled ones inside stand for one. */
  private quoted(line: string, quote: string): void {
    const { delimiter, comments } = this.rules;
    this.text = '';
    let i = 0;
    const ends = (at: number): boolean =>
      delimiter === undefined ? isBlank(line.charCodeAt(at)) : line[at] === delimiter;
    const comment = (at: number): boolean => comments.some((mark) => line.startsWith(mark, at));
    for (;;) {
      if (delimiter === undefined) while (i < line.length && isBlank(line.charCodeAt(i))) i++;
      if (delimiter === undefined && (i === line.length || comment(i))) return;
      if (delimiter !== undefined && this.count === 0 && comment(i)) return;
      const start = this.text.length;
      if (line[i] === quote) {
        i++;
        for (;;) {
          const close = line.indexOf(quote, i);
          this.text += line.slice(i, close < 0 ? line.length : close);
          if (close < 0) {
            this.open = true;
            this.add(start, this.text.length);
            return;
          }
          i = close + 1;
          if (line[i] !== quote) break;
          this.text += quote;
          i++;
        }
      }
      while (i < line.length && !ends(i) && !comment(i)) this.text += line[i++];
      this.add(start, this.text.length);
      if (i === line.length || comment(i)) return;
      i++; // the delimiter, behind which another field begins
    }
  }
}
