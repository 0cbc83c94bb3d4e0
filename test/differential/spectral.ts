// Random matrices through np.linalg's Hermitian eigenproblem and singular values. Vectors are unique up to their phase, so
// that values, ranks, pseudo-inverses and solutions are compared.

import { dtypeList } from '../../src/dtype/dtype.ts';
import { below, pick, type Random } from '../sweep/_values.ts';
import { type Argument, type Case, callCase, has, Inputs, plain, type Tolerance, value } from './_case.ts';
import type { NumpyOracle } from './_oracle.ts';

/** Rounding of matrices of up to 40 rows, elements below 9, by two algorithms. */
const values: Tolerance = { ulp: () => 16, absolute: 2 ** 13, zeros: true };
/** The same, times what near-singular matrices make of it. */
const solutions: Tolerance = { ulp: () => 2 ** 20, absolute: 2 ** 22, zeros: true };

const names: Readonly<Record<string, Tolerance>> = {
  eigvalsh: values,
  svdvals: values,
  matrix_rank: values,
  cond: solutions,
  pinv: solutions,
  lstsq: solutions,
};

function keywordsOf(name: string, random: Random): Record<string, Argument> {
  if (name === 'eigvalsh' && random() < 0.5) return { UPLO: value(pick(random, ['L', 'U'])) };
  if (name === 'matrix_rank' && random() < 0.3) return { tol: value(1e-3) };
  if (name === 'lstsq' || name === 'pinv') return { rcond: value(1e-3) };
  return {};
}

export function* spectralCases(random: Random, numpy: NumpyOracle): Generator<Case> {
  const known = Object.keys(names).filter((n) => has(`linalg.${n}`) && numpy.names.has('linalg'));
  for (;;) {
    const name = pick(random, known);
    const inputs = new Inputs(random);
    const d = pick(
      random,
      // Of integers pinv gives an empty result their own dtype, and cond of singular ones is rounding alone.
      dtypeList.filter((t) => ('fc'.includes(t.kind) && t.itemsize > 2) || !['pinv', 'cond'].includes(name)),
    );
    const size = (): number => pick(random, [0, 1, 2, 3, 4, 5, 8, 13, 40]);
    const m = size();
    const n = name === 'eigvalsh' || random() < 0.3 ? m : size();
    const stack = name === 'lstsq' ? [] : Array.from({ length: below(random, 3) }, () => pick(random, [0, 1, 2, 3]));
    const args = [inputs.view([...stack, m, n], (k) => plain(d, k, random, -9, 9))];
    if (name === 'lstsq')
      args.push(inputs.view(random() < 0.5 ? [m] : [m, below(random, 4)], (k) => plain(d, k, random, -9, 9)));
    if (name === 'cond' && random() < 0.5) args.push(value(pick(random, [2, -2, 1, -1, 'fro'])));
    const made = callCase('spectral', `linalg.${name}`, args, keywordsOf(name, random), inputs.x, names[name], {
      ds: [d],
    });
    yield name === 'lstsq' ? partOf(made, pick(random, ['x', 'residuals', 'rank', 's'])) : made;
  }
}

/** One field of a result of several. */
function partOf(whole: Case, field: 'x' | 'residuals' | 'rank' | 's'): Case {
  const index = ['x', 'residuals', 'rank', 's'].indexOf(field);
  return {
    ...whole,
    py: `${whole.py}[${index}]`,
    ours: (x) => Reflect.get(Object(whole.ours(x)), field), // of an object by the name it has
  };
}
