// The documented tree of every reduction, in plain JavaScript: leaves of 256 elements, 16 lanes each, lanes folded by
// halves, leaves combined in pairs of neighbours. What compiled folds must equal bit for bit.

import type { Value } from '../../src/kernel/interpret.ts';

/** One state: a value per part. */
export type State = readonly Value[];
export type Combine = (a: State, b: State) => State;

/** Combines states in pairs of neighbours until one is left; an odd one moves along. */
export function pairwise(states: readonly State[], combine: Combine): State {
  let level = [...states];
  while (level.length > 1) {
    const next: State[] = [];
    for (let i = 0; i < level.length; i += 2)
      next.push(i + 1 < level.length ? combine(level[i], level[i + 1]) : level[i]);
    level = next;
  }
  return level[0];
}

/** The state of one leaf: lane k takes the elements k, k + 16, k + 32 …, then lanes meet those half the width away. */
export function leafOf(values: readonly State[], identity: State, combine: Combine): State {
  const lane: State[] = Array.from({ length: 16 }, () => identity);
  values.forEach((v, i) => {
    lane[i % 16] = combine(lane[i % 16], v);
  });
  for (let half = 8; half >= 1; half /= 2) for (let k = 0; k < half; k++) lane[k] = combine(lane[k], lane[k + half]);
  return lane[0];
}

/** The whole reduction of one run. */
export function treeOf(
  values: readonly State[],
  identity: State,
  combine: Combine,
  ordered: boolean,
  leaf = 256,
): State {
  if (!ordered) return leafOf(values, identity, combine);
  const leaves: State[] = [];
  for (let at = 0; at < Math.max(1, values.length); at += leaf)
    leaves.push(leafOf(values.slice(at, at + leaf), identity, combine));
  return pairwise(leaves, combine);
}
