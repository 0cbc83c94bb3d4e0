// Colour on a terminal and none elsewhere: NO_COLOR (no-color.org) always wins, FORCE_COLOR asks for it in a pipe, as CI
// services do.

/** The styles of the commands (what matters most in a line is strong), by the SGR codes that begin and end them. */
const styles = { good: [32, 39], bad: [31, 39], warning: [33, 39], quiet: [2, 22], strong: [1, 22] } as const;

export type Paint = (style: keyof typeof styles, text: string) => string;

export interface Terminal {
  readonly isTTY?: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

export function usesColour(stream: Terminal, env: Variables = process.env): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** `const paint = paintFor(process.stdout); paint('good', 'faster')`. `table` of amounts.ts aligns painted cells. */
export const paintFor = (stream: Terminal, env?: Variables): Paint =>
  usesColour(stream, env)
    ? (style, text) => `\x1b[${styles[style][0]}m${text}\x1b[${styles[style][1]}m`
    : (_, text) => text;
