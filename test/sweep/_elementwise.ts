// The sweep over one elementwise row: every dtype against the interpreted body, then every layout, broadcast, output
// and mask against the contiguous computation. Nothing here names an operation.

import { describe, it } from 'vitest';
import { ufuncs } from '../../src/array/ufuncs.ts';
import { DTypeError } from '../../src/base/errors.ts';
import { type DType, dtypeList, dtypes } from '../../src/dtype/dtype.ts';
import { canCast } from '../../src/dtype/promotion.ts';
import type { ArrayBase } from '../../src/exec/array_base.ts';
import '../../src/array/ndarray.ts';
import type { ElementwiseRow } from '../../src/ops/define.ts';
import { type ElementwiseName, elementwise, elementwiseNames } from '../../src/ops/rows.ts';
import { describeDType, gapsIntact, gather, type LayoutName, layoutNames, place, window } from './_layouts.ts';
import { castElements, Oracle, type OracleTypes, scalarAt } from './_oracle.ts';
import { BASE, call, contiguous, range, Subject } from './_subject.ts';
import { below, blank, type Elements, elementsOf, pick, sample, seeded, seedOf, take } from './_values.ts';
import { full, part, Verdict } from './_verdict.ts';

const SIZES = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33];
const ROWS = 17;
const COLUMNS = 33;
const SLICED = 65536 + 37; // longer than one call into WebAssembly

type Arrangement = LayoutName | 'row' | 'column' | 'point' | 'scalar';

/** Operand values and the array or scalar that stands for them in a shape of ROWS × COLUMNS. */
function arrange(e: Elements, how: Arrangement, shift: number): { values: Elements; operand: unknown } {
  const positions = range(ROWS * COLUMNS, (i) => {
    const r = Math.floor(i / COLUMNS);
    const k = how === 'row' ? i % COLUMNS : how === 'column' ? r : how === 'point' || how === 'scalar' ? shift : i;
    return (k + shift) % BASE;
  });
  const values = take(e, positions);
  if (how === 'row') return { values, operand: place(take(values, range(COLUMNS)), [COLUMNS], 'contiguous').array };
  if (how === 'column')
    return {
      values,
      operand: place(
        take(
          values,
          range(ROWS, (r) => r * COLUMNS),
        ),
        [ROWS, 1],
        'contiguous',
      ).array,
    };
  if (how === 'point') return { values, operand: place(take(values, [0]), [], 'contiguous').array };
  if (how === 'scalar') return { values, operand: scalarAt(values, 0) };
  return { values, operand: place(values, [ROWS, COLUMNS], how).array };
}

function* arrangements(row: ElementwiseRow, random: () => number, weak: boolean): Generator<Arrangement[]> {
  const { nin, fixed } = row;
  for (const layout of layoutNames) yield new Array<Arrangement>(nin).fill(layout);
  if (nin === 1) return;
  const broadcasts: readonly Arrangement[] = ['row', 'column', 'point', 'scalar', 'strided', 'fortran', 'host'];
  for (let i = 0; i < nin; i++) {
    // A scalar is weak only beside an array that decides on the dtype.
    const joins = weak && (fixed === undefined || fixed[i] !== undefined);
    for (const b of broadcasts) {
      if (b === 'scalar' && !joins) continue;
      yield range(nin).map((k): Arrangement => (k === i ? b : 'contiguous'));
    }
  }
  yield range(nin).map((k): Arrangement => (k === 0 ? 'row' : 'column'));
  yield range(nin).map((k): Arrangement => (k === 0 ? 'fortran' : 'row'));
  for (let i = 0; i < 2; i++) yield range(nin).map((): Arrangement => pick(random, layoutNames));
}

function sweepLayouts(s: Subject, v: Verdict, weak: boolean, brief: boolean): void {
  const { name, ds, id } = s;
  for (const n of brief ? [17] : part(SIZES, 3, `${id} sizes`)) {
    v.run(`${id} size ${n}`, () => {
      const positions = range(n, (i) => (i + n) % BASE);
      const operands = s.at(positions);
      for (const layout of ['contiguous', 'shifted'] as const) {
        const got = call(
          name,
          operands.map((e) => place(e, [n], layout).array),
        ).map(gather);
        const wrong = s.compare(
          got,
          s.results.map((r) => take(r, positions)),
          operands,
        );
        if (wrong !== undefined) return `${layout}: ${wrong}`;
      }
      return undefined;
    });
  }
  for (const shape of [[0], [3, 0]]) {
    v.run(`${id} empty ${shape}`, () => {
      const got = call(
        name,
        ds.map((d) => place(blank(d, 0), shape, 'contiguous').array),
      );
      return got.every((g, i) => g.size === 0 && g.ndim === shape.length && g.dtype === s.types.outs[i])
        ? undefined
        : 'shape or dtype';
    });
  }
  v.run(`${id} 0-d`, () => {
    const got = call(
      name,
      s.at([5]).map((e) => place(e, [], 'contiguous').array),
    );
    if (got.some((g) => g.ndim !== 0)) return 'the result is not 0-d';
    return s.compare(
      got.map(gather),
      s.results.map((r) => take(r, [5])),
      s.at([5]),
    );
  });
  const all = [...arrangements(s.row, seeded(seedOf(id)), weak)];
  // Conversions are part of the loop: among all pairs of dtypes a few layouts stand for the rest.
  for (const how of brief ? all.filter((_, i) => i % 9 === 2) : part(all, 3, id)) {
    v.run(`${id} layout ${how}`, () => {
      const parts = s.base.map((e, i) => arrange(e, how[i], 3 * i + 1));
      const values = parts.map((p) => p.values);
      const got = call(
        name,
        parts.map((p) => p.operand),
      );
      const flat = how.every((h) => h === 'row' || h === 'point' || h === 'scalar');
      if (got.some((g) => g.shape.length !== 2) && !flat) return `shape ${got.map((g) => g.shape)}`;
      return s.compare(got.map(gather), s.contiguous(values), values);
    });
  }
}

const outLayouts: readonly LayoutName[] = ['contiguous', 'strided', 'fortran', 'reversed', 'host'];

function sweepOutputs(s: Subject, v: Verdict): void {
  const { name, id, types } = s;
  const shape = [7, 10];
  const inputs = (): ArrayBase[] => s.base.map((e) => place(e, shape, 'contiguous').array);
  for (const layout of part(outLayouts, 2, id)) {
    v.run(`${id} out ${layout}`, () => {
      const outs = types.outs.map((d, i) => place(sample(d, BASE, i), shape, layout));
      const back = call(name, inputs(), { out: outs.map((o) => o.array) });
      if (back.some((b, i) => b !== outs[i].array)) return 'the result is not out';
      if (!outs.every(gapsIntact)) return 'bytes outside out were written';
      return s.compare(
        outs.map((o) => gather(o.array)),
        s.results,
        s.base,
      );
    });
  }
  const random = seeded(seedOf(id) + 1);
  const others = dtypeList.filter((d) => types.outs.every((o) => o !== d && canCast(o, d, 'same_kind')));
  for (const d of new Set([others[below(random, others.length)], others[others.length - 1]])) {
    if (d === undefined) continue;
    v.run(`${id} out ${d.name}`, () => {
      const outs = types.outs.map((_, i) => place(sample(d, BASE, i), shape, 'strided'));
      call(name, inputs(), { out: outs.map((o) => o.array) });
      if (!outs.every(gapsIntact)) return 'bytes outside out were written';
      return s.compare(
        outs.map((o) => gather(o.array)),
        s.results.map((r) => castElements(r, d)),
        s.base,
      );
    });
  }
  for (const how of part(['row', 'full', 'full into strided'] as const, 2, `${id} where`)) {
    v.run(`${id} where ${how}`, () => {
      const chosen = sample(dtypes.bool, how === 'row' ? 10 : BASE, seedOf(how));
      const mask = place(chosen, how === 'row' ? [10] : shape, how === 'row' ? 'strided' : 'contiguous').array;
      const old = types.outs.map((d, i) => sample(d, BASE, 77 + i));
      const outs = old.map((e) => place(e, shape, how === 'full into strided' ? 'strided' : 'contiguous'));
      call(name, inputs(), { out: outs.map((o) => o.array), where: mask });
      if (!outs.every(gapsIntact)) return 'bytes outside out were written';
      const expected = s.results.map((r, o) => merge(r, old[o], (i) => chosen.raw[i % chosen.n] === 1));
      return s.compare(
        outs.map((o) => gather(o.array)),
        expected,
        s.base,
      );
    });
  }
  const k = s.ds.indexOf(types.outs[0]);
  if (k < 0 || types.outs.length > 1) return;
  v.run(`${id} in place`, () => {
    const xs = inputs();
    call(name, xs, { out: xs[k] });
    return s.compare([gather(xs[k])], s.results, s.base);
  });
  for (const shift of part([1, 2, 17], 3, `${id} overlap`)) {
    for (const ahead of [true, false]) {
      v.run(`${id} overlap ${ahead ? shift : -shift}`, () => {
        const block = contiguous(
          take(
            s.base[k],
            range(BASE + shift, (i) => i % BASE),
          ),
        );
        const xs = s.base.map((e, i) => (i === k ? window(block, ahead ? 0 : shift, BASE) : contiguous(e)));
        const values = xs.map(gather);
        const expected = s.contiguous(values);
        const out = window(block, ahead ? shift : 0, BASE);
        call(name, xs, { out });
        return s.compare([gather(out)], expected, values);
      });
    }
  }
}

function merge(a: Elements, b: Elements, first: (i: number) => boolean): Elements {
  const both = { d: a.d, n: a.n + b.n, raw: new a.d.array((a.n + b.n) * a.d.parts) };
  both.raw.set(a.raw as never, 0); // arrays of the same dtype
  both.raw.set(b.raw as never, a.raw.length);
  return take(
    both,
    range(a.n, (i) => (first(i) ? i : a.n + i)),
  );
}

// Longer than one slice, and larger than one block of a transposed pair.
function sweepLarge(s: Subject, v: Verdict): void {
  const { name, id } = s;
  v.run(`${id} long`, () => {
    const positions = range(SLICED, (i) => i % BASE);
    const operands = s.at(positions);
    const expected = s.results.map((r) => take(r, positions));
    return s.compare(call(name, operands.map(contiguous)).map(gather), expected, operands);
  });
  v.run(`${id} blocks`, () => {
    const shape = [67, 131];
    const positions = range(shape[0] * shape[1], (i) => i % BASE);
    const operands = s.at(positions);
    const xs = operands.map((e, i) => place(e, shape, i === 0 ? 'fortran' : 'contiguous').array);
    return s.compare(
      call(name, xs).map(gather),
      s.results.map((r) => take(r, positions)),
      operands,
    );
  });
}

/** Operand dtypes to try: every dtype with itself, and mixed ones: a sample, or all pairs when asked for. */
function* dtypeTuples(row: ElementwiseRow, random: () => number): Generator<{ ds: DType[]; mixed: boolean }> {
  const own = (ds: DType[]): DType[] => ds.map((d, i) => (row.fixed?.[i] === undefined ? d : dtypes[row.fixed[i]]));
  for (const d of dtypeList) yield { ds: own(new Array<DType>(row.nin).fill(d)), mixed: false };
  if (row.nin === 1) return;
  if (full && row.nin === 2 && row.fixed === undefined) {
    for (const a of dtypeList) for (const b of dtypeList) if (a !== b) yield { ds: [a, b], mixed: true };
    return;
  }
  for (let i = 0; i < 5; i++) yield { ds: own(range(row.nin).map(() => pick(random, dtypeList))), mixed: true };
}

function sweepRow(name: ElementwiseName): void {
  const row: ElementwiseRow = elementwise[name];
  const v = new Verdict();
  let large = true;
  for (const { ds, mixed } of dtypeTuples(row, seeded(seedOf(name)))) {
    const id = `${name}(${describeDType(ds)})`;
    let types: OracleTypes | undefined;
    try {
      types = ufuncs[name].loop(ds.filter((_, i) => row.fixed?.[i] === undefined)).types;
    } catch (error) {
      if (!(error instanceof DTypeError)) throw error;
      v.run(`${id} refused`, () => refused(name, ds));
      continue;
    }
    let s: Subject | undefined;
    const loop = types;
    v.run(`${id} values`, () => {
      s = new Subject(name, ds, loop);
      return s.compare(s.results, new Oracle(loop).compute(s.base), s.base);
    });
    // The id of a single case does not contain " values".
    s ??= new Subject(name, ds, types);
    sweepLayouts(s, v, !mixed || row.truth === true, mixed && full);
    if (!mixed || !full) sweepOutputs(s, v);
    if (large && !mixed && ds[0].kind === 'f') sweepLarge(s, v);
    if (ds[0].kind === 'f') large = false;
  }
  v.finish();
}

function refused(name: ElementwiseName, ds: readonly DType[]): string | undefined {
  for (const shape of [[3], [3, 0]]) {
    try {
      call(
        name,
        ds.map((d) => place(elementsOf(d, shape.length === 1 ? [1, 1, 1] : []), shape, 'contiguous').array),
      );
    } catch (error) {
      if (error instanceof DTypeError) continue;
      throw error;
    }
    return `no loop takes ${describeDType(ds)}, yet the call of shape ${shape} returned`;
  }
  return undefined;
}

/** Declares the sweep of every `of`-th row, so that test files can share the work. */
export function sweepElementwise(part: number, of: number): void {
  describe(`every elementwise row, part ${part + 1} of ${of}`, () => {
    elementwiseNames.forEach((name, i) => {
      if (i % of !== part) return;
      it(name, { timeout: 600_000 }, async () => {
        await new Promise(setImmediate); // the runner's own messages need a turn now and then
        sweepRow(name);
      });
    });
  });
}
