// Scalar code of one IR operation whose arguments are on the stack or in locals. Used by tails and by operations that
// SIMD lacks. Integers narrower than 32 bits are kept extended to 32 after every operation.

import { KernelError } from '../../base/errors.ts';
import { bitsOf, isFloat, isInt, isSigned, isWide, type Node, type ValueType } from '../ir.ts';
import type { FunctionCode } from './encoder.ts';
import { carrier, scalarOps, signedOps } from './opcodes.ts';

/** Pushes a constant of a type. */
export function pushConstant(f: FunctionCode, type: ValueType, value: number | bigint | boolean): void {
  const c = carrier[type];
  if (c === 'f64') f.op(0x44).code.f64(Number(value));
  else if (c === 'f32') f.op(0x43).code.f32(Number(value));
  else if (c === 'i64') f.op(0x42).code.signed(BigInt.asIntN(64, BigInt(value)));
  else f.i32(Number(value));
}

/** Brings the i32 on the stack back into the range of a narrow lane. */
export function narrow(f: FunctionCode, type: ValueType): void {
  if (type === 'i8') f.op(0xc0);
  else if (type === 'i16') f.op(0xc1);
  else if (type === 'u8') f.i32(0xff).op(0x71);
  else if (type === 'u16') f.i32(0xffff).op(0x71);
}

// Conversion opcodes: [from carrier][to carrier] → signed, unsigned.
const toFloat = {
  f32: { i32: [0xb2, 0xb3], i64: [0xb4, 0xb5] },
  f64: { i32: [0xb7, 0xb8], i64: [0xb9, 0xba] },
} as const;

function convert(f: FunctionCode, from: ValueType, to: ValueType): void {
  const a = carrier[from];
  const b = carrier[to];
  const sign = isSigned(to) ? 0 : 1;
  if (b === 'f32' || b === 'f64') {
    if (a === 'i32' || a === 'i64') f.op(toFloat[b][a][isSigned(from) ? 0 : 1]);
    else if (a !== b) f.op(b === 'f64' ? 0xbb : 0xb6);
  } else if (a === 'f32' || a === 'f64') {
    f.op(0xfc, (b === 'i64' ? 4 : 0) + (a === 'f64' ? 2 : 0) + sign);
  } else if (a === 'i32' && b === 'i64') f.op(isSigned(from) ? 0xac : 0xad);
  else if (a === 'i64' && b === 'i32') {
    f.op(0xa7);
    narrow(f, to);
  } else narrow(f, to);
}

function bitcast(f: FunctionCode, from: ValueType, to: ValueType): void {
  const a = carrier[from];
  const b = carrier[to];
  if (a === b) narrow(f, to);
  else if (a === 'f32') f.op(0xbc);
  else if (a === 'f64') f.op(0xbd);
  else f.op(b === 'f32' ? 0xbe : 0xbf);
}

/** Names of functions that stand in for operations with loops of their own; see lane_loops.ts. */
export type CallLoop = (op: 'frem' | 'gcd' | 'ipow', type: ValueType) => number;

/** Does the code of this operation push an argument more than once, so that it should be in a local? */
export const readsTwice = (n: Node): boolean =>
  n.op === 'pmin' || n.op === 'pmax' || n.op === 'min' || n.op === 'max' || (n.op === 'abs' && !isFloat(n.type));

/** Emits one operation on its arguments; `arg(i)` pushes argument i. Not for leaves or branches. */
export function emitScalar(f: FunctionCode, n: Node, arg: (i: number) => void, callLoop: CallLoop): void {
  const t = n.args[0].type;
  const c = carrier[n.op === 'select' ? n.type : t];
  const pushAll = (): void => {
    for (let i = 0; i < n.args.length; i++) arg(i);
  };
  switch (n.op) {
    case 'convert':
      pushAll();
      convert(f, t, n.type);
      return;
    case 'bitcast':
      pushAll();
      bitcast(f, t, n.type);
      return;
    case 'select':
    case 'rare':
      arg(1);
      arg(2);
      arg(0);
      f.op(0x1b);
      return;
    case 'frem':
    case 'gcd':
    case 'ipow':
      pushAll();
      f.call(callLoop(n.op, t));
      narrow(f, n.type);
      return;
    case 'not':
      arg(0);
      if (t === 'bool') f.op(0x45);
      else {
        pushConstant(f, t, -1);
        f.op(c === 'i64' ? 0x85 : 0x73);
        narrow(f, t);
      }
      return;
    case 'neg':
      if (isFloat(t)) break;
      pushConstant(f, t, 0);
      arg(0);
      f.op(c === 'i64' ? 0x7d : 0x6b);
      narrow(f, t);
      return;
    case 'abs':
      if (isFloat(t)) break;
      pushConstant(f, t, 0);
      arg(0);
      f.op(c === 'i64' ? 0x7d : 0x6b);
      arg(0);
      arg(0);
      pushConstant(f, t, 0);
      f.op(c === 'i64' ? 0x53 : 0x48).op(0x1b);
      narrow(f, t);
      return;
    case 'pmin':
    case 'min':
      pick(f, arg, 1, 0, t);
      return;
    case 'pmax':
    case 'max':
      pick(f, arg, 0, 1, t);
      return;
    case 'clz':
    case 'popcnt':
      arg(0);
      if (isInt(t) && bitsOf(t) < 32 && isSigned(t)) f.i32(bitsOf(t) === 8 ? 0xff : 0xffff).op(0x71);
      f.op(scalarOps[n.op]?.[c] ?? 0);
      if (n.op === 'clz' && bitsOf(t) < 32) f.i32(32 - bitsOf(t)).op(0x6b);
      return;
    case 'shlk':
    case 'shrk':
      arg(0);
      pushConstant(f, isWide(t) ? 'i64' : 'i32', Number(n.imm));
      break;
    default:
      pushAll();
  }
  if (n.op === 'neg' || n.op === 'abs') arg(0);
  const opcode = scalarOps[n.op]?.[c] ?? signedOps[n.op]?.[isSigned(t) || isFloat(t) ? 0 : 1]?.[c];
  if (opcode === undefined)
    throw new KernelError(`no scalar code for ${n.op} on ${t}`, 'add a row to kernel/wasm/opcodes.ts');
  f.op(opcode);
  if (n.type !== 'bool') narrow(f, n.type);
}

// b-th < a-th ? b-th : first argument — pmin/min: arg1 < arg0 ? arg1 : arg0; pmax/max: arg0 < arg1 ? arg1 : arg0.
function pick(f: FunctionCode, arg: (i: number) => void, left: number, right: number, t: ValueType): void {
  arg(1);
  arg(0);
  arg(left);
  arg(right);
  f.op(signedOps.lt?.[isSigned(t) || isFloat(t) ? 0 : 1]?.[carrier[t]] ?? 0).op(0x1b);
}
