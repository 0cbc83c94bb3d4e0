// What is running: version, engine, threads, memory, the BLAS in use, settings and where each came from. As data
// (`runtime`), and printed (`show_config`, `show_runtime`). It loads nothing to find out: what was not needed yet is said so.

import { type ConfigName, config, configRows } from '../base/config.ts';
import { platform } from '../base/platform.ts';
import { version } from '../base/version.ts';
import { Options } from '../exec/options.ts';
import { type ThreadFigures, threadFigures } from '../exec/threads/pool.ts';
import { kernelFigures } from '../kernel/compile.ts';
import { compressionReport, type NativeCodecName } from '../native/compression.ts';
import type { LoadedLibrary } from '../native/libraries.ts';
import { type MappingReport, mappingReport } from '../native/mapping.ts';
import { type BlasReport, blasReport, libraryReport } from '../native/report.ts';
import { type MemorySnapshot, memory } from './memory.ts';

/** One setting: its value and the default, `set`, or the environment variable that it came from. */
export interface SettingReport {
  readonly value: unknown;
  readonly source: string;
}

export interface RuntimeReport {
  readonly version: string;
  readonly engine: {
    readonly runtime: string;
    readonly simd: boolean;
    readonly relaxedSimd: boolean;
    readonly sharedMemory: boolean;
  };
  readonly threads: ThreadFigures;
  readonly memory: MemorySnapshot;
  readonly blas: BlasReport;
  /** Copies of BLAS and OpenMP that others loaded into this process. */
  readonly libraries: readonly LoadedLibrary[];
  /** Who unpacks chunks of Zarr arrays: the system's libraries, or WebAssembly, and why. */
  readonly codecs: Readonly<Record<NativeCodecName, string>>;
  readonly kernels: { readonly kernels: number; readonly bytes: number };
  /** Whether typed arrays over files are possible here. */
  readonly files: MappingReport;
  readonly settings: Readonly<Record<ConfigName, SettingReport>>;
  /** Variables that start with ORTHANT_ and mean nothing. */
  readonly unknownEnvironment: readonly string[];
}

function settings(): Record<ConfigName, SettingReport> {
  const names = Object.keys(configRows) as ConfigName[]; // the rows are closed over the names
  const reports = names.map((name) => [name, { value: config.get(name), source: config.source(name) }]);
  return Object.fromEntries(reports);
}

/**
 * Everything that decides how computations run here, as plain data.
 * @example np.runtime().engine.simd // true
 */
export function runtime(): RuntimeReport {
  const { simd, relaxedSimd, sharedMemory } = platform;
  return {
    version,
    engine: { runtime: platform.runtime, simd, relaxedSimd, sharedMemory },
    threads: threadFigures(),
    memory: memory.snapshot(),
    blas: blasReport(),
    libraries: libraryReport(),
    codecs: compressionReport(),
    kernels: kernelFigures(),
    files: mappingReport(),
    settings: settings(),
    unknownEnvironment: config.unknownEnv(),
  };
}

function text(value: unknown): string {
  if (value === null) return 'auto';
  if (value === undefined) return '-';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function print(title: string, rows: Readonly<Record<string, unknown>>): void {
  const width = Math.max(...Object.keys(rows).map((name) => name.length));
  const lines = Object.entries(rows).map(([name, value]) => `  ${name.padEnd(width)}  ${text(value)}`);
  console.log([title, ...lines].join('\n'));
}

const showOptions = new Options(['mode', 'value']);

export interface ShowOptions {
  /** 'stdout' prints and returns nothing; 'dicts' returns the data. */
  readonly mode?: 'stdout' | 'dicts';
}

/**
 * Prints the settings, where each came from, and the BLAS in use.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.show_config.html
 */
export function show_config(
  options: ShowOptions = {},
): Pick<RuntimeReport, 'blas' | 'libraries' | 'settings'> | undefined {
  showOptions.check(options, 'np.show_config');
  const { blas, libraries, settings: all } = runtime();
  if (options.mode === 'dicts') return { blas, libraries, settings: all };
  const rows = Object.entries(all).map(([name, { value, source }]) => [name, `${text(value)} (${source})`]);
  print('settings', Object.fromEntries(rows));
  print('blas', { ...blas });
  for (const { name, file, threads } of libraries) print(`also loaded: ${name}`, { file, threads });
  return undefined;
}

/**
 * Prints version, engine, threads and memory.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.show_runtime.html
 */
export function show_runtime(): void {
  const { version: number, engine, threads, memory: figures, kernels, files, codecs } = runtime();
  const { largest: _, ...numbers } = figures;
  print('orthant', { version: number, ...engine });
  print('threads', { ...threads });
  print('memory', numbers);
  print('kernels', { ...kernels });
  print('typed arrays over files', { ...files });
  print('codecs', { ...codecs });
}
