// HTML as text that cannot be mixed up with other text: html`<p>${name}</p>` escapes what is put in, unless it is HTML
// already. So a name from a file or from a user's module cannot become markup.

/** A piece of HTML. Made by the tag `html`; `trusted` is for text that is known to be markup, as a drawn SVG. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export const trusted = (markup: string): Html => new Html(markup);

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it; control characters, which could turn what follows around, become blanks. */
export const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => (c === '\n' ? c : ' ')).replace(/[&<>"']/g, (c) => escapes[c]);

/** What may be put in: text and numbers are escaped, pieces of HTML and lists of them are not; `undefined` is nothing. */
export type Part = string | number | Html | undefined | readonly Part[];

function markup(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  return typeof part === 'object' ? part.map(markup).join('\n') : escaped(String(part));
}

/** html`<td>${text}` escapes `text`. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(texts.map((text, i) => text + markup(parts[i])).join(''));
