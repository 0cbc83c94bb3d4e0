// Turns an IR expression into one JavaScript function, so that millions of points can be measured. It covers the
// operations that kernel/math uses and no more; test/kernel/math/evaluator.test.ts holds it to the interpreter.

import type { Expr } from '../../../src/kernel/builder.ts';
import { isWide, type Node, topological, type ValueType } from '../../../src/kernel/ir.ts';
import { tableById } from '../../../src/kernel/tables.ts';

const f64 = new Float64Array(1);
const u64 = new BigUint64Array(f64.buffer);
const i64 = new BigInt64Array(f64.buffer);
const f32 = new Float32Array(1);
const i32 = new Int32Array(f32.buffer);
const u32 = new Uint32Array(f32.buffer);

export const nearest = (x: number): number => {
  if (!(Math.abs(x) < 2 ** 52)) return x;
  const big = x < 0 || Object.is(x, -0) ? -(2 ** 52) : 2 ** 52;
  const r = x + big - big;
  return r === 0 && (x < 0 || Object.is(x, -0)) ? -0 : r;
};

const runtime = {
  f64,
  u64,
  i64,
  f32,
  i32,
  u32,
  nearest,
  F: Math.fround,
  asInt: (x: number): number => (Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)))),
  table: (id: number): Float64Array => new Float64Array(tableById(id).bytes.buffer),
};

const infix: Partial<Record<Node['op'], string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  and: '&',
  or: '|',
  xor: '^',
  eq: '===',
  ne: '!==',
  lt: '<',
  le: '<=',
};

function literal(n: Node): string {
  if (typeof n.imm === 'bigint') return `${n.imm}n`;
  return Object.is(n.imm, -0) ? '-0' : String(n.imm);
}

function wrapped(type: ValueType, code: string): string {
  if (type === 'f32') return `F(${code})`;
  if (type === 'i64') return `BigInt.asIntN(64, ${code})`;
  if (type === 'u64') return `BigInt.asUintN(64, ${code})`;
  if (type === 'i32') return `(${code}) | 0`;
  if (type === 'u32') return `(${code}) >>> 0`;
  return code;
}

function shift(n: Node, a: string): string {
  if (isWide(n.type)) return wrapped(n.type, `${a} ${n.op === 'shlk' ? '<<' : '>>'} ${n.imm}n`);
  const operator = n.op === 'shlk' ? '<<' : n.type === 'u32' ? '>>>' : '>>';
  return wrapped(n.type, `${a} ${operator} ${n.imm}`);
}

function convert(n: Node, from: ValueType, a: string): string {
  if (n.type === 'f32') return `F(${a})`;
  if (n.type === 'f64' && from === 'f32') return a;
  if (n.type === 'i32' && from === 'f64') return `asInt(${a})`;
  throw new Error(`evaluator: ${from} to ${n.type}`);
}

const functions: Partial<Record<Node['op'], string>> = {
  abs: 'Math.abs',
  sqrt: 'Math.sqrt',
  floor: 'Math.floor',
  ceil: 'Math.ceil',
  trunc: 'Math.trunc',
  nearest: 'nearest',
};

function code(n: Node, args: readonly string[]): string {
  const [a, b, c] = args;
  const bool = n.type === 'bool';
  if (n.op === 'const') return literal(n);
  if (n.op === 'load') return `x${Number(n.imm) >> 1}`;
  if (n.op === 'table') return `t${n.imm}[${a}]`;
  if (n.op === 'select' || n.op === 'rare') return `${a} ? ${b} : ${c}`;
  if (n.op === 'pmin') return `${b} < ${a} ? ${b} : ${a}`;
  if (n.op === 'pmax') return `${a} < ${b} ? ${b} : ${a}`;
  if (n.op === 'neg') return wrapped(n.type, `-${a}`);
  if (n.op === 'not') return bool ? `!${a}` : wrapped(n.type, `~${a}`);
  if (n.op === 'shlk' || n.op === 'shrk') return shift(n, a);
  if (n.op === 'bitcast') return `(${n.args[0].type}[0] = ${a}, ${n.type}[0])`;
  if (n.op === 'convert') return convert(n, n.args[0].type, a);
  if (functions[n.op] !== undefined) return wrapped(n.type, `${functions[n.op]}(${a})`);
  if (infix[n.op] === undefined) throw new Error(`evaluator: ${n.op}`);
  const text = `${a} ${infix[n.op]} ${b}`;
  if (!bool) return wrapped(n.type, text);
  return n.args[0].type === 'bool' ? `Boolean(${text})` : text;
}

/** A function of load 0 and load 1; f32 arguments must be representable. */
export function evaluator(e: Expr): (x: number, y?: number) => number {
  const lines: string[] = [];
  const tables = new Set<string>();
  for (const n of topological([e.node])) {
    if (n.op === 'table') tables.add(`const t${n.imm} = table(${n.imm});`);
    lines.push(
      `const v${n.id} = ${code(
        n,
        n.args.map((x) => `v${x.id}`),
      )};`,
    );
  }
  const text = `const { f64, u64, i64, f32, i32, u32, nearest, F, asInt, table } = runtime;
    ${[...tables].join('\n')}
    return (x0, x1) => { ${lines.join('\n')} return v${e.node.id}; }`;
  return new Function('runtime', text)(runtime) as (x: number, y?: number) => number; // typed by this file's contract
}
