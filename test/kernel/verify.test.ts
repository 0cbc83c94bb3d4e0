// Bodies that must be refused before they are compiled, each with its reason, and the printed form of expressions.

import { describe, expect, it } from 'vitest';
import { konst, laneNumber, load, param } from '../../src/kernel/builder.ts';
import { type Node, type Op, rawNode, type ValueType } from '../../src/kernel/ir.ts';
import { printExpression } from '../../src/kernel/print.ts';
import { registerTable } from '../../src/kernel/tables.ts';
import { type Signature, verifyBody } from '../../src/kernel/verify.ts';

const x = load(0, 0, 'f64');
const i = load(1, 0, 'i32');
const signature = (results: readonly ValueType[] = ['f64']): Signature => ({
  loads: (k) => [{ lane: 'f64', parts: 2 } as const, { lane: 'i32', parts: 1 } as const][k],
  params: ['f64', 'bool'],
  results,
});
const table = registerTable('verify f64', 'f64', Float64Array.of(1, 2));
/** A node that the constructors would refuse. */
const forged = (op: Op, args: readonly Node[], imm: Node['imm'], type: ValueType): Node => ({
  id: -1,
  op,
  type,
  args,
  imm,
});

const refused: Record<string, readonly [Node, ValueType, RegExp]> = {
  'an operand that is not there': [load(2, 0, 'f64').node, 'f64', /no operand 2/],
  'an operand of another lane': [load(0, 0, 'f32').node, 'f32', /operand 0 has lane f64/],
  'a part that is not there': [load(1, 1, 'i32').node, 'i32', /operand 1 has no imaginary part/],
  'a load of truth values': [rawNode('load', [], 2, 'bool'), 'bool', /operand 1 has lane i32/],
  'a parameter that is not there': [param(2, 'f64').node, 'f64', /no parameter 2/],
  'a parameter of another type': [param(0, 'i32').node, 'i32', /no parameter 0 of this type/],
  'a constant out of range': [konst('u8', 300).node, 'u8', /out of the range of u8/],
  'a negative unsigned constant': [load(1, 0, 'i32').to('u8').add(-1).node, 'u8', /out of the range of u8/],
  'a fraction among integers': [konst('i32', 0.5).node, 'i32', /not an integer/],
  'a number among 64-bit integers': [forged('const', [], 1, 'i64'), 'i64', /must be a bigint/],
  'a constant that is not a float32': [forged('const', [], 0.1, 'f32'), 'f32', /not a float32/],
  'the element number where there is none': [laneNumber().node, 'i32', /no element number/],
  'a shift too far': [i.shlk(32).node, 'i32', /0 … bits/],
  'bits of another width': [i.bits('f64').node, 'f64', /widths differ/],
  'a table that is not there': [rawNode('table', [i.node], 9999, 'f64'), 'f64', /no such table/],
  'a table of another lane': [rawNode('table', [i.node], table, 'f32'), 'f32', /has lane f64/],
  'an index that is not i32': [rawNode('table', [i.to('i64').node], table, 'f64'), 'f64', /index must be i32/],
  'mixed lanes': [forged('add', [x.node, i.node], null, 'f64'), 'f64', /arguments differ in type/],
  'a condition that is a number': [
    forged('select', [x.node, x.node, x.node], null, 'f64'),
    'f64',
    /condition must be bool/,
  ],
  'a wrong result type': [forged('lt', [x.node, x.node], null, 'f64'), 'f64', /type is not that of the operation/],
  'an unknown operation': [forged('swap' as Op, [x.node], null, 'f64'), 'f64', /no such operation/],
  'a result of another lane': [i.node, 'f64', /result 0 is i32, its operand is f64/],
};

describe('verifyBody', () => {
  it.each(Object.entries(refused))('refuses %s', (_, [node, result, reason]) => {
    expect(() => verifyBody([node], signature([result]), 'test')).toThrow(reason);
  });
  it('refuses a wrong number of roots', () => {
    expect(() => verifyBody([x.node], signature(['f64', 'f64']), 'test')).toThrow(/1 roots for 2 result parts/);
  });
  it('accepts what fits', () => {
    const y = param(1, 'bool').select(x.mul(param(0, 'f64')), load(0, 1, 'f64').add(i.to('f64')));
    verifyBody([y.node], signature(), 'test');
    verifyBody([laneNumber().node], { ...signature(['i32']), lane: true }, 'test');
  });
  it('prints the value that is wrong', () => {
    expect(() => verifyBody([x.add(load(7, 0, 'f64')).node], signature(), 'map')).toThrow('in\nout0 = in7:f64: f64');
  });
});

describe('printExpression', () => {
  it('names shared values only, from the top', () => {
    const s = x.add(1);
    expect(printExpression([s.mul(s).sqrt().node, i.shlk(3).to('f32').node])).toBe(
      ['v0 = add(in0:f64, 1:f64): f64', 'out0 = sqrt(mul(v0, v0)): f64', 'out1 = to_f32(shlk(in1:i32, #3)): f32'].join(
        '\n',
      ),
    );
  });
  it('does not depend on what was built before', () => {
    const text = printExpression([load(3, 1, 'f32').mul(-0).node]);
    konst('f64', 12345.5).add(x);
    expect(printExpression([load(3, 1, 'f32').mul(-0).node])).toBe(text);
    expect(text).toBe('out0 = mul(in3.im:f32, -0:f32): f32');
  });
  it('breaks long lines', () => {
    let e = x;
    for (let k = 0; k < 40; k++) e = e.add(param(0, 'f64')).sqrt();
    for (const line of printExpression([e.node]).split('\n')) expect(line.length).toBeLessThan(150);
  });
});
