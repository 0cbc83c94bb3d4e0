// More than 4 GiB of arrays: operands and results in three segments, which no single WebAssembly memory could hold. Times
// every step beside the same on arrays that lie in one segment, per element. Takes about 7 GiB of memory:
// node tools/run.mjs bench/memory/segments.ts [GiB per array, default 2]
import * as np from '../../src/index.ts';
import { memoryFigures } from '../../src/memory/allocate.ts';

const GIB = 2 ** 30;
const gib = Number(process.argv[2] ?? 2);
const n = Math.floor((gib * GIB) / 8);
const few = Math.floor(n / 32);

const segmentOf = (a: np.NDArray): string => `segment ${a.storage.segment?.id}`;

function timed<R>(name: string, elements: number, run: () => R): R {
  const started = performance.now();
  const result = run();
  const ms = performance.now() - started;
  console.log(
    `${name.padEnd(44)} ${ms.toFixed(0).padStart(7)} ms ${((ms * 1e6) / elements).toFixed(2).padStart(7)} ns/element`,
  );
  return result;
}

function check(what: string, got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`${what}: ${String(got)}, not ${String(wanted)}`);
}

{
  const [x, y] = [np.full([few], 1.5), np.full([few], 2)];
  for (let i = 0; i < 3; i++) np.add(x, y);
  timed('one segment: add', few, () => np.add(x, y));
  timed('one segment: sum', few, () => np.sum(x));
}
const a = timed('full', n, () => np.full([n], 1.5));
const b = timed('full', n, () => np.full([n], 2));
const c = timed('add', n, () => np.add(a, b));
console.log(`operands in ${segmentOf(a)} and ${segmentOf(b)}, the sum in ${segmentOf(c)}`);
check(
  'sum',
  timed('sum of the sum', n, () => np.sum(c)),
  3.5 * n,
);
timed('add into its operand', n, () => np.add(c, a, { out: c }));
check(
  'max',
  timed('max', n, () => np.max(c)),
  5,
);
timed('a slice set from another segment', n / 2, () => c.set(['::2'], b.get('::2')));
check(
  'min',
  timed('min', n, () => np.min(c)),
  2,
);
const k = np.array([0n, BigInt(n - 1), BigInt(n >> 1)]);
check(
  'take',
  String(timed('take of three', 3, () => np.take(c, k)).tolist()),
  String([0, n - 1, n >> 1].map((i) => (i % 2 === 0 ? 2 : 5))),
);
check(
  'argmax',
  timed('argmax', n, () => np.argmax(c)),
  1,
);
b.dispose();
const m = timed('less', n, () => np.less(c, 3));
check(
  'count',
  timed('count_nonzero', n, () => np.count_nonzero(m)),
  n - Math.floor(n / 2),
);
const { live, segments, peak } = memoryFigures();
console.log(
  `live ${(live / GIB).toFixed(2)} GiB in ${segments} segments, peak ${(peak / GIB).toFixed(2)} GiB, RSS ${(process.memoryUsage.rss() / GIB).toFixed(2)} GiB`,
);
