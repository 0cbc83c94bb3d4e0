// What can go wrong with single elements, as conditions on operands and results: WebAssembly has no floating-point
// flags, so NaN, infinities and tiny results are read off the data. Not here: what is done about it (exec/errstate),
// which operation can meet what (ops/), and how a loop looks for it (wasm/watch.ts).
// Source of the kinds: IEEE 754-2019, section 7; integer and cast are ours.

import type { DType } from '../dtype/dtype.ts';
import { floatLimits, integerLimits } from '../dtype/limits.ts';
import { ComplexExpr, Expr, type ExprValue, konst } from './builder.ts';
import { castValue, encode, settled } from './element.ts';
import { bitsOf, isFloat, isInt, isSigned } from './ir.ts';
import type { Watch } from './wasm/watch.ts';

/** Kinds of faults and the bit that stands for each. */
export const faultBits = { divide: 1, over: 2, under: 4, invalid: 8, integer: 16, cast: 32 } as const;
export type FaultKind = keyof typeof faultBits;
export const faultKinds: readonly FaultKind[] = Object.freeze(Object.keys(faultBits)) as readonly FaultKind[]; // its keys

/** Bits of these kinds. */
export const bitsOfKinds = (kinds: readonly FaultKind[]): number => kinds.reduce((bits, k) => bits | faultBits[k], 0);

/** The kinds whose bits are set. */
export const kindsOfBits = (bits: number): FaultKind[] => faultKinds.filter((k) => (bits & faultBits[k]) !== 0);

const inf = Number.POSITIVE_INFINITY;
const partsOf = (v: ExprValue): Expr[] => (v instanceof ComplexExpr ? [v.re, v.im] : [v]);
const floatParts = (list: readonly ExprValue[]): Expr[] => list.flatMap(partsOf).filter((x) => isFloat(x.type));
const any = (list: readonly Expr[]): Expr | undefined =>
  list.reduce<Expr | undefined>((a, b) => a?.or(b) ?? b, undefined);

/** What tells the faults of a floating-point operation apart. */
export interface FloatFaults {
  readonly kinds: readonly FaultKind[];
  /** Where an infinite result of finite operands is exact: 'divide', not 'over'. Left out: everywhere, or nowhere if 'over' is a kind. */
  readonly pole?: (x: readonly ExprValue[]) => Expr;
  /** Where a result below the normal numbers is exact, so that nothing was lost. Left out: nowhere. */
  readonly exact?: (x: readonly Expr[], result: Expr) => Expr;
}

/** Conditions that loops in integers can meet, by kind: on operands and results. */
export type IntegerFaults = { readonly [K in FaultKind]?: (x: readonly Expr[], results: readonly Expr[]) => Expr };

/** Conditions under construction, each the union of what was added to it. Only kinds that are wanted are kept. */
export class Conditions {
  readonly wanted: number;
  readonly #met = new Map<FaultKind, Expr>();
  readonly #suspects: Expr[] = [];

  constructor(wanted: number) {
    this.wanted = wanted;
  }

  wants(...kinds: readonly FaultKind[]): boolean {
    return (this.wanted & bitsOfKinds(kinds)) !== 0;
  }

  add(kind: FaultKind, met: Expr): void {
    if (this.wants(kind)) this.#met.set(kind, this.#met.get(kind)?.or(met) ?? met);
  }

  /** A condition with a cheap test that holds wherever it does; left out: itself. */
  addPlain(kind: FaultKind, met: Expr, suspect: Expr = met): void {
    if (!this.wants(kind)) return;
    this.add(kind, met);
    this.#suspects.push(suspect);
  }

  /** Looks for NaN and infinities among results by the fewest instructions; further conditions are tested after that. */
  #suspect(result: Expr, d: DType): void {
    if (d.half) {
      const [bits] = encode(result, d).map((n) => new Expr(n));
      this.#suspects.push(bits.and(0x7c00).eq(0x7c00));
    } else {
      this.#suspects.push(result);
    }
  }

  /** The faults of one floating-point operation: operands as computed with, results with their dtypes. */
  addFloat(faults: FloatFaults, x: readonly ExprValue[], results: readonly ExprValue[], outs: readonly DType[]): void {
    const has = (kind: FaultKind): boolean => faults.kinds.includes(kind) && this.wants(kind);
    const inputs = floatParts(x);
    if (inputs.length === 0) return;
    const noNaN = any(inputs.map((v) => v.isNaN()))?.not();
    const finite = any(inputs.map((v) => v.abs().lt(inf).not()))?.not();
    if (noNaN === undefined || finite === undefined) return;
    const over = faults.kinds.includes('over');
    const pole = faults.pole?.(x);
    results.forEach((result, i) => {
      const d = outs[i];
      if (d.kind !== 'f' && d.kind !== 'c') return;
      for (const part of partsOf(result)) {
        const r = asPart(settled(part, d));
        if (has('divide') || has('over') || has('invalid')) this.#suspect(part, d);
        if (has('invalid')) this.add('invalid', r.isNaN().and(noNaN));
        const infinite = r.abs().eq(inf).and(finite);
        if (has('over')) this.add('over', pole === undefined ? infinite : infinite.and(pole.not()));
        if (has('divide') && pole !== undefined) this.add('divide', infinite.and(pole));
        else if (has('divide') && !over) this.add('divide', infinite);
        if (!has('under')) continue;
        const tiny = r.abs().lt(floatLimits(d).tiny);
        const lost = result instanceof ComplexExpr ? r.ne(0) : faults.exact?.(x.map(asPart), r).not();
        this.addPlain('under', lost === undefined ? tiny.and(finite) : tiny.and(finite).and(lost), tiny);
      }
    });
  }

  /** The faults of one operation on integers, each with its own condition on operands and results. */
  addIntegers(faults: IntegerFaults, x: readonly Expr[], results: readonly Expr[]): void {
    for (const kind of faultKinds) {
      const met = this.wants(kind) ? faults[kind]?.(x, results) : undefined;
      if (met !== undefined) this.addPlain(kind, met);
    }
  }

  /** What a conversion between dtypes loses. */
  addCast(v: ExprValue, from: DType, to: DType): void {
    if ((castFaults(from, to) & this.wanted) === 0) return;
    if (v instanceof ComplexExpr && to.parts === 1 && to.kind !== 'b') this.addPlain('cast', v.im.ne(0));
    const cast = castValue(v, from, to);
    const before = partsOf(v);
    partsOf(cast).forEach((after, i) => {
      const was = before[i];
      if (was === undefined || after.type === 'bool' || was.type === 'bool') return;
      if (isFloat(was.type)) {
        if (isInt(after.type)) this.#floatToInt(was, to);
        else this.#narrowed(was, after, to);
      } else if (isInt(after.type)) this.#wrapped(was, after);
      else this.#rounded(was, after, to);
    });
  }

  #floatToInt(x: Expr, to: DType): void {
    const { min, max } = integerLimits(to);
    const exact = (v: bigint): boolean => {
      const n = x.type === 'f32' ? Math.fround(Number(v)) : Number(v);
      return BigInt(n) === v;
    };
    const low = exact(min - 1n) ? x.gt(Number(min - 1n)) : x.ge(Number(min));
    const outside = low.and(x.lt(Number(max + 1n))).not();
    const suspect = min < 0n ? magnitudeFrom(x, Number(max + 1n)) : outside;
    this.addPlain('invalid', outside, suspect);
    this.addPlain('cast', outside, suspect);
  }

  #narrowed(x: Expr, r: Expr, to: DType): void {
    const over = r.abs().eq(inf).and(x.abs().lt(inf));
    this.addPlain('over', over);
    this.addPlain('cast', over);
    this.addPlain('under', r.abs().lt(floatLimits(to).tiny).and(r.to(x.type).ne(x)).and(x.isNaN().not()));
  }

  #wrapped(x: Expr, r: Expr): void {
    this.addPlain('cast', r.to(x.type).ne(x).or(x.signbit().xor(r.signbit())));
  }

  #rounded(x: Expr, r: Expr, to: DType): void {
    if (to.half) this.addPlain('over', r.abs().eq(inf));
    // One past the greatest integer would convert back to the greatest.
    const top = 2 ** (bitsOf(x.type) - (isSigned(x.type) ? 1 : 0));
    this.addPlain('cast', r.to(x.type).ne(x).or(r.ge(top)));
  }

  /** All conditions under a mask. */
  masked(mask: Expr | undefined): this {
    if (mask !== undefined) for (const [kind, met] of this.#met) this.#met.set(kind, met.and(mask));
    return this;
  }

  /** For the loop, exact or plain; undefined where there is nothing to look for. */
  watch(exact: boolean): Watch | undefined {
    if (this.#met.size === 0) return undefined;
    const met = exact ? [...this.#met] : [];
    const conditions = met.map(([kind, met]) => ({ bit: faultBits[kind], met: met.node }));
    return { suspects: [...new Set(this.#suspects.map((s) => s.node))], conditions };
  }

  /** The bits of the conditions that an element meets. */
  code(): Expr {
    let code = konst('u8', 0);
    for (const [kind, met] of this.#met) code = code.or(met.select(konst('u8', faultBits[kind]), 0));
    return code;
  }
}

// |x| >= limit, or NaN, in two instructions: the bits of positive floats are in order.
function magnitudeFrom(x: Expr, limit: number): Expr {
  const lane = x.type === 'f32' ? 'i32' : 'i64';
  const magnitude = (1n << BigInt(bitsOf(lane) - 1)) - 1n;
  return x.bits(lane).and(magnitude).ge(x.like(limit).bits(lane));
}

const asPart = (v: ExprValue): Expr => {
  if (v instanceof Expr) return v;
  throw new TypeError('a part is real');
};

/** Kinds that a conversion can meet. */
export function castFaults(from: DType, to: DType): number {
  if (from === to || to.kind === 'b' || from.kind === 'b') return 0;
  const floating = (d: DType): boolean => d.kind === 'f' || d.kind === 'c';
  const part = (d: DType): number => d.itemsize / d.parts;
  let bits = from.kind === 'c' && to.kind !== 'c' ? faultBits.cast : 0;
  if (floating(from)) {
    if (!floating(to)) return bits | faultBits.invalid | faultBits.cast;
    if (part(to) < part(from)) bits |= faultBits.over | faultBits.under | faultBits.cast;
    return bits;
  }
  const { min, max } = integerLimits(from);
  if (floating(to)) {
    const { bits: digits } = integerLimits(from);
    if (digits - (min < 0n ? 1 : 0) > floatLimits(to).digits) bits |= faultBits.cast;
    if (to.half && max > 65519n) bits |= faultBits.over;
    return bits;
  }
  const target = integerLimits(to);
  return min < target.min || max > target.max ? faultBits.cast : 0;
}
