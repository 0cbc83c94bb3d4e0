// The options of `orthant bench`: their values, and what cannot go together.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ArgumentError } from '../../src/base/errors.ts';
import { type Given, UsageError, wholeNumber } from '../command.ts';
import type { Effort } from './measure.ts';

/** A number above 0. */
export function amount(given: Given, option: string, usual: number): number {
  const text = given.text(option);
  if (text === undefined) return usual;
  const value = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 1e6) return value;
  throw new UsageError(`--${option} takes a number above 0, not '${text}'`);
}

const MOST_RUNS = 10_000;

export function effortOf(given: Given): Effort {
  const whole = (option: string, usual: number): number => {
    const value = wholeNumber(given.text(option) ?? String(usual), option, 1);
    if (value > MOST_RUNS) throw new UsageError(`--${option} takes at most ${MOST_RUNS}`);
    return value;
  };
  return { processes: whole('processes', 5), runs: whole('runs', 40), seconds: amount(given, 'time', 1) };
}

/** What cannot go together, said before anything is measured. */
export function refuseContradictions(given: Given): void {
  const has = (option: string): boolean => given.flag(option) || given.text(option) !== undefined;
  if (given.args.length > 1) throw new UsageError(`unexpected argument '${given.args[1]}'`);
  if (has('compare') && has('against')) throw new UsageError('--compare and --against cannot go together');
  for (const option of ['force', 'tolerance']) {
    if (has(option) && !has('compare') && !has('against')) {
      throw new UsageError(`--${option} belongs to --compare or --against`);
    }
  }
  const measuring = ['filter', 'list', 'cases', 'save', 'against', 'runs', 'time', 'processes', 'scale'];
  const useless = given.args.length === 0 ? undefined : measuring.find(has);
  if (useless !== undefined) throw new UsageError(`--${useless} is of no use with a saved run: nothing is measured`);
}

/** Files that will be written: whether they can be, before minutes of measuring. */
export function refuseUnwritable(...files: readonly (string | undefined)[]): void {
  for (const file of files) {
    if (file === undefined) continue;
    const folder = dirname(resolve(file));
    accessSync(folder, constants.W_OK);
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      throw new ArgumentError(`${file} is a directory`, 'give the name of a file', { path: file });
    }
  }
}
