// In which order a product of many operands is contracted: which operands meet first, and what that costs. It knows
// labels and lengths, no arrays. The cost of a contraction is the size of its index space times the operations per point.
// Source: Smith, Gray, "opt_einsum", JOSS 3(26), 2018 (the greedy and the exhaustive search).

import { ArgumentError } from '../base/errors.ts';
import { type Subscripts, writeSubscripts } from '../shape/einsum.ts';

/** Positions of the operands that meet; they leave the list, the result goes to its end. */
export type Step = readonly number[];
type Term = readonly number[];

/** How to search, with the most elements that an intermediate result may have. */
export interface Search {
  readonly kind: 'greedy' | 'optimal';
  readonly limit: number;
}

export const sizeOfTerm = (term: Term, { size }: Subscripts): number => term.reduce((n, label) => n * size(label), 1);

const distinct = (labels: readonly number[]): number[] => [...new Set(labels)];

/** What remains of operands that meet: the labels that others, or the result, still need. */
export function remaining(met: readonly Term[], others: readonly Term[], output: Term): number[] {
  return distinct(met.flat()).filter((l) => output.includes(l) || others.some((t) => t.includes(l)));
}

/** Operations of a contraction, each point a multiplication per further operand and an addition where labels are summed. */
function cost(met: readonly Term[], made: Term, subscripts: Subscripts): number {
  const space = distinct(met.flat());
  const perPoint = Math.max(1, met.length - 1) + (space.length > made.length ? 1 : 0);
  return sizeOfTerm(space, subscripts) * perPoint;
}

interface Met {
  readonly step: Step;
  readonly made: number[];
  readonly cost: number;
}

/** The operands at `step` contracted. */
function meet(terms: readonly Term[], step: Step, subscripts: Subscripts): Met {
  const met = step.map((i) => terms[i]);
  const others = terms.filter((_, i) => !step.includes(i));
  const made = remaining(met, others, subscripts.output);
  return { step, made, cost: cost(met, made, subscripts) };
}

const after = (terms: readonly Term[], { step, made }: Met): Term[] => [
  ...terms.filter((_, i) => !step.includes(i)),
  made,
];

function pairsOf(terms: readonly Term[]): Step[] {
  return terms.flatMap((_, i) => terms.slice(i + 1).map((__, j) => [i, i + 1 + j]));
}

const everything = (n: number): Step => Array.from({ length: n }, (_, i) => i);

/** The pair that frees most at every turn; of equals the cheaper. */
function greedy(subscripts: Subscripts, limit: number): Step[] {
  const path: Step[] = [];
  let terms: readonly Term[] = subscripts.terms;
  while (terms.length > 2) {
    const now = terms;
    const fits = pairsOf(now)
      .map((step) => meet(now, step, subscripts))
      .filter((m) => sizeOfTerm(m.made, subscripts) <= limit);
    const share = ({ step: [i, j] }: Met): boolean => now[i].some((l) => now[j].includes(l));
    const freed = ({ step, made }: Met): number =>
      step.reduce((n, i) => n + sizeOfTerm(now[i], subscripts), 0) - sizeOfTerm(made, subscripts);
    const candidates = fits.some(share) ? fits.filter(share) : fits;
    const best = candidates.reduce<Met | undefined>((found, m) => {
      if (found === undefined || freed(m) > freed(found)) return m;
      return freed(m) === freed(found) && m.cost < found.cost ? m : found;
    }, undefined);
    if (best === undefined) break;
    path.push(best.step);
    terms = after(terms, best);
  }
  return [...path, everything(terms.length)];
}

/** The cheapest of all orders of pairs, by trying them with what is already too dear left out. */
function optimal(subscripts: Subscripts, limit: number): Step[] {
  let best: { path: Step[]; cost: number } = {
    path: [everything(subscripts.terms.length)],
    cost: meet(subscripts.terms, everything(subscripts.terms.length), subscripts).cost,
  };
  const visit = (terms: readonly Term[], path: Step[], spent: number): void => {
    if (spent >= best.cost) return;
    if (terms.length === 1) {
      best = { path, cost: spent };
      return;
    }
    for (const step of pairsOf(terms)) {
      const m = meet(terms, step, subscripts);
      if (sizeOfTerm(m.made, subscripts) <= limit) visit(after(terms, m), [...path, step], spent + m.cost);
    }
  };
  visit(subscripts.terms, [], 0);
  return best.path;
}

const costOfPath = (subscripts: Subscripts, path: readonly Step[]): number =>
  trace(subscripts, path).reduce((n, m) => n + m.cost, 0);

/** Every contraction of a path in turn. */
export function trace(subscripts: Subscripts, path: readonly Step[]): Met[] {
  let terms: readonly Term[] = subscripts.terms;
  return path.map((step) => {
    const m = meet(terms, step, subscripts);
    terms = after(terms, m);
    return m;
  });
}

/** The path of a search; all operands at once where pairs would be no cheaper. */
export function searchPath(subscripts: Subscripts, { kind, limit }: Search): Step[] {
  const once = [everything(subscripts.terms.length)];
  if (subscripts.terms.length <= 2) return once;
  const found = kind === 'greedy' ? greedy(subscripts, limit) : optimal(subscripts, limit);
  return costOfPath(subscripts, found) > costOfPath(subscripts, once) ? once : found;
}

/** Elements of the largest operand or of the result: what intermediate results may have unless told otherwise. */
export const usualLimit = (subscripts: Subscripts): number =>
  Math.max(...[...subscripts.terms, subscripts.output].map((t) => sizeOfTerm(t, subscripts)));

/**
 * Checks a path that was given: every operand contracted once, one result in the end.
 * @throws ArgumentError otherwise.
 */
export function checkPath(path: readonly unknown[], operands: number, where: string): Step[] {
  let left = operands;
  for (const step of path) {
    const fits =
      Array.isArray(step) &&
      step.length > 0 &&
      new Set(step).size === step.length &&
      step.every((i) => Number.isInteger(i) && i >= 0 && i < left);
    if (!fits) {
      throw new ArgumentError(
        `${where}: the step ${JSON.stringify(step)} does not fit ${left} operands`,
        'name different positions; operands leave the list, their product goes to its end',
        { path, step },
      );
    }
    left -= step.length - 1;
  }
  if (left !== 1) {
    throw new ArgumentError(`${where}: the path leaves ${left} operands`, 'contract until one is left', { path });
  }
  return path as Step[]; // checked above
}

const scientific = (x: number): string =>
  x
    .toExponential(3)
    .replace('e+', 'e+0')
    .replace(/e\+0(\d\d)/, 'e+$1');

/** A path as a table: what meets at every step, how many labels that is, and what is left. */
export function describePath(subscripts: Subscripts, path: readonly Step[]): string {
  const steps = trace(subscripts, path);
  const scale = (met: readonly Term[]): number => distinct(met.flat()).length;
  let terms: readonly Term[] = subscripts.terms;
  const rows = steps.map((m) => {
    const met = m.step.map((i) => terms[i]);
    terms = after(terms, m);
    const now = terms.length === 1 ? subscripts.output : m.made;
    return { scaling: scale(met), current: writeSubscripts(met, now), left: writeSubscripts(terms, subscripts.output) };
  });
  const once = cost(subscripts.terms, subscripts.output, subscripts);
  const spent = steps.reduce((n, m) => n + m.cost, 0);
  const facts = [
    ['Complete contraction', writeSubscripts(subscripts.terms, subscripts.output)],
    ['Naive scaling', scale(subscripts.terms)],
    ['Optimized scaling', Math.max(0, ...rows.map((r) => r.scaling))],
    ['Naive FLOP count', scientific(once)],
    ['Optimized FLOP count', scientific(spent)],
    ['Theoretical speedup', (once / spent).toFixed(3)],
    ['Largest intermediate', `${scientific(Math.max(...steps.map((m) => sizeOfTerm(m.made, subscripts))))} elements`],
  ] as const;
  const columns = (a: unknown, b: unknown, c: unknown): string =>
    `${String(a).padStart(7)} ${String(b).padStart(24)} ${String(c).padStart(40)}`;
  return [
    ...facts.map(([name, value]) => `${name.padStart(22)}:  ${value}`),
    columns('scaling', 'current', 'remaining'),
    ...rows.map((r) => columns(r.scaling, r.current, r.left)),
  ].join('\n');
}
