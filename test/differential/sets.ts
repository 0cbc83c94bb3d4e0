// Random cases of distinct values, membership and operations on sets.

import { type DType, dtypeList } from '../../src/dtype/dtype.ts';
import { below, type Elements, pick, type Random } from '../sweep/_values.ts';
import {
  type Argument,
  type Case,
  callCase,
  has,
  Inputs,
  mixed,
  plain,
  randomShape,
  type Tolerance,
  value,
} from './_case.ts';
import type { NumpyOracle } from './_oracle.ts';

type Keywords = Record<string, Argument>;
type Fill = (n: number) => Elements;

// Few distinct values, many, or edges among them; NaN now and then.
function filling(d: DType, random: Random): Fill {
  const kind = below(random, 4);
  const range = pick(random, [2, 5, 100]);
  return (n) => {
    if (kind === 0 && d.kind !== 'c') return mixed(d, n, random);
    const whole = kind < 3 && d.kind === 'f';
    const e = plain(d, n, random, -range, range);
    if (whole && !d.half) for (let i = 0; i < e.raw.length; i++) e.raw[i] = Math.round(Number(e.raw[i])) as never; // floats
    if (d.kind === 'f' && n > 2 && random() < 0.3) {
      for (let k = 0; k < 3; k++) e.raw[below(random, n)] = (d.half ? 0x7e00 : Number.NaN) as never; // floats
    }
    return e;
  };
}

const flags = (random: Random, names: readonly string[]): Keywords =>
  Object.fromEntries(names.filter(() => random() < 0.4).map((n) => [n, value(random() < 0.8)]));

const twoSets = ['intersect1d', 'union1d', 'setdiff1d', 'setxor1d', 'isin'];
// Complex NaN is left out: which of several is reported follows no order.
const tolerance: Tolerance = { zeros: true };

export function* setCases(random: Random, numpy: NumpyOracle): Generator<Case> {
  const names = ['unique', 'unique', ...twoSets].filter((n) => has(n) && numpy.names.has(n));
  for (;;) {
    const name = pick(random, names);
    const inputs = new Inputs(random);
    const d = pick(random, dtypeList);
    const fill = filling(d, random);
    const shape = random() < 0.5 ? [below(random, 300)] : randomShape(random, 3, 200);
    const keywords: Keywords = {};
    const args = [inputs.view(shape, fill)];
    let ds = [d];
    if (name === 'unique') {
      Object.assign(keywords, flags(random, ['return_index', 'return_inverse', 'return_counts', 'equal_nan']));
      if (shape.length > 1 && random() < 0.4) keywords.axis = value(below(random, shape.length));
    } else if (twoSets.includes(name)) {
      const e = random() < 0.7 ? d : pick(random, dtypeList);
      ds = [d, e];
      const other = e === d ? fill : filling(e, random);
      args.push(inputs.view(name === 'isin' ? [below(random, 80)] : [below(random, 200)], other));
      if (name === 'isin') Object.assign(keywords, flags(random, ['invert']));
      if (name === 'intersect1d') Object.assign(keywords, flags(random, ['return_indices']));
    }
    // Positions are int32 here.
    const positions = /index|inverse|indices/.test(Object.keys(keywords).join());
    yield callCase('sets', name, args, keywords, inputs.x, positions ? { ...tolerance, anyDType: true } : tolerance, {
      ds,
    });
  }
}
