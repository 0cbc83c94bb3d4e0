// The page's elements: found by id, filled with text. Nothing from the watched process becomes markup: all of it goes
// through textContent.

export interface Column {
  readonly name: string;
  /** How its cells are set: figures to the right, code in its own face, words that do not break. */
  readonly kind?: 'number' | 'name' | 'code' | 'wordless';
}

/** The element with an id that the page is known to have. */
export function panelOf(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

/** The time of day. */
export const clock = (at: number): string => new Date(at).toTimeString().slice(0, 8);

/** The end of a path tells most; the whole of it is the cell's title. */
const shortened = (path: string): string => path.replace(/^.*[\\/](?=[^\\/]+[\\/][^\\/]+$)/, '…/');

/** Writes a text where it differs, so that what is selected or read aloud stays. */
export function write(element: Element | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}

/** Makes a table's rows these texts. */
export function fill(
  table: Element,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  alarming: (row: number) => boolean = () => false,
): void {
  const line = (cell: 'th' | 'td', texts: readonly string[], alarm: boolean): HTMLTableRowElement => {
    const tr = document.createElement('tr');
    if (alarm) tr.className = 'alarm';
    texts.forEach((text, i) => {
      const element = document.createElement(cell);
      element.textContent = text;
      if (cell === 'th') element.setAttribute('scope', 'col');
      const { kind } = columns[i];
      if (kind !== undefined) element.className = kind;
      if (kind === 'code' && cell === 'td') {
        element.textContent = shortened(text);
        element.title = text;
      }
      tr.append(element);
    });
    return tr;
  };
  const head = document.createElement('thead');
  const names = columns.map(({ name }) => name);
  head.append(line('th', names, false));
  const body = document.createElement('tbody');
  body.append(...rows.map((texts, i) => line('td', texts, alarming(i))));
  table.replaceChildren(head, body);
}
