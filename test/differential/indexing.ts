// Random indexing at scale: get and set with every mixture of integers, slices, ellipsis, new axes, integer arrays, lists
// and masks, right and wrong, and the functions that take positions. A case is one line of JavaScript and one of Python,
// both complete, so that a failure can be pasted as it stands.

import type { NDArray } from '../../src/array/ndarray.ts';
import * as np from '../../src/index.ts';
import { below, pick, type Random } from '../sweep/_values.ts';
import type { Case, Tolerance } from './_case.ts';

/** The same in both languages. */
interface Both {
  readonly py: string;
  readonly js: string;
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const tuple = (shape: readonly number[]): string => `(${shape.map((n) => `${n},`).join('')})`;
const literal = (text: string | number): Both => ({ py: String(text), js: String(text) });

const after = (f: (a: NDArray, ...rest: unknown[]) => unknown, a: NDArray, ...rest: unknown[]): NDArray => {
  f(a, ...rest);
  return a;
};
const setitem = (a: NDArray, index: never, value: unknown): NDArray => {
  a.set(index, value);
  return a;
};

function evaluate(js: string): unknown {
  return new Function('np', 'after', 'setitem', `return ${js}`)(np, after, setitem);
}

const dtypes = ['float64', 'float64', 'int32', 'uint8', 'complex128', 'float16', 'int64', 'bool', 'float32', 'int16'];
const indexDTypes = ['int64', 'int64', 'int32', 'int16', 'int8', 'uint8', 'uint16', 'uint32', 'uint64'];

/** Numbers from 0 on, or from another number: every element is told from the others. */
function numbered(shape: readonly number[], dtype: string, from = 0): Both {
  const n = size(shape);
  const cast = `.astype('${dtype}')`;
  return {
    py: `np.arange(${from}, ${from + n}).reshape(${tuple(shape)})${cast}`,
    js: `np.arange(${from}n, ${from + n}n).reshape([${shape}])${cast}`,
  };
}

function randomShape(random: Random): number[] {
  for (;;) {
    const shape = Array.from({ length: below(random, 5) }, () => pick(random, [0, 1, 2, 2, 3, 3, 4, 5, 7, 20]));
    if (shape.includes(0) && random() < 0.9) continue;
    if (size(shape) <= 140) return shape;
  }
}

/** An array of this shape in some layout. */
function subject(shape: readonly number[], dtype: string, random: Random): Both {
  const kind = shape.length === 0 ? 9 : below(random, 8);
  const last = shape.length - 1;
  const longer = (f: (n: number) => number): Both =>
    numbered(
      shape.map((n, d) => (d === last ? f(n) : n)),
      dtype,
    );
  const view = (base: Both, py: string, js: string): Both => ({ py: base.py + py, js: base.js + js });
  if (kind === 0) return view(numbered([...shape].reverse(), dtype), '.T', '.T');
  if (kind === 1) return view(numbered(shape, dtype), '[::-1]', ".get('::-1')");
  if (kind === 2)
    return view(
      longer((n) => 2 * n),
      '[..., ::2]',
      ".get('...', '::2')",
    );
  if (kind === 3)
    return view(
      longer((n) => n + 1),
      '[..., 1:]',
      ".get('...', '1:')",
    );
  return numbered(shape, dtype);
}

const nested = (values: readonly unknown[], shape: readonly number[]): unknown => {
  if (shape.length === 0) return values[0];
  const step = size(shape.slice(1));
  return Array.from({ length: shape[0] }, (_, i) => nested(values.slice(i * step, (i + 1) * step), shape.slice(1)));
};
const pyText = (v: unknown): string => JSON.stringify(v).replaceAll('true', 'True').replaceAll('false', 'False');

/** Positions into an axis of length n; now and then one is out of bounds. */
function positions(
  n: number,
  shape: readonly number[],
  random: Random,
  wrong = 0.01,
  listToo = true,
  reads = false,
): Both {
  const unsigned = random() < 0.2;
  const span = random() < wrong ? n + 1 : n;
  const values = Array.from(
    { length: size(shape) },
    () => below(random, (unsigned ? 1 : 2) * span) - (unsigned ? 0 : span),
  );
  const all = nested(values, shape);
  if (listToo && random() < 0.4 && shape.length > 0) return { py: pyText(all), js: JSON.stringify(all) };
  const d = pick(
    random,
    indexDTypes.filter((name) => unsigned || !name.startsWith('u')),
  );
  const whole = {
    py: `np.array(${pyText(all)}, dtype='${d}')`,
    js: `np.array(${JSON.stringify(all)}, { dtype: '${d}' })`,
  };
  // NumPy reads such positions in memory order: where one occurs twice, another value than the last in C order stays.
  if (shape.length === 2 && reads && random() < 0.2)
    return { py: `np.asfortranarray(${whole.py})`, js: `np.asfortranarray(${whole.js})` };
  return whole;
}

function mask(shape: readonly number[], random: Random): Both {
  const share = pick(random, [0, 0.2, 0.5, 0.9, 1]);
  const all = nested(
    Array.from({ length: size(shape) }, () => random() < share),
    shape,
  );
  if (random() < 0.3 && shape.length > 0 && size(shape) > 0) return { py: pyText(all), js: JSON.stringify(all) };
  const dims = `[${shape}]`; // an empty list has lost its dimensions
  return {
    py: `np.array(${pyText(all)}, dtype=bool).reshape(${tuple(shape)})`,
    js: `np.array(${JSON.stringify(all)}, { dtype: 'bool' }).reshape(${dims})`,
  };
}

function slicing(n: number, random: Random): Both {
  const end = (): string => (random() < 0.4 ? '' : String(below(random, 2 * n + 3) - n - 1));
  const text = `${end()}:${end()}${random() < 0.5 ? '' : `:${pick(random, [-3, -2, -1, 1, 2, 3])}`}`;
  return { py: text, js: `'${text}'` };
}

/** An index for an array of this shape. */
function index(shape: readonly number[], random: Random, reads: boolean): Both[] {
  const items: Both[] = [];
  const common = pick(random, [[3], [4], [1], [2, 2], [2, 3], [0], []]);
  const variants = [common, common, common.map(() => 1), common.slice(1), common.map((n, i) => (i === 0 ? 1 : n))];
  const trues = random() < 0.25; // masks select as many as there happen to be: mostly alone
  let d = 0;
  while (d < shape.length) {
    const n = shape[d];
    const kind = random();
    if (kind < 0.34) items.push(positions(n, pick(random, variants), random, 0.01, true, reads));
    else if (trues && kind < 0.55) {
      const dims = 1 + below(random, Math.min(3, shape.length - d));
      const fits = shape.slice(d, d + dims);
      items.push(mask(random() < 0.97 ? fits : fits.map((k) => k + 1), random));
      d += dims - 1;
    } else if (kind < 0.62) items.push(literal(below(random, 2 * Math.max(n, 1)) - n));
    else items.push(slicing(n, random));
    d++;
    if (random() < 0.08) items.push({ py: 'None', js: 'null' });
    if (random() < 0.02)
      items.push(
        pick(random, [
          { py: 'True', js: 'true' },
          { py: 'False', js: 'false' },
        ]),
      );
    if (random() < 0.15) break;
  }
  if (random() < 0.25 || items.length === 0)
    items.splice(below(random, items.length + 1), 0, { py: '...', js: "'...'" });
  if (random() < 0.01) items.push(literal(0));
  return items;
}

const indexText = (items: readonly Both[], of: 'py' | 'js'): string => items.map((i) => i[of]).join(', ');

function shapeOf(js: string): readonly number[] | undefined {
  try {
    return (evaluate(`${js}.shape`) as readonly number[]).slice(); // the expression gives an array
  } catch {
    return undefined;
  }
}

/** A value to assign to a selection of this shape: mostly one that fits. */
function valueFor(shape: readonly number[] | undefined, dtype: string, random: Random): Both {
  if (shape === undefined || random() < 0.3) return dtype === 'bool' ? { py: 'True', js: 'true' } : literal(77);
  const cut = random() < 0.5 ? shape : shape.slice(below(random, shape.length + 1));
  const fits = cut.map((n) => (random() < 0.2 ? 1 : n));
  if (random() < 0.03) fits.push(3);
  if (random() < 0.05) fits.unshift(1);
  return numbered(fits, dtype, 100);
}

const exact: Tolerance = {};
const loose: Tolerance = { anyDType: true }; // positions are int32 here, int64 there

type Made = Both & { readonly name: string; readonly tolerance?: Tolerance };

function getting(random: Random): Made {
  const shape = randomShape(random);
  const a = subject(shape, pick(random, dtypes), random);
  const items = index(shape, random, true);
  return {
    name: 'get',
    py: `${a.py}[${indexText(items, 'py')}${items.length === 1 ? ',' : ''}]`,
    js: `${a.js}.get(${indexText(items, 'js')})`,
  };
}

function setting(random: Random): Made {
  const shape = randomShape(random);
  const dtype = pick(random, dtypes);
  const a = subject(shape, dtype, random);
  const items = index(shape, random, false);
  const value = valueFor(shapeOf(`${a.js}.get(${indexText(items, 'js')})`), dtype, random);
  return {
    name: 'set',
    py: `setitem(${a.py}, np.s_[${indexText(items, 'py')},], ${value.py})`,
    js: `setitem(${a.js}, [${indexText(items, 'js')}], ${value.js})`,
  };
}

const call = (name: string, args: readonly Both[], keywords: Readonly<Record<string, Both>> = {}): Both => {
  const keys = Object.entries(keywords);
  const options = keys.length === 0 ? [] : [`{ ${keys.map(([k, v]) => `${k}: ${v.js}`).join(', ')} }`];
  return {
    py: `np.${name}(${[...args.map((a) => a.py), ...keys.map(([k, v]) => `${k}=${v.py}`)].join(', ')})`,
    js: `np.${name}(${[...args.map((a) => a.js), ...options].join(', ')})`,
  };
};
/** The call of a function that changes its first argument, as that argument. */
function changing(name: string, args: readonly Both[], keywords: Readonly<Record<string, Both>> = {}): Both {
  const { py, js } = call(name, args, keywords);
  const head = `np.${name}(`;
  return { py: `after(np.${name}, ${py.slice(head.length)}`, js: `after(np.${name}, ${js.slice(head.length)}` };
}
const quoted = (text: string): Both => ({ py: `'${text}'`, js: `'${text}'` });
const modes = ['raise', 'raise', 'wrap', 'clip'];

interface Setting {
  readonly random: Random;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly a: Both;
  readonly axis: number;
  readonly mode: Readonly<Record<string, Both>>;
  readonly wrong: number;
}

const few = (random: Random): number[] => pick(random, [[], [1], [3], [5], [2, 3], [0], [2, 1, 2]]);
const values = (s: Setting): Both =>
  s.random() < 0.3 ? numbered([], s.dtype, 50) : numbered([1 + below(s.random, 6)], s.dtype, 50);

// Positions shaped for ..._along_axis.
function besides(s: Setting): { shape: number[]; text: Both } {
  const shape = s.shape.map((n, d) => (d === s.axis ? 1 + below(s.random, 4) : s.random() < 0.15 ? 1 : n));
  return { shape, text: positions(s.shape[s.axis], shape, s.random, 0.01, false) };
}

const functions: Readonly<Record<string, (s: Setting) => Both & { tolerance?: Tolerance }>> = {
  take: (s) =>
    call('take', [s.a, positions(s.shape[s.axis] ?? 1, few(s.random), s.random, s.wrong)], {
      axis: literal(s.axis),
      ...s.mode,
    }),
  'take flat': (s) => call('take', [s.a, positions(size(s.shape), few(s.random), s.random, s.wrong)], s.mode),
  put: (s) => changing('put', [s.a, positions(size(s.shape), few(s.random), s.random, s.wrong), values(s)], s.mode),
  take_along_axis: (s) => call('take_along_axis', [s.a, besides(s).text, literal(s.axis)]),
  put_along_axis: (s) => {
    const { shape, text } = besides(s);
    const whole = shape.map((n, d) => (d === s.axis ? n : s.shape[d]));
    return changing('put_along_axis', [
      s.a,
      text,
      s.random() < 0.5 ? numbered([], s.dtype, 50) : numbered(whole, s.dtype, 50),
      literal(s.axis),
    ]);
  },
  compress: (s) => {
    const n = Math.max(0, (s.shape[s.axis] ?? 1) - below(s.random, 2));
    return call('compress', [mask([n], s.random), s.a], { axis: literal(s.axis) });
  },
  extract: (s) => call('extract', [mask(s.random() < 0.7 ? s.shape : [Math.min(size(s.shape), 5)], s.random), s.a]),
  place: (s) => changing('place', [s.a, mask(s.shape, s.random), values(s)]),
  putmask: (s) => changing('putmask', [s.a, mask(s.shape, s.random), values(s)]),
  nonzero: (s) => ({ ...call('nonzero', [s.random() < 0.5 ? mask(s.shape, s.random) : s.a]), tolerance: loose }),
  where: (s) => ({ ...call('where', [mask(s.shape, s.random)]), tolerance: loose }),
  flatnonzero: (s) => ({ ...call('flatnonzero', [s.a]), tolerance: loose }),
  argwhere: (s) => ({ ...call('argwhere', [s.random() < 0.5 ? mask(s.shape, s.random) : s.a]), tolerance: loose }),
  choose: (s) => {
    const choices = Array.from({ length: 1 + below(s.random, 4) }, (_, i) =>
      numbered(s.random() < 0.3 ? [] : s.shape, s.dtype, 10 * i),
    );
    const low = s.random() < 0.1 ? -1 : 0;
    const n = choices.length + (s.random() < 0.1 ? 1 : 0);
    const numbers = Array.from({ length: size(s.shape) }, () => low + below(s.random, n));
    const text = JSON.stringify(numbers);
    const a = {
      py: `np.array(${text}, dtype='i8').reshape(${tuple(s.shape)})`,
      js: `np.array(${text}, { dtype: 'int64' }).reshape([${s.shape}])`,
    };
    return call('choose', [a, { py: `[${indexText(choices, 'py')}]`, js: `[${indexText(choices, 'js')}]` }], s.mode);
  },
  select: (s) => {
    const n = 1 + below(s.random, 3);
    const listOf = (make: (i: number) => Both): Both => {
      const all = Array.from({ length: n }, (_, i) => make(i));
      return { py: `[${indexText(all, 'py')}]`, js: `[${indexText(all, 'js')}]` };
    };
    const boolean = (): Both => {
      const m = mask(s.shape, s.random);
      return { py: `np.asarray(${m.py}, dtype=bool).reshape(${tuple(s.shape)})`, js: m.js };
    };
    return call('select', [
      listOf(boolean),
      listOf((i) => numbered(s.random() < 0.3 ? [] : s.shape, s.dtype, 20 * i)),
      numbered([], s.dtype, 7),
    ]);
  },
  fill_diagonal: (s) =>
    changing('fill_diagonal', [
      s.a,
      values(s),
      s.random() < 0.5 ? { py: 'True', js: 'true' } : { py: 'False', js: 'false' },
    ]),
};
const functionNames = Object.keys(functions);

function calling(random: Random): Made {
  const name = pick(random, functionNames);
  const shape = randomShape(random);
  const dtype = pick(random, dtypes);
  const mode = shape.includes(0) ? 'raise' : pick(random, modes); // NumPy's wrap may not end on empty axes
  const made = functions[name]({
    random,
    shape,
    dtype,
    a: subject(shape, dtype, random),
    axis: shape.length === 0 ? 0 : below(random, shape.length),
    mode: mode === 'raise' && random() < 0.5 ? {} : { mode: quoted(mode) },
    wrong: mode === 'raise' ? 0.03 : 0.5,
  });
  return { name, ...made };
}

/** Random indexing: a bit more reading than writing, every fifth case a function. */
export function* indexingCases(random: Random): Generator<Case> {
  for (;;) {
    const kind = random();
    const made = kind < 0.45 ? getting(random) : kind < 0.8 ? setting(random) : calling(random);
    yield {
      group: 'indexing_lines',
      py: made.py,
      js: made.js,
      x: [],
      ours: () => evaluate(made.js),
      tolerance: made.tolerance ?? exact,
      facts: { name: made.name },
    };
  }
}
