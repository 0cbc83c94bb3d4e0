// Cases of people with tables and series: normalise, clean, roll, count, group, pick.
import type { BenchCase } from '../../../src/bench.ts';
import { apart, near, normal, spread } from './data.ts';

export const tables: readonly BenchCase[] = [
  {
    name: 'normalise features',
    about: 'a table of 50 columns: less the mean of each, over its deviation',
    size: 20_000,
    make(np, rows) {
      const x = np.add(np.multiply(normal(np, [rows, 50]), 3), 10);
      const run = () => np.divide(np.subtract(x, np.mean(x, 0)), np.std(x, 0));
      const check = () => near('the largest mean', apart(np, np.mean(run(), 0), 0), 0, 1e-9);
      return { run, check, bytes: 2 * x.nbytes };
    },
  },
  {
    name: 'clean a table',
    about: 'eight columns: missing values become the median of the column, the others are clipped',
    size: 50_000,
    make(np, rows) {
      const values = normal(np, [rows, 8]);
      const x = np.where(np.less(spread(np, [rows, 8], 7), 0.02), Number.NaN, values);
      const run = () => np.clip(np.where(np.isnan(x), np.nanmedian(x, 0), x), -3, 3);
      const check = () => near('the maximum', Number(np.max(run())), Math.min(3, Number(np.nanmax(x))), 0);
      return { run, check, bytes: 2 * x.nbytes };
    },
  },
  {
    name: 'rolling statistics',
    about: 'mean and deviation over 50 values, along a series, by running sums',
    size: 500_000,
    make(np, length) {
      const width = Math.min(50, length);
      const x = normal(np, [length]);
      const sums = (a: typeof x) => {
        const running = np.cumsum(a);
        const first = running.get(`${width - 1}:${width}`);
        return np.concatenate([first, np.subtract(running.get(`${width}:`), running.get(`:${length - width}`))]);
      };
      const run = () => {
        const mean = np.divide(sums(x), width);
        const variance = np.subtract(np.divide(sums(np.square(x)), width), np.square(mean));
        return { mean, deviation: np.sqrt(np.maximum(variance, 0)) };
      };
      const check = () => {
        const { mean, deviation } = run();
        const last = x.get(`${length - width}:`);
        return (
          near('the last mean', Number(mean.item(-1)), Number(np.mean(last)), 1e-8) &&
          near('the last deviation', Number(deviation.item(-1)), Number(np.std(last)), 1e-6)
        );
      };
      return { run, check, bytes: 3 * x.nbytes };
    },
  },
  {
    name: 'histogram',
    about: 'counts of values in 100 bins',
    size: 1_000_000,
    make(np, length) {
      const x = normal(np, [length]);
      const run = () => np.histogram(x, { bins: 100, range: [-8, 8] });
      return { run, check: () => near('the sum of counts', Number(np.sum(run()[0])), length), bytes: x.nbytes };
    },
  },
  {
    name: 'group by key',
    about: 'sums of values by int32 keys: unique with inverse, then bincount with weights',
    size: 200_000,
    make(np, length) {
      const keys = np.floor(np.multiply(spread(np, [length]), 1000)).astype('int32');
      const values = spread(np, [length], 1);
      const run = () => {
        const { values: groups, inverse_indices: of } = np.unique_inverse(keys);
        return { groups, sums: np.bincount(of, { weights: values }) };
      };
      const check = () => near('the sum of sums', Number(np.sum(run().sums)), Number(np.sum(values)), 1e-6 * length);
      return { run, check, bytes: keys.nbytes + values.nbytes };
    },
  },
  {
    name: 'sort',
    about: 'float64 values, ascending',
    size: 500_000,
    make(np, length) {
      const x = normal(np, [length]);
      const run = () => np.sort(x);
      const check = () => np.all(np.greater_equal(np.diff(run()), 0)) || 'it is not ascending';
      return { run, check, bytes: 2 * x.nbytes };
    },
  },
  {
    name: 'filter and top 100',
    about: 'values above a mark by a mask, then the positions of the 100 largest',
    size: 500_000,
    make(np, length) {
      const x = spread(np, [length]);
      const run = () => {
        const chosen = x.get(np.greater(x, 0.5));
        const count = Math.min(100, chosen.size);
        return np.take(chosen, np.argpartition(chosen, chosen.size - count).get(`${chosen.size - count}:`));
      };
      const check = () => near('the largest', Number(np.max(run())), Number(np.max(x)), 0);
      return { run, check, bytes: 2 * x.nbytes };
    },
  },
];
