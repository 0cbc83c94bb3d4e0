// Random cases of sorting and searching: every dtype, NaN and zeros of both signs, many equal elements, all axes and
// layouts. Positions are compared where the order is stable; partitions by the elements that they promise.

import type { NDArray } from '../../src/array/ndarray.ts';
import { dtypeList } from '../../src/dtype/dtype.ts';
import * as np from '../../src/index.ts';
import { below, type Elements, pick, type Random } from '../sweep/_values.ts';
import { type Argument, type Case, callCase, Inputs, mixed, plain, type Tolerance, value } from './_case.ts';

const positions: Tolerance = { anyDType: true };

function randomShape(random: Random): number[] {
  const long = pick(random, [0, 1, 2, 3, 5, 8, 9, 10, 17, 40, 65, 130, 200, 450, 1000]);
  return pick(random, [[long], [long], [3, long], [long, 5], [2, long, 2]]);
}

/** Elements of one kind or another: edge values, few different ones, spread ones. */
function elements(d: Elements['d'], random: Random): (n: number) => Elements {
  const kind = below(random, 3);
  if (kind === 0) return (n) => mixed(d, n, random);
  return (n) => plain(d, n, random, kind === 1 ? -4 : -120, kind === 1 ? 4 : 120);
}

type Build = (random: Random) => Case;

const alongAxis = (shape: readonly number[], random: Random): number => below(random, shape.length) - shape.length;

const sortCase: Build = (random) => {
  const d = pick(random, dtypeList);
  const shape = randomShape(random);
  const inputs = new Inputs(random);
  const a = inputs.view(shape, elements(d, random));
  const stable = random() < 0.5;
  const axis = random() < 0.2 ? null : alongAxis(shape, random);
  const keywords = { axis: value(axis), ...(stable && { kind: value('stable') }) };
  // Of zeros and NaN that differ in bits only a stable sort says which comes first.
  return callCase('sorting', 'sort', [a], keywords, inputs.x, stable ? {} : { zeros: true }, { shape, axis });
};

const argsortCase: Build = (random) => {
  const shape = randomShape(random);
  const inputs = new Inputs(random);
  const a = inputs.view(shape, elements(pick(random, dtypeList), random));
  const axis = random() < 0.2 ? null : alongAxis(shape, random);
  const keywords = { axis: value(axis), kind: value('stable') };
  return callCase('sorting', 'argsort', [a], keywords, inputs.x, positions, { shape, axis });
};

const sorted = (a: Argument): Argument => ({
  py: `np.sort(${a.py})`,
  js: (x) => np.sort(a.js(x) as NDArray), // an input
});

const searchCase: Build = (random) => {
  const inputs = new Inputs(random);
  const make = elements(pick(random, dtypeList), random);
  const a = sorted(inputs.view([pick(random, [0, 1, 2, 7, 40, 300])], make));
  const same = random() < 0.5;
  const v = inputs.view(randomShape(random), same ? make : elements(pick(random, dtypeList), random));
  const keywords = { side: value(pick(random, ['left', 'right'])) };
  return callCase('sorting', 'searchsorted', [a, v], keywords, inputs.x, positions);
};

const digitizeCase: Build = (random) => {
  const inputs = new Inputs(random);
  const real = dtypeList.filter((d) => d.kind === 'f' || d.kind === 'i');
  const bins = sorted(inputs.view([pick(random, [1, 2, 7, 40])], (n) => plain(pick(random, real), n, random, -9, 9)));
  const v = inputs.view(randomShape(random), (n) => plain(pick(random, real), n, random, -10, 10));
  const keywords = { right: value(random() < 0.5) };
  return callCase('sorting', 'digitize', [v, bins], keywords, inputs.x, positions);
};

const lexsortCase: Build = (random) => {
  const inputs = new Inputs(random);
  const shape = randomShape(random);
  const keys = Array.from({ length: 1 + below(random, 3) }, () =>
    inputs.view(shape, (n) => plain(pick(random, dtypeList), n, random, -3, 3)),
  );
  const list: Argument = { py: `[${keys.map((k) => k.py)}]`, js: (x) => keys.map((k) => k.js(x)) };
  return callCase('sorting', 'lexsort', [list], { axis: value(alongAxis(shape, random)) }, inputs.x, positions);
};

const partitionCase: Build = (random) => {
  const d = pick(random, dtypeList);
  const shape = randomShape(random);
  const axis = shape.length - 1;
  const n = Math.max(1, shape[axis]);
  const k = below(random, n) - (random() < 0.3 ? n : 0);
  const inputs = new Inputs(random);
  const a = inputs.view(shape, elements(d, random));
  const name = pick(random, ['partition', 'argpartition']);
  const py = name === 'partition' ? `np.partition(${a.py}, ${k})` : `np.sort(${a.py})`;
  return {
    group: 'sorting',
    py: `${py}[..., ${k}]`,
    x: inputs.x,
    tolerance: { zeros: true },
    facts: { name, dtypes: [d] },
    ours: (x) => {
      const array = a.js(x) as NDArray; // an input
      if (name === 'partition') return np.partition(array, k).get('...', k);
      return np.take_along_axis(array, np.argpartition(array, k), axis).get('...', k);
    },
  };
};

const complexCase: Build = (random) => {
  const inputs = new Inputs(random);
  const a = inputs.view(randomShape(random), elements(pick(random, dtypeList), random));
  return callCase('sorting', 'sort_complex', [a], {}, inputs.x, { zeros: true });
};

const builds = [sortCase, sortCase, argsortCase, searchCase, partitionCase, lexsortCase, digitizeCase, complexCase];

export function* sortingCases(random: Random): Generator<Case> {
  for (;;) yield pick(random, builds)(random);
}
