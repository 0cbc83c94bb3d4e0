// Random expressions, each built twice: of arrays by eager calls, and of expressions by the same calls.
import * as np from '../../src/index.ts';
import { rowNames } from './_rows.ts';

type Value = np.NDArray | number | bigint | boolean | np.Complex;
// What the tests call is the namespace itself, whose functions take both.
// biome-ignore lint/suspicious/noExplicitAny: calls are chosen at random
type Any = any;
const call = np as Any;

export interface Pair {
  readonly text: string;
  readonly eager: Any;
  readonly lazy: Any;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function random(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const dtypes = ['float64', 'float64', 'float32', 'float16', 'int32', 'int8', 'uint8', 'int64', 'bool', 'complex128'];
const shapes = [[4, 5], [5], [4, 1], [1, 5], [], [3, 4, 5], [3, 1, 5], [40, 33], [33], [40, 1]];

export class Trees {
  readonly #next: () => number;
  readonly pool: Pair[] = [];

  constructor(seed: number) {
    this.#next = random(seed);
    for (let i = 0; i < 4; i++) this.pool.push(this.leaf());
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#next() * list.length)];
  }

  leaf(): Pair {
    const shape = this.pick(shapes);
    const dtype = this.pick(dtypes);
    const size = shape.reduce((a, b) => a * b, 1);
    const special = [0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, -1e300, 0.5];
    const floats = /float|complex/.test(dtype);
    const values = Array.from({ length: size * 2 }, () =>
      floats && this.#next() < 0.05 ? this.pick(special) : Math.round((this.#next() - 0.4) * 1000) / (floats ? 64 : 8),
    );
    const all = call
      .array(values)
      .astype(dtype)
      .reshape([2, ...shape]);
    let a = all.get(0);
    const layout = this.#next();
    if (layout < 0.2 && shape.length >= 2) a = a.T.copy().T;
    else if (layout < 0.4 && shape.length >= 1) a = a.get('...', '::-1');
    else if (layout < 0.5 && shape.length >= 1) a = call.concatenate([a, a], -1).get('...', '::2');
    const text = `${dtype}[${a.shape}]/${a.strides}`;
    return { text, eager: a, lazy: call.lazy(a) };
  }

  /** One more expression; undefined where eager calls refuse it, and expressions do too. */
  grow(): Pair | undefined {
    const x = this.pick(this.pool);
    const kind = this.#next();
    const axes = x.eager.shape?.length ?? 0;
    const axis = axes === 0 ? undefined : Math.floor(this.#next() * axes);
    if (kind < 0.25) return this.#both(this.pick(rowNames.unary), [x]);
    if (kind < 0.6) return this.#both(this.pick(rowNames.binary), [x, this.#other(x)]);
    if (kind < 0.8) {
      const f = this.pick(['sum', 'prod', 'min', 'max', 'any', 'all', 'mean', 'var', 'std', 'count_nonzero']);
      const keepdims = this.#next() < 0.6;
      const options = axis === undefined || this.#next() < 0.2 ? { keepdims: true } : { axis, keepdims };
      return this.#both(f, [x], options);
    }
    if (kind < 0.84 && axis !== undefined) return this.#both(this.pick(['argmin', 'argmax']), [x], { axis });
    if (kind < 0.9 && axis !== undefined) {
      const view = this.pick(['T', 'slice', 'flip', 'expand', 'ravel']);
      const of = (a: Any): Any =>
        view === 'T'
          ? a.T
          : view === 'slice'
            ? a.get('::2')
            : view === 'flip'
              ? call.flip(a, axis)
              : view === 'expand'
                ? call.expand_dims(a, axis)
                : call.ravel(a);
      return this.#made(
        `${view}(${x.text})`,
        () => of(x.eager),
        () => of(x.lazy),
      );
    }
    if (kind < 0.95) {
      const [c, y] = [this.pick(this.pool), this.#other(x)];
      return this.#made(
        `where(${c.text}, ${x.text}, ${y.text})`,
        () => call.where(call.not_equal(c.eager, 0), x.eager, y.eager),
        () => call.where(call.not_equal(c.lazy, 0), x.lazy, y.lazy),
      );
    }
    const d = this.pick(dtypes);
    return this.#made(
      `${x.text}.astype(${d})`,
      () => x.eager.astype(d),
      () => x.lazy.astype(d),
    );
  }

  // An operand beside `x`: another expression, or a number.
  #other(x: Pair): Pair {
    if (this.#next() > 0.25) return this.pick(this.pool);
    const number = /float|complex/.test(x.eager.dtype?.name ?? '')
      ? this.pick([2, 0.5, -3, 1.25])
      : this.pick([1, 2, 3]);
    return { text: `${number}`, eager: number, lazy: number };
  }

  #both(name: string, operands: readonly Pair[], options?: object): Pair | undefined {
    const f = call[name];
    const more = options === undefined ? [] : [options];
    return this.#made(
      `${name}(${operands.map((o) => o.text).join(', ')}${options ? `, ${JSON.stringify(options)}` : ''})`,
      () => f(...operands.map((o) => o.eager), ...more),
      () => f(...operands.map((o) => o.lazy), ...more),
    );
  }

  #made(text: string, eager: () => Any, lazy: () => Any): Pair | undefined {
    const [e, l] = [attempt(eager), attempt(lazy)];
    if (e.error === undefined && l.error === undefined) {
      // Functions with two results: the first.
      const [first, second] = [e.value, l.value].map((v) => (Array.isArray(v) ? v[0] : v));
      return { text, eager: first, lazy: second };
    }
    const late = e.error !== undefined && l.error === undefined ? attempt(() => l.value.compute()).error : l.error;
    if (e.error !== late) throw new Error(`${text}: eager ${e.error ?? 'works'}, lazy ${late ?? 'works'}`);
    return undefined;
  }
}

function attempt(run: () => Any): { value?: Any; error?: string } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof np.OrthantError) return { error: error.tag };
    throw error;
  }
}

/** The elements as bits; every NaN is one. */
export function bitsOf(x: Value): string {
  const a = call.asarray(x) as np.NDArray;
  const list = [...(a.copy().data as unknown as Iterable<number | bigint>)];
  const half = a.dtype.name === 'float16';
  const shown = list.map((v) =>
    half && (Number(v) & 0x7fff) > 0x7c00 ? 'nan' : Object.is(v, -0) ? '-0' : Number.isNaN(v) ? 'nan' : `${v}`,
  );
  return `${a.dtype.name}[${a.shape}] ${shown.join(' ')}`;
}
