// Subscripts of einsum: text or lists of integers to one list of labels per operand, and what the result has. Letters are
// numbered as in the list form, A to Z, then a to z; dimensions under an ellipsis get labels of their own, counted from
// the right, so that they broadcast. What is computed with them is linalg/einsum.ts's business.

import { ArgumentError, ShapeError } from '../base/errors.ts';
import { formatShape } from './strides.ts';

/** What is summed and multiplied: labels of every operand and of the result, and how long each is. */
export interface Subscripts {
  readonly terms: readonly (readonly number[])[];
  readonly output: readonly number[];
  readonly size: (label: number) => number;
}

/** Labels as they are written; ELLIPSIS stands for any number of dimensions. */
export type Written = readonly number[];
export const ELLIPSIS = -1;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A label as text; under an ellipsis a digit after a point. */
export const labelName = (label: number): string =>
  label < LETTERS.length ? LETTERS[label] : `.${label - LETTERS.length}`;

const refuse = (where: string, what: string, fix: string, facts: Record<string, unknown>): never => {
  throw new ArgumentError(`${where}: ${what}`, fix, facts);
};

function readTerm(text: string, where: string, subscripts: string): number[] {
  const labels: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === ' ') continue;
    if (text.startsWith('...', i) && !labels.includes(ELLIPSIS)) {
      labels.push(ELLIPSIS);
      i += 2;
      continue;
    }
    const label = LETTERS.indexOf(text[i]);
    if (label < 0) {
      refuse(
        where,
        `'${text[i]}' in the subscripts '${subscripts}' is none`,
        'use letters, commas, one -> and at most one ... per operand',
        {
          subscripts,
          character: text[i],
        },
      );
    }
    labels.push(label);
  }
  return labels;
}

/** Reads 'ij,jk->ik'. */
export function readSubscripts(text: string, where: string): { inputs: Written[]; output: Written | undefined } {
  const [left, right, ...more] = text.split('->');
  if (more.length > 0)
    refuse(where, `the subscripts '${text}' have more than one ->`, 'leave one', { subscripts: text });
  const inputs = left.split(',').map((term) => readTerm(term, where, text));
  return { inputs, output: right === undefined ? undefined : readTerm(right, where, text) };
}

/** Reads a list of integers from 0 to 51, with '...' for an ellipsis. */
export function readSublist(list: readonly unknown[], where: string): Written {
  return list.map((x) => {
    if (x === '...') return ELLIPSIS;
    if (typeof x === 'number' && Number.isInteger(x) && x >= 0 && x < LETTERS.length) return x;
    return refuse(
      where,
      `a list of subscripts holds ${String(x)}`,
      `use integers from 0 to ${LETTERS.length - 1} and '...'`,
      {
        list,
      },
    );
  });
}

/** Labels of an operand's dimensions, the ellipsis spelled out. */
function spelledOut(term: Written, ndim: number, operand: number, where: string): number[] {
  const at = term.indexOf(ELLIPSIS);
  const named = at < 0 ? term.length : term.length - 1;
  if (named > ndim || (at < 0 && named < ndim)) {
    throw new ShapeError(
      `${where}: operand ${operand} has ${ndim} dimensions and ${named} subscripts`,
      named > ndim ? 'leave subscripts out' : 'name every dimension, or put ... for those that broadcast',
      { operand, ndim, subscripts: named },
    );
  }
  if (at < 0) return [...term];
  const covered = Array.from({ length: ndim - named }, (_, i) => LETTERS.length + ndim - named - 1 - i);
  return [...term.slice(0, at), ...covered, ...term.slice(at + 1)];
}

/** Every label once, in order of appearance. */
const distinct = (labels: readonly number[]): number[] => [...new Set(labels)];

/**
 * Settles subscripts for operands of these shapes. Without an output the result has the dimensions under ellipses, then
 * the labels that appear once, in alphabetical order.
 * @throws ShapeError for dimensions that do not match, ArgumentError for subscripts that do not.
 */
export function settleSubscripts(
  inputs: readonly Written[],
  output: Written | undefined,
  shapes: readonly (readonly number[])[],
  where: string,
): Subscripts {
  if (inputs.length !== shapes.length) {
    refuse(
      where,
      `subscripts for ${inputs.length} operands, and ${shapes.length} operands`,
      'give one list of subscripts per operand',
      {
        subscripts: inputs.length,
        operands: shapes.length,
      },
    );
  }
  const terms = inputs.map((term, o) => spelledOut(term, shapes[o].length, o, where));
  const sizes = new Map<number, number>();
  for (const [o, term] of terms.entries()) {
    for (const [d, label] of term.entries()) {
      const n = shapes[o][d];
      const first = term.indexOf(label);
      const twice = first < d;
      const before = twice ? shapes[o][first] : sizes.get(label);
      if (before === undefined || (before === 1 && !twice)) sizes.set(label, n);
      else if (n !== before && (n !== 1 || twice)) {
        throw new ShapeError(
          `${where}: '${labelName(label)}' is ${before} and ${n} long (shapes ${shapes.map(formatShape).join(', ')})`,
          twice ? 'a diagonal needs dimensions of one length' : 'make the dimensions equal, or one of them 1',
          { label: labelName(label), lengths: [before, n], shapes },
        );
      }
    }
  }
  const all = terms.flat();
  const covered = distinct(all.filter((l) => l >= LETTERS.length)).sort((a, b) => b - a);
  const once = distinct(all).filter((l) => l < LETTERS.length && all.indexOf(l) === all.lastIndexOf(l));
  const settled =
    output === undefined
      ? [...covered, ...once.sort((a, b) => a - b)]
      : output.flatMap((l) => (l === ELLIPSIS ? covered : [l]));
  for (const label of settled) {
    if (!sizes.has(label)) {
      refuse(where, `the result has '${labelName(label)}', and no operand`, 'take it out of the subscripts behind ->', {
        label: labelName(label),
      });
    }
    if (settled.indexOf(label) !== settled.lastIndexOf(label)) {
      refuse(where, `the result has '${labelName(label)}' twice`, 'name every dimension of the result once', {
        label: labelName(label),
      });
    }
  }
  if (output !== undefined && !output.includes(ELLIPSIS) && covered.length > 0) {
    refuse(where, 'dimensions under an ellipsis are not in the result', 'put ... behind -> as well', { output });
  }
  return { terms, output: settled, size: (label) => sizes.get(label) ?? 1 };
}

/** Settled subscripts as text. */
export const writeSubscripts = (terms: readonly (readonly number[])[], output: readonly number[]): string =>
  `${terms.map((t) => t.map(labelName).join('')).join(',')}->${output.map(labelName).join('')}`;
