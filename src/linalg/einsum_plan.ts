// What einsum does for subscripts and shapes before it looks at an element: labels settled, the order of contraction found.
// The last few plans of subscripts given as text are kept: small products cost less than their planning.

import { ArgumentError } from '../base/errors.ts';
import { readSubscripts, type Subscripts, settleSubscripts, type Written } from '../shape/einsum.ts';
import { checkPath, type Step, searchPath, usualLimit } from './contraction_path.ts';

/** How operands are brought together: a search, one with the most elements of an intermediate result, or a path. */
export type Optimize =
  | boolean
  | 'greedy'
  | 'optimal'
  | readonly ['greedy' | 'optimal', number]
  | readonly ['einsum_path', ...(readonly number[])[]];

/** Labels, lengths and the order in which operands meet. */
export interface Plan {
  readonly subscripts: Subscripts;
  readonly path: readonly Step[];
}

type Shapes = readonly (readonly number[])[];

const KEPT = 128;
const plans = new Map<string, Plan>();

/** The plan for subscripts as text. */
export function planOf(text: string, shapes: Shapes, optimize: Optimize, where: string): Plan {
  const key = typeof optimize === 'object' ? undefined : `${text} ${optimize} ${shapes.join(';')}`;
  const known = key === undefined ? undefined : plans.get(key);
  if (known !== undefined) return known;
  const { inputs, output } = readSubscripts(text, where);
  const plan = planFor(inputs, output, shapes, optimize, where);
  if (key === undefined) return plan;
  if (plans.size === KEPT) plans.clear();
  plans.set(key, plan);
  return plan;
}

/** The plan for subscripts that have been read. */
export function planFor(
  inputs: readonly Written[],
  output: Written | undefined,
  shapes: Shapes,
  optimize: Optimize,
  where: string,
): Plan {
  const subscripts = settleSubscripts(inputs, output, shapes, where);
  return { subscripts, path: pathFor(subscripts, optimize, where) };
}

/** The path that `optimize` asks for. */
function pathFor(subscripts: Subscripts, optimize: Optimize, where: string): Step[] {
  const limit = usualLimit(subscripts);
  const n = subscripts.terms.length;
  if (optimize === false) return [Array.from({ length: n }, (_, i) => i)];
  if (optimize === true) return searchPath(subscripts, { kind: 'greedy', limit });
  const [kind, ...rest] = typeof optimize === 'string' ? [optimize] : Array.isArray(optimize) ? optimize : [];
  if (kind === 'einsum_path') return checkPath(rest, n, where);
  const [asked] = rest;
  if ((kind === 'greedy' || kind === 'optimal') && (asked === undefined || typeof asked === 'number')) {
    return searchPath(subscripts, { kind, limit: asked ?? limit });
  }
  throw new ArgumentError(
    `${where}: optimize says nothing that is known`,
    "pass true, false, 'greedy', 'optimal', one of these with a limit, or what np.einsum_path gave",
    { optimize },
  );
}
