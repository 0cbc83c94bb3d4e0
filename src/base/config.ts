// Process-wide settings as rows: name, default, environment variables, parser, doc. `orthant doctor`, the docs and the
// typed `config.get` all come from the rows. Not settings of a scope (context.ts) and not printing options (array/).
import { ArgumentError } from './errors.ts';
import { events } from './events.ts';
import { platform } from './platform.ts';

/** The value a text or value stands for; undefined refuses it. */
type Parse<T> = (value: unknown) => T | undefined;

interface Row<T> {
  readonly default: T;
  /** Environment variables, the first one that is set wins. */
  readonly env: readonly string[];
  readonly doc: string;
  /** What `parse` accepts, for its error message. */
  readonly accepts: string;
  /** Takes a text of the environment, or a value given to `set`. */
  readonly parse: Parse<T>;
}

const oneOf = <const T extends string>(...words: readonly T[]): { accepts: string; parse: Parse<T> } => ({
  accepts: words.map((word) => `'${word}'`).join(' or '),
  parse: (value) => words.find((word) => word === value),
});

// Maps, not objects: a text such as 'toString' must not find what every object inherits.
const flags = new Map(Object.entries({ 1: true, true: true, on: true, 0: false, false: false, off: false }));

const decimal = { '': 1, B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const units = new Map(Object.entries({ ...decimal, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }));

/** Bytes as a number or a text with a unit; null for auto, undefined for what is neither. */
export function parseBytes(value: unknown): number | null | undefined {
  if (value === null || value === 'auto') return null;
  if (value === 'unlimited') return Number.POSITIVE_INFINITY;
  if (typeof value === 'number') return value > 0 ? value : undefined;
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(String(value)) ?? [];
  const nbytes = Math.floor(Number(count) * (units.get(unit ?? '') ?? Number.NaN));
  return nbytes > 0 ? nbytes : undefined;
}

function parseThreads(value: unknown): number | null | undefined {
  if (value === null || value === 'auto') return null;
  // OMP_NUM_THREADS may be a list, one number per nesting level; the first is the outermost, which is ours.
  const count = Number(typeof value === 'string' ? value.split(',', 1)[0] : value);
  return Number.isInteger(count) && count >= 1 ? count : undefined;
}

/** A text that reports and logs do not show. */
export class Secret {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  reveal(): string {
    return this.#text;
  }
  toJSON(): string {
    return '(set)';
  }
}

const row = <T>(it: Row<T>): Row<T> => it;

/** Every setting there is. */
export const configRows = {
  'promote.uint64_int64': row({
    default: 'error',
    env: ['ORTHANT_PROMOTE_UINT64_INT64'],
    doc: 'What uint64 with a signed integer gives: an error, or float64, which cannot hold all of either.',
    ...oneOf('error', 'float64'),
  }),
  broadcast: row<'numpy' | 'no-rank-promotion' | 'exact'>({
    default: 'numpy',
    env: ['ORTHANT_BROADCAST'],
    doc: 'Which operands may be stretched to meet: as in NumPy, of equally many dimensions, or of equal shapes only.',
    ...oneOf('numpy', 'no-rank-promotion', 'exact'),
  }),
  threads: row<number | null>({
    default: null,
    env: ['ORTHANT_NUM_THREADS', 'OMP_NUM_THREADS'],
    doc: 'Threads of the one pool; auto takes the processors that affinity and the cgroup quota leave.',
    accepts: "a whole number from 1, or 'auto'",
    parse: parseThreads,
  }),
  'threads.executor': row<string | null>({
    default: null,
    env: ['ORTHANT_EXECUTOR'],
    doc: 'The module that np.async starts threads from: a path or URL of orthant/executor; auto finds it beside index.js.',
    accepts: "a path or URL, or 'auto'",
    parse: (value) => (value === null || value === 'auto' ? null : typeof value === 'string' ? value : undefined),
  }),
  blas: row<string>({
    default: 'auto',
    env: ['ORTHANT_BLAS'],
    doc: 'Who does linear algebra: auto, embedded, native (found on the system), or the path of a shared library.',
    accepts: "'auto', 'embedded', 'native' or the path of a shared library",
    parse: (value) =>
      typeof value === 'string' && (/^(auto|embedded|native)$/.test(value) || /[/\\.]/.test(value)) ? value : undefined,
  }),
  codecs: row({
    default: 'auto',
    env: ['ORTHANT_CODECS'],
    doc: 'Who unpacks chunks of Zarr arrays: the libraries of the system where they are, or WebAssembly in any case.',
    ...oneOf('auto', 'embedded'),
  }),
  determinism: row({
    default: 'stable',
    env: ['ORTHANT_DETERMINISM'],
    doc: 'stable: the same bits for any thread count and engine, linear algebra excepted; bitwise: that too; fast: any.',
    ...oneOf('stable', 'bitwise', 'fast'),
  }),
  'debug.redzones': row<boolean>({
    default: false,
    env: ['ORTHANT_DEBUG_REDZONES'],
    doc: 'Red zones around heap blocks and poison in freed ones, verified; slow, for tests.',
    accepts: 'true or false (1, on, 0, off)',
    parse: (value) => flags.get(String(value)),
  }),
  'memory.largePages': row({
    default: 'auto',
    env: ['ORTHANT_LARGE_PAGES'],
    doc: 'Whether the system is asked for large pages behind a heap of 32 MB or more (Linux, with koffi installed).',
    ...oneOf('auto', 'off'),
  }),
  monitor: row<string | null>({
    default: null,
    env: ['ORTHANT_MONITOR'],
    doc: 'Where a monitor of this process listens, started soon after import; off unless set.',
    accepts: "a port, or a host and a port ('9100', '0.0.0.0:9100')",
    parse: (value) => {
      const [, port] = /^(?:[^\s/]+:)?(\d{1,5})$/.exec(String(value)) ?? [];
      return value === null ? null : Number(port) <= 65_535 ? String(value) : undefined;
    },
  }),
  'monitor.token': row<Secret | null>({
    default: null,
    env: ['ORTHANT_MONITOR_TOKEN'],
    doc: 'What readers of that monitor must know; needed where other machines reach it.',
    accepts: 'a text',
    parse: (value) => (value === null || value instanceof Secret ? value : new Secret(String(value))),
  }),
  'memory.limit': row<number | null>({
    default: null,
    env: ['ORTHANT_MEMORY_LIMIT'],
    doc: 'Bytes all arrays together may take; auto is the limit of the cgroup or the machine less a reserve.',
    accepts: "bytes as a number or with a unit ('512MiB', '2GB'), 'auto', or 'unlimited'",
    parse: parseBytes,
  }),
};

export type ConfigName = keyof typeof configRows;
export type ConfigValue<N extends ConfigName> = (typeof configRows)[N]['default'];
/** Where a value came from: 'default', 'set', or the environment variable's name. */
export type ConfigSource = string;

interface Setting {
  readonly value: unknown;
  readonly source: ConfigSource;
}

class Config {
  private readonly settings = new Map<ConfigName, Setting>();

  /** The value in force; the environment is read once, at the first request. */
  get<N extends ConfigName>(name: N): ConfigValue<N> {
    return this.setting(name).value as ConfigValue<N>; // written by `set` and `initial` through the row's own parser
  }

  /** Where the value in force came from. */
  source(name: ConfigName): ConfigSource {
    return this.setting(name).source;
  }

  /**
   * Sets a row for the whole process. The texts its environment variable takes are accepted too.
   * @throws ArgumentError for an unknown name or a value the row refuses.
   */
  set<N extends ConfigName>(name: N, value: ConfigValue<N> | string): void {
    const accepted = parse(name, value, 'config.set');
    this.settings.set(name, { value: accepted, source: 'set' });
    if (events.active['config.change']) events.emit('config.change', { name, value: accepted });
  }

  /** Forgets what was set, for one row or for all: the environment and the default hold again. */
  reset(name?: ConfigName): void {
    if (name === undefined) this.settings.clear();
    else this.settings.delete(name);
    if (events.active['config.change']) {
      for (const changed of name === undefined ? names : [name]) {
        events.emit('config.change', { name: changed, value: this.get(changed) });
      }
    }
  }

  /** Every row with its value and source, for reports. */
  entries(): { name: ConfigName; value: unknown; source: ConfigSource; env: readonly string[]; doc: string }[] {
    return names.map((name) => ({ name, ...this.setting(name), env: configRows[name].env, doc: configRows[name].doc }));
  }

  /** Environment variables that start with ORTHANT_ and that no row reads: misspelt ones, most likely. */
  unknownEnv(): string[] {
    const known = new Set(names.flatMap((name) => configRows[name].env));
    return platform.envNames('ORTHANT_').filter((name) => !known.has(name));
  }

  private setting(name: ConfigName): Setting {
    let setting = this.settings.get(name);
    if (setting === undefined) {
      setting = initial(name);
      this.settings.set(name, setting);
    }
    return setting;
  }
}

// Object.keys is typed as string[]; these are the keys of that very object.
const names = Object.keys(configRows) as ConfigName[];

function initial(name: ConfigName): Setting {
  const { env, default: value } = findRow(name);
  const source = env.find((variable) => platform.env(variable) !== undefined);
  if (source === undefined) return { value, source: 'default' };
  return { value: parse(name, platform.env(source), `environment variable ${source}`), source };
}

function findRow(name: ConfigName): Row<unknown> {
  if (Object.hasOwn(configRows, name)) return configRows[name];
  throw new ArgumentError(`'${name}' is not a configuration row`, `use one of ${names.join(', ')}`, { name });
}

function parse(name: ConfigName, value: unknown, where: string): unknown {
  const { parse, accepts } = findRow(name);
  const accepted = parse(value);
  if (accepted !== undefined) return accepted;
  throw new ArgumentError(
    `${where}: '${name}' cannot be ${typeof value === 'string' ? `'${value}'` : String(value)}`,
    `give ${accepts}`,
    {
      name,
      value,
    },
  );
}

/** The one configuration of the process. */
export const config = new Config();
