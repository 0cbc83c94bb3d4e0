// Where in the user's code we are: the first frame of the stack outside this package. For messages only: engines differ
// in how they write stacks, so nothing may depend on finding one.

const frameLocation = /(?:\(|@|at )?((?:file:\/\/|https?:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):(\d+)\)?\s*$/;

const FRAMES = 50;

const pathOf = (url: string): string => url.replace(/^file:\/\//, '').replace(/[?#].*$/, '');

/** File, line and column of the user's call, as an editor opens it; undefined where every frame is the package's own. */
export const callSite = (): string | undefined => entry().site;

/** Where the package was entered: the line of the user's call, and the name of the function that was called. */
export function entry(): { readonly site?: string; readonly called?: string } {
  const { stackTraceLimit } = Error; // V8's: ten frames end inside the package
  if (stackTraceLimit < FRAMES) Error.stackTraceLimit = FRAMES;
  const { stack } = new Error('call site');
  Error.stackTraceLimit = stackTraceLimit;
  let own: string | undefined;
  let called: string | undefined;
  for (const line of stack?.split('\n') ?? []) {
    const found = frameLocation.exec(line);
    if (found === null) continue;
    const path = pathOf(found[1]);
    // The first frame is this file: in src/base when run from sources, in a bundle otherwise.
    if (own === undefined) own = path.replace(/(?:base[\\/])?[^\\/]*$/, '');
    else if (!path.startsWith(own)) return { site: `${path}:${found[2]}:${found[3]}`, called };
    else called = /([A-Za-z_$][\w$]*) (?:\[as \w+\] )?\(/.exec(line)?.[1] ?? called;
  }
  return { called };
}
