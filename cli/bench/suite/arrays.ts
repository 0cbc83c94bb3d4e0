// Cases of what programs do with arrays all day: many small ones, many temporaries, fused formulas, reductions,
// conversions, pictures, files.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchCase, Namespace } from '../../../src/bench.ts';
import type { NDArray } from '../../../src/index.ts';
import { apart, near, normal, spread } from './data.ts';

/** A folder that goes with the case. */
function folder(): { at(name: string): string; end(): void } {
  const path = mkdtempSync(join(tmpdir(), 'orthant-bench-'));
  return { at: (name) => join(path, name), end: () => rmSync(path, { recursive: true, force: true }) };
}

const distance = (np: Namespace) => (a: NDArray, b: NDArray) =>
  np.sqrt(np.add(np.square(np.subtract(a, b)), np.multiply(np.absolute(a), 0.5)));

export const arrays: readonly BenchCase[] = [
  {
    name: 'small requests',
    about: 'as many requests of 16 numbers each: normalise, weigh, sum',
    size: 1_000,
    make(np, requests) {
      const inputs = Array.from({ length: requests }, (_, i) =>
        Float64Array.from({ length: 16 }, (_, j) => (i + j) % 17),
      );
      const weights = np.linspace(0, 1, 16);
      const run = () => {
        let total = 0;
        for (const input of inputs) {
          const x = np.array(input);
          total += Number(np.sum(np.multiply(np.divide(np.subtract(x, np.mean(x)), 8), weights)));
        }
        return total;
      };
      return { run, check: () => Number.isFinite(run()) || 'it is no number' };
    },
  },
  {
    name: '300 temporaries',
    about: 'a loop whose every round leaves a dead array of so many float64',
    size: 250_000,
    make(np, length) {
      const x = spread(np, [length]);
      const run = () => {
        let last = x;
        for (let i = 0; i < 300; i++) last = np.add(x, i);
        return last;
      };
      return {
        run,
        check: () => near('the last round', apart(np, run(), np.add(x, 299)), 0),
        bytes: 300 * 2 * x.nbytes,
      };
    },
  },
  {
    name: 'formula, eager',
    about: 'sqrt((a - b)² + |a| / 2), one operation after another',
    size: 1_000_000,
    make(np, length) {
      const [a, b] = [normal(np, [length]), normal(np, [length], 1)];
      const run = () => distance(np)(a, b);
      return {
        run,
        check: () => near('fused and eager', apart(np, run(), np.fuse(distance(np))(a, b)), 0),
        bytes: 3 * a.nbytes,
      };
    },
  },
  {
    name: 'formula, fused',
    about: 'the same by np.fuse: one kernel, no temporaries',
    size: 1_000_000,
    make(np, length) {
      const [a, b] = [normal(np, [length]), normal(np, [length], 1)];
      const fused = np.fuse(distance(np));
      const run = () => fused(a, b);
      return {
        run,
        check: () => near('fused and eager', apart(np, run(), distance(np)(a, b)), 0),
        bytes: 3 * a.nbytes,
      };
    },
  },
  {
    name: 'distances of all pairs',
    about: 'the largest |a - b| for each a, streamed by np.lazy without the matrix of pairs',
    size: 2_000,
    make(np, length) {
      const [a, b] = [spread(np, [length]), spread(np, [length], 1)];
      const run = () => np.lazy(a).get(':', null).subtract(b).absolute().max(1).compute();
      const check = () => {
        const [low, high] = [Number(np.min(b)), Number(np.max(b))];
        const wanted = np.maximum(np.absolute(np.subtract(a, low)), np.absolute(np.subtract(a, high)));
        return near('the differences', apart(np, run(), wanted), 0);
      };
      return { run, check, bytes: length * length * 8 };
    },
  },
  {
    name: 'reductions by axis',
    about: 'sum and maximum of each row and each column of a table of 500 columns',
    size: 2_000,
    make(np, rows) {
      const x = normal(np, [rows, 500]);
      const run = () => [0, 1].map((axis) => [np.sum(x, axis), np.max(x, axis)] as const);
      const check = () => near('the sums', Number(np.sum(run()[1][0])), Number(np.sum(x)), 1e-6);
      return { run, check, bytes: 4 * x.nbytes };
    },
  },
  {
    name: 'conversions',
    about: 'int32 to float32, scaled, to uint8',
    size: 1_000_000,
    make(np, length) {
      const x = np.arange(length).astype('int32');
      const run = () => np.multiply(x.astype('float32'), 255 / length).astype('uint8', { casting: 'unsafe' });
      return { run, check: () => near('the first', Number(run().item(0)), 0), bytes: 9 * length };
    },
  },
  {
    name: 'picture to tensor',
    about: 'rows of 640 pixels in three colours: uint8 to float32, less the mean of each colour, colours first',
    size: 480,
    make(np, rows) {
      const pixels = np.floor(np.multiply(spread(np, [rows, 640, 3]), 256)).astype('uint8');
      const [means, deviations] = [
        [0.485, 0.456, 0.406],
        [0.229, 0.224, 0.225],
      ].map((x) => np.array(x).astype('float32'));
      const run = () => {
        const scaled = np.divide(pixels.astype('float32'), 255);
        return np.ascontiguousarray(np.transpose(np.divide(np.subtract(scaled, means), deviations), [2, 0, 1]));
      };
      const wanted = (Number(pixels.item(0, 0, 2)) / 255 - 0.406) / 0.225;
      const check = () => near('the first blue', Number(run().item(2, 0, 0)), wanted, 1e-5);
      return { run, check, bytes: 5 * pixels.nbytes };
    },
  },
  {
    name: 'save and load .npy',
    about: 'float64 values to a file of the temporary folder and back',
    size: 500_000,
    make(np, length) {
      const { at, end } = folder();
      const x = spread(np, [length]);
      const run = () => {
        np.saveSync(at('x.npy'), x);
        return np.loadSync(at('x.npy'), { kind: 'npy' });
      };
      return { run, end, check: () => near('the difference', apart(np, run(), x), 0), bytes: 2 * x.nbytes };
    },
  },
  {
    name: 'read a CSV',
    about: 'rows of eight numbers in text (loadtxt)',
    size: 5_000,
    make(np, rows) {
      const { at, end } = folder();
      const x = np.round(spread(np, [rows, 8]), 6);
      np.savetxtSync(at('x.csv'), x, { fmt: '%.6f', delimiter: ',' });
      const run = () => np.loadtxtSync(at('x.csv'), { delimiter: ',' });
      return { run, end, check: () => near('the difference', apart(np, run(), x), 0, 1e-9), bytes: rows * 72 };
    },
  },
];
