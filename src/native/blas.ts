// The BLAS of this process: found, bound, and one for good. It knows addresses and sizes, no arrays; what its kinds
// differ in is families.ts, its LAPACK routines are lapack.ts. Source: the C interface of the reference BLAS,
// https://www.netlib.org/blas/.
import { config } from '../base/config.ts';
import { LinAlgError } from '../base/errors.ts';
import { platform } from '../base/platform.ts';
import { families, familyOf, type Identity, inC, inFortran, type Spelling, spellings } from './families.ts';
import { addressOf, type Foreign, type Library, open, whyNotNative } from './ffi.ts';
import { realFile } from './libraries.ts';

/** Letter of a routine's name by dtype. */
export const letters = { float32: 's', float64: 'd', complex64: 'c', complex128: 'z' } as const;
export type BlasDType = keyof typeof letters;
export const isBlasDType = (name: string): name is BlasDType => Object.hasOwn(letters, name);

// What an argument of the C interface is, by letter: f a flag, i a size, p an address, s a factor (by value where
// the elements are real, by address where they are complex).
const routines = { gemm: 'fffiiispipispi', gemv: 'ffiispipispi', syrk: 'fffiispispi' } as const;
export type BlasRoutine = keyof typeof routines;

/** A library that is in use. */
export interface Blas {
  readonly library: Library;
  readonly spelling: Spelling;
  /** Bytes of its integers. */
  readonly integer: 4 | 8;
  readonly family: string;
  /** The file behind the path. */
  readonly file: string;
  identify(): Identity;
  /** A routine of the C interface; undefined when the library lacks it. */
  routine(name: BlasRoutine, dtype: BlasDType): Foreign | undefined;
  readonly setThreads: Foreign | undefined;
  readonly getThreads: Foreign | undefined;
}

/** C prototypes: of void functions whose arguments are given by letters. */
function prototype(symbol: string, letters: string, types: Readonly<Record<string, string>>): string {
  return `void ${symbol}(${Array.from(letters, (letter, i) => `${types[letter]} a${i}`).join(', ')})`;
}

/** Whether integers are of 4 or 8 bytes: a length of 1 in the low half and −1 in the high half is positive or negative. */
function integerBytes(library: Library, spelling: Spelling): 4 | 8 | undefined {
  const greatest = library.find(`int ${inFortran(spelling, 'idamax')}(uintptr_t n, uintptr_t x, uintptr_t step)`);
  if (greatest === undefined) return undefined;
  const memory = new SharedArrayBuffer(64);
  const words = new Int32Array(memory);
  words.set([1, -1, 1, 0]);
  const at = addressOf(memory) ?? 0n;
  return greatest(at, at + 16n, at + 8n) === 1 ? 4 : 8;
}

function bound(library: Library, spelling: Spelling, integer: 4 | 8): Blas {
  const family = familyOf(library, spelling);
  const size = integer === 4 ? 'int' : 'int64_t';
  const known = new Map<string, Foreign | undefined>();
  const function_ = (name: string | undefined, prototypeOf: (symbol: string) => string): Foreign | undefined =>
    name === undefined
      ? undefined
      : (library.find(prototypeOf(inC(spelling, name))) ?? library.find(prototypeOf(name)));
  return {
    library,
    spelling,
    integer,
    family: family.name,
    file: realFile(library.path),
    identify: () => family.identify(library, spelling),
    routine(name, dtype) {
      const letter = letters[dtype];
      const key = `cblas_${letter}${name}`;
      if (!known.has(key)) {
        const factor = letter === 's' ? 'float' : letter === 'd' ? 'double' : 'uintptr_t';
        const types = { f: 'int', i: size, p: 'uintptr_t', s: factor };
        known.set(key, library.find(prototype(inC(spelling, key), routines[name], types)));
      }
      return known.get(key);
    },
    setThreads: function_(family.setThreads, (symbol) => `void ${symbol}(int threads)`),
    getThreads: function_(family.getThreads, (symbol) => `int ${symbol}()`),
  };
}

let refusal = '';

/**
 * After a call OpenBLAS's threads look for the next one, by default for a tenth of a second (2^28
 * cycles), in which our own threads and everybody else's lack their processors. 2^26 is a quarter of that and costs nothing
 * measurable; 2^22, 2 ms, made calls 40 ms apart a quarter slower, for waking is dear. What the user set stays.
 */
const LOOKING = { name: 'OPENBLAS_THREAD_TIMEOUT', log2OfCycles: '26' };

function load(path: string): Blas | undefined {
  const library = platform.withEnv(LOOKING.name, LOOKING.log2OfCycles, () => open(path));
  if (library === undefined) {
    refusal = whyNotNative();
    return undefined;
  }
  for (const spelling of spellings) {
    const integer = integerBytes(library, spelling);
    if (integer === undefined) continue;
    const blas = bound(library, spelling, integer);
    if (blas.routine('gemm', 'float64') !== undefined) return blas;
  }
  refusal = `${path} is a library, but not one of linear algebra: it has no cblas_dgemm and idamax_ in any spelling`;
  return undefined;
}

/** The process's one, from its first use on. */
let inUse: Blas | undefined;
let found: Blas | null | undefined;
let foundFor: string | undefined;

const SHARED_NAME = 'orthant.blas';

/** What another thread of this process uses: threads that it started afterwards are told. */
function usedByParent(): string | undefined {
  const workers = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads');
  const path = workers?.isMainThread === false ? workers.getEnvironmentData(SHARED_NAME) : undefined;
  return typeof path === 'string' ? path : undefined;
}

function refuseSecond(setting: string, used: string): never {
  throw new LinAlgError(
    `blas is '${setting}', and this process computes with ${used} already: two would fight over threads and memory`,
    `start a new process with ORTHANT_BLAS=${setting}, or set blas to 'auto' or 'embedded'`,
    { setting, used },
  );
}

function search(setting: string): Blas | null {
  const anyone = setting === 'auto' || setting === 'native';
  const before = inUse?.file ?? usedByParent();
  if (before !== undefined && !anyone && realFile(setting) !== before) refuseSecond(setting, before);
  if (inUse !== undefined) return inUse;
  const usual = families.flatMap((f) => f.files);
  const paths = !anyone ? [setting] : before !== undefined ? [before] : usual;
  for (const path of paths) {
    inUse = load(path);
    if (inUse === undefined) continue;
    platform
      .builtin<typeof import('node:worker_threads')>('node:worker_threads')
      ?.setEnvironmentData(SHARED_NAME, inUse.file);
    return inUse;
  }
  if (setting === 'auto') return null;
  throw new LinAlgError(
    `blas is '${setting}', and there is none: ${refusal}`,
    "install OpenBLAS and the optional package koffi, give the library's path, or set blas to 'embedded' or 'auto'",
    { setting, paths },
  );
}

/**
 * The BLAS that the setting `blas` names: none for 'embedded', the first of the usual ones for 'auto' and 'native'.
 * @throws LinAlgError when one is asked for ('native' or a path) and cannot be had, or another is in use.
 */
export function systemBlas(): Blas | null {
  const setting = config.get('blas');
  if (found !== undefined && foundFor === setting) return found;
  foundFor = undefined; // should the search fail, it is done again next time
  found = setting === 'embedded' ? null : search(setting);
  foundFor = setting;
  return found;
}

/** The state of the choice, without making it: what was found, null for none, undefined while nobody asked. */
export const foundBlas = (): Blas | null | undefined => (foundFor === config.get('blas') ? found : undefined);
/** Why there is no library. */
export const whyNoBlas = (): string => refusal;

const bases = new WeakMap<ArrayBufferLike, number>();

/** Where memory that never moves starts in this process; addresses stay below 2^53. */
export function baseOf(buffer: ArrayBufferLike): number {
  let base = bases.get(buffer);
  if (base === undefined) {
    base = Number(addressOf(buffer) ?? 0n);
    bases.set(buffer, base);
  }
  return base;
}
