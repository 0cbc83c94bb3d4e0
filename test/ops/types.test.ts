// The result dtype of every elementwise function for every dtype and pair of dtypes, against NumPy's answers
// (fixtures/make_ufunc_types.py). The one difference is uint64 with a signed integer, an error by default.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ufuncs } from '../../src/array/ufuncs.ts';
import { DTypeError } from '../../src/base/errors.ts';
import { type DType, dtypeList } from '../../src/dtype/dtype.ts';
import { canCast } from '../../src/dtype/promotion.ts';
import type { Ufunc } from '../../src/exec/ufunc.ts';
import { signsClash } from '../../src/ops/define.ts';
import { elementwise, elementwiseNames } from '../../src/ops/rows.ts';

interface Fixture {
  readonly dtypes: readonly string[];
  readonly functions: Readonly<Record<string, readonly (string | readonly string[])[]>>;
}
const fixture: Fixture = JSON.parse(readFileSync('test/fixtures/ufunc_types.json', 'utf8'));

const REFUSED = '.';

function answer(ufunc: Ufunc, operands: readonly DType[], output: number): string {
  const { fixed, truth } = ufunc.row;
  try {
    const { types } = ufunc.loop(operands.filter((_, i) => fixed?.[i] === undefined));
    const fits = operands.every((d, i) => truth || canCast(d, types.ins[i], fixed?.[i] ? 'safe' : 'same_kind'));
    return fits ? types.outs[output].id.toString(16) : REFUSED;
  } catch (error) {
    if (error instanceof DTypeError) return REFUSED;
    throw error;
  }
}

const firstNames = new Map<string, string>();
for (const name of elementwiseNames) {
  firstNames.set(name, name);
  for (const alias of (elementwise[name] as { aliases?: readonly string[] }).aliases ?? []) firstNames.set(alias, name);
}

describe('result dtypes', () => {
  it('has every function of the fixture, and no other', () => {
    const missing = Object.keys(fixture.functions).filter((name) => !firstNames.has(name));
    const surplus = [...firstNames.keys()].filter((name) => !(name in fixture.functions));
    expect({ missing, surplus }).toEqual({ missing: [], surplus: [] });
  });

  for (const [alias, name] of firstNames) {
    const tables = fixture.functions[alias];
    if (tables === undefined) continue;
    it(alias, () => {
      const ufunc = ufuncs[name as keyof typeof ufuncs]; // a row's first name
      const wrong: string[] = [];
      const compare = (operands: DType[], wanted: string, output: number): void => {
        const ours = answer(ufunc, operands, output);
        // uint64 with a signed integer is an error by default.
        if (ours === wanted || (ours === REFUSED && signsClash(operands))) return;
        const say = (digit: string) => (digit === REFUSED ? 'refused' : fixture.dtypes[Number.parseInt(digit, 16)]);
        wrong.push(`${operands.map((d) => d.name).join(', ')} -> ${say(ours)}, NumPy ${say(wanted)}`);
      };
      for (const [output, table] of tables.entries()) {
        for (const [i, a] of dtypeList.entries()) {
          if (typeof table === 'string') compare([a], table[i], output);
          else for (const [j, b] of dtypeList.entries()) compare([a, b], table[i][j], output);
        }
      }
      expect(wrong).toEqual([]);
    });
  }
});
