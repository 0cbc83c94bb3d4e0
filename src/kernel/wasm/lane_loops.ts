// Small WebAssembly functions for operations that need a loop per element: exact remainder, greatest common divisor,
// integer power. One function per operation and carrier, added to a module on use.
// fmod: shift-and-subtract on the significands, exact by construction.

import { isSigned, isWide, type ValueType } from '../ir.ts';
import { FunctionCode, type ModuleCode } from './encoder.ts';
import { carrier } from './opcodes.ts';
import { pushConstant } from './scalar.ts';

type Name = 'frem' | 'gcd' | 'ipow';

// Integer instructions by carrier, so that each body is written once.
const i = {
  i32: {
    eqz: 0x45,
    add: 0x6a,
    sub: 0x6b,
    mul: 0x6c,
    and: 0x71,
    shrU: 0x76,
    remU: 0x70,
    ltS: 0x48,
    ltU: 0x49,
  },
  i64: {
    eqz: 0x50,
    add: 0x7c,
    sub: 0x7d,
    mul: 0x7e,
    and: 0x83,
    shrU: 0x88,
    remU: 0x82,
    ltS: 0x53,
    ltU: 0x54,
  },
} as const;

function gcd(t: ValueType): FunctionCode {
  const c = carrier[t] === 'i64' ? 'i64' : 'i32';
  const o = i[c];
  const f = new FunctionCode([c, c], [c]);
  const rest = f.local(c);
  if (isSigned(t)) {
    for (const p of [0, 1]) {
      f.get(p);
      pushConstant(f, t, 0);
      f.op(o.ltS).if();
      pushConstant(f, t, 0);
      f.get(p).op(o.sub).set(p).end();
    }
  }
  f.block().loop().get(1).op(o.eqz).brIf(1);
  f.get(0).get(1).op(o.remU).set(rest).get(1).set(0).get(rest).set(1).br(0).end().end();
  f.get(0);
  return f;
}

function ipow(t: ValueType): FunctionCode {
  const c = carrier[t] === 'i64' ? 'i64' : 'i32';
  const o = i[c];
  const f = new FunctionCode([c, c], [c]);
  const result = f.local(c);
  if (isSigned(t)) {
    f.get(1);
    pushConstant(f, t, 0);
    f.op(o.ltS).if();
    pushConstant(f, t, 0);
    f.return().end();
  }
  pushConstant(f, t, 1);
  f.set(result);
  f.block().loop().get(1).op(o.eqz).brIf(1);
  f.get(1);
  pushConstant(f, t, 1);
  f.op(o.and);
  if (c === 'i64') f.op(0xa7);
  f.if().get(result).get(0).op(o.mul).set(result).end();
  f.get(0).get(0).op(o.mul).set(0);
  f.get(1);
  pushConstant(f, t, 1);
  f.op(o.shrU).set(1).br(0).end().end();
  f.get(result);
  return f;
}

// Works on f64; f32 arguments are promoted by the caller (fmod of two float32 is a float32 exactly).
function frem(t: ValueType): FunctionCode {
  const c = t === 'f32' ? 'f32' : 'f64';
  const f = new FunctionCode([c, c], [c]);
  const x = f.local('f64');
  const y = f.local('f64');
  const step = f.local('f64');
  const widen = (p: number): void => {
    f.get(p);
    if (c === 'f32') f.op(0xbb);
  };
  const f64 = (v: number): void => pushConstant(f, 'f64', v);
  const giveUp = (): void => {
    pushConstant(f, c, Number.NaN);
    f.return().end();
  };
  widen(0);
  f.op(0x99).set(x);
  widen(1);
  f.op(0x99).set(y);
  // NaN, x infinite or y zero: NaN
  f.get(x).get(x).op(0x61).get(y).get(y).op(0x61).op(0x71).get(x);
  f64(Number.POSITIVE_INFINITY);
  f.op(0x63).op(0x71).get(y);
  f64(0);
  f.op(0x64).op(0x71).op(0x45).if();
  giveUp();
  // while x >= y: subtract the largest y·2^k that does not exceed x; every step is exact
  f.block().loop().get(x).get(y).op(0x63).brIf(1);
  f.get(y).set(step);
  // step *= 2^k from the exponents' difference, then halve if it overshoots
  const k = f.local('i64');
  f.get(x).op(0xbd);
  pushConstant(f, 'i64', 52);
  f.op(0x88).get(y).op(0xbd);
  pushConstant(f, 'i64', 52);
  f.op(0x88, 0x7d).set(k);
  f.get(y);
  f64(2.2250738585072014e-308);
  f.op(0x66).if(); // y normal: add k to its exponent field
  f.get(y).op(0xbd).get(k);
  pushConstant(f, 'i64', 52);
  f.op(0x86, 0x7c, 0xbf).set(step);
  f.get(step).get(x).op(0x64).if().get(step);
  f64(0.5);
  f.op(0xa2).set(step).end();
  f.else(); // y subnormal: double while it fits
  f.block()
    .loop()
    .get(step)
    .get(step)
    .op(0xa0)
    .get(x)
    .op(0x64)
    .brIf(1)
    .get(step)
    .get(step)
    .op(0xa0)
    .set(step)
    .br(0)
    .end()
    .end();
  f.end();
  f.get(x).get(step).op(0xa1).set(x).br(0).end().end();
  f.get(x);
  if (c === 'f32') f.op(0xb6);
  f.get(0).op(c === 'f32' ? 0x98 : 0xa6); // copysign
  return f;
}

const makers: Record<Name, (t: ValueType) => FunctionCode> = {
  frem,
  gcd,
  ipow,
};

/** Index of the function for an operation on a type, added to the module at its first use. */
export function laneLoops(module: ModuleCode): (op: Name, type: ValueType) => number {
  const made = new Map<string, number>();
  return (op, type) => {
    const key = isWide(type) ? `${op}${type}` : `${op}.${type}`;
    let index = made.get(key);
    if (index === undefined) {
      index = module.add(makers[op](type));
      made.set(key, index);
    }
    return index;
  };
}
