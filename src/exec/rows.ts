// Programs over rows: folds and elementwise steps that all go along the last axis of one shape, run row after row by one
// kernel, with the values between them in scratch. The bits are those of the steps one by one. Which steps belong
// together is the caller's business; where this does not pay, they run one by one.

import type { DType } from '../dtype/dtype.ts';
import { type Kernel, kernelOf } from '../kernel/compile.ts';
import { RUN } from '../kernel/wasm/fold.ts';
import { addRows, type Place, type RowStep, type RowsSpec, rowsScratch } from '../kernel/wasm/rows.ts';
import { keepAlive, primarySegment, scratch } from '../memory/allocate.ts';
import { coalesce } from '../shape/coalesce.ts';
import type { ArrayBase } from './array_base.ts';
import type { Reducer } from './monoid.ts';
import { layoutOf, nest, nestInBoxes } from './run.ts';
import { Boxes, piecesFor, sharedFoldFrom } from './threads/cut.ts';
import { pool } from './threads/pool.ts';
import { type Loop, layoutCodes, operandCode, specOf } from './ufunc.ts';

/** One step: what it reads and makes, and what it runs. */
export interface Along {
  readonly ins: readonly Place[];
  readonly outs: readonly Place[];
  readonly run:
    | { readonly kind: 'fold'; readonly reducer: Reducer; readonly watch: boolean }
    | { readonly kind: 'map'; readonly loop: Loop; readonly single: boolean };
}

export interface RowProgram {
  /** Equal names, equal programs. */
  readonly name: string;
  readonly steps: readonly Along[];
  /** Dtypes of the values in scratch. */
  readonly singles: readonly DType[];
  readonly rows: readonly DType[];
}

/** Rows shorter than this cost more in calls than in work; longer ones are not one tree. */
const SHORTEST = 16;
export const LONGEST = RUN;

const codeNames = ['contiguous', 'strided', 'uniform'] as const;

// A place's layout as one step sees it: rows one after another, single values everywhere the same.
function codeAt(p: Place, d: DType, codes: readonly number[], single: boolean): number {
  if (single) return operandCode(d, layoutCodes.contiguous);
  if (p.at === 'operand') return operandCode(d, codes[p.number]);
  return operandCode(d, p.at === 'single' ? layoutCodes.uniform : layoutCodes.contiguous);
}

function describe(
  program: RowProgram,
  dtypes: readonly DType[],
  codes: readonly number[],
  wanted: number,
  tables: TableAddress,
): RowsSpec {
  const dtypeOf = (p: Place): DType =>
    p.at === 'operand' ? dtypes[p.number] : p.at === 'single' ? program.singles[p.number] : program.rows[p.number];
  const steps = program.steps.map(({ ins, outs, run }): RowStep => {
    const places = [...ins, ...outs];
    if (run.kind === 'fold') {
      const read = ins.map((p) => codeAt(p, dtypeOf(p), codes, false));
      return { kind: 'fold', places, spec: run.reducer.spec(read, tables), watch: run.watch && wanted !== 0 };
    }
    const all = places.map((p) => codeAt(p, dtypeOf(p), codes, run.single));
    const looking = wanted & run.loop.possible(all);
    return { kind: 'map', places, spec: run.loop.spec(all, false, looking, true, tables), single: run.single };
  });
  return {
    operands: dtypes.map((d, k) => specOf(d, codeNames[codes[k]])),
    steps,
    singles: program.singles.length,
  };
}
type TableAddress = (id: number) => number;

const programs = new Map<string, { kernel: Kernel; spec: () => RowsSpec }>();

/** Can rows of this length be run by a program, over these operands (strides per axis)? */
export function runsByRows(
  operands: readonly ArrayBase[],
  strides: readonly (readonly number[])[],
  n: number,
): boolean {
  if (n < SHORTEST || n > LONGEST) return false;
  return operands.every((a, k) => {
    const step = strides[k][strides[k].length - 1];
    return a.storage.segment === primarySegment() && (step === 0 || step === a.itemsize);
  });
}

/**
 * Runs a program over operands that broadcast to `shape`, with these strides; results are operands too. Looks for the
 * faults `wanted`; returns whether something suspicious was seen.
 */
export function runRows(
  program: RowProgram,
  operands: readonly ArrayBase[],
  strides: readonly (readonly number[])[],
  shape: readonly number[],
  wanted: number,
): number {
  const segment = primarySegment();
  const last = shape.length - 1;
  const n = shape[last];
  const inner = strides.map((s) => s[last]);
  const codes = operands.map((a, k) => layoutOf(inner[k], a.itemsize, n));
  const loops = coalesce(
    shape.slice(0, last),
    strides.map((s) => s.slice(0, last)),
  );
  const dtypes = operands.map((a) => a.dtype);
  const key = `rows:${program.name}:${codes}:${wanted}`;
  let known = programs.get(key);
  if (known === undefined) {
    let described: RowsSpec | undefined;
    const kernel = kernelOf(key, (module, tableAddress) => {
      described = describe(program, dtypes, codes, wanted, tableAddress);
      addRows(module, described);
    });
    known = { kernel, spec: () => described ?? describe(program, dtypes, codes, wanted, () => 0) };
    programs.set(key, known);
  }
  const { kernel } = known;
  const code = kernel.at(segment);
  const bytes = Math.ceil(rowsScratch(known.spec(), n, program.rows.length) / 64) * 64;
  const elements = loops.shape.reduce((a, b) => a * b, n);
  const threads = elements < sharedFoldFrom(kernel) ? 1 : pool().threadsFor(segment, elements);
  const addresses = operands.map((a) => a.storage.ptr + a.offset);
  const mark = scratch.mark();
  let met = 0;
  try {
    const work = scratch.take(segment, threads * bytes);
    const dims = loops.shape.length;
    if (threads === 1) met = nest(code, loops.shape, loops.strides, dims, addresses, inner, n, [work]);
    else {
      const fill = (job: ReturnType<typeof pool>): void => {
        const boxes = new Boxes(job, segment, [work]);
        nestInBoxes(boxes, loops.shape, loops.strides, dims, addresses, inner, n, piecesFor(threads));
      };
      met = pool().job(kernel, segment, 'nest', fill, 1, bytes);
    }
  } finally {
    scratch.release(mark);
  }
  for (const a of operands) keepAlive(a.storage);
  return met;
}
