// A BLAS of the system, found and bound: which library, under which spelling of its symbols, with which integers. It
// knows addresses and sizes, no arrays. Spellings: plain cblas, and the one with prefix, suffix and 64-bit integers
// that NumPy's wheels bundle. Source: the C interface of the reference BLAS, https://www.netlib.org/blas/.
import { config } from '../base/config.ts';
import { LinAlgError } from '../base/errors.ts';
import { platform } from '../base/platform.ts';
import { addressOf, type Bound, bind, whyNotNative } from './ffi.ts';

/** GEMM by dtype. */
const routines = { float32: 'sgemm', float64: 'dgemm', complex64: 'cgemm', complex128: 'zgemm' } as const;
export type GemmName = keyof typeof routines;

interface Spelling {
  readonly prefix: string;
  readonly suffix: string;
  readonly integer: 'int' | 'int64_t';
}
const spellings: readonly Spelling[] = [
  { prefix: '', suffix: '', integer: 'int' },
  { prefix: 'scipy_', suffix: '64_', integer: 'int64_t' },
  { prefix: '', suffix: '64_', integer: 'int64_t' },
];

/** Where a good BLAS usually is; the slow reference implementation is not in the list. */
const usual = ['libopenblas.so.0', 'libopenblas.so', 'libmkl_rt.so.2', 'libmkl_rt.so', 'libblis.so.4', 'libblis.so'];
const usualOnMac = ['/System/Library/Frameworks/Accelerate.framework/Accelerate', 'libopenblas.dylib'];

/** Functions by the names of `routines`, and the one that sets the number of threads where there is one. */
export interface Blas {
  readonly path: string;
  readonly symbols: string;
  readonly call: Readonly<Record<string, (...args: (number | bigint)[]) => number>>;
  readonly setThreads: ((threads: number) => void) | undefined;
}

/** C prototypes of GEMM: complex factors go by address, real ones by value. */
function prototype(routine: string, { prefix, suffix, integer: i }: Spelling): string {
  const scalar = routine === 'sgemm' ? 'float' : routine === 'dgemm' ? 'double' : 'uintptr_t';
  const sizes = `int order, int ta, int tb, ${i} m, ${i} n, ${i} k`;
  const operands = `${scalar} alpha, uintptr_t a, ${i} lda, uintptr_t b, ${i} ldb, ${scalar} beta, uintptr_t c, ${i} ldc`;
  return `void ${prefix}cblas_${routine}${suffix}(${sizes}, ${operands})`;
}

function load(path: string): Blas | undefined {
  for (const spelling of spellings) {
    const symbols = Object.fromEntries(Object.values(routines).map((r) => [r, prototype(r, spelling)]));
    const call: Bound<typeof symbols> | undefined = bind(path, symbols);
    if (call === undefined) continue;
    const { prefix, suffix } = spelling;
    const setters = [`${prefix}openblas_set_num_threads${suffix}`, 'MKL_Set_Num_Threads', 'bli_thread_set_num_threads'];
    const setThreads = setters
      .map((s) => bind(path, { set: `void ${s}(int threads)` })?.set)
      .find((f) => f !== undefined);
    return { path, symbols: `${prefix}cblas_*${suffix}`, call, setThreads };
  }
  return undefined;
}

let found: Blas | null | undefined;
let foundFor: string | undefined;

/**
 * The BLAS that the setting `blas` names: none for 'embedded', the first of the usual ones for 'auto' and 'native'.
 * @throws LinAlgError when one is asked for ('native' or a path) and cannot be had.
 */
export function systemBlas(): Blas | null {
  const setting = config.get('blas');
  if (found !== undefined && foundFor === setting) return found;
  foundFor = setting;
  const paths = /^(auto|native)$/.test(setting) ? (platform.linux ? usual : usualOnMac) : [setting];
  found = null;
  if (setting === 'embedded') return found;
  for (const path of paths) {
    found = load(path) ?? null;
    if (found !== null) return found;
  }
  if (setting === 'auto') return found;
  foundFor = undefined; // asked again next time
  throw new LinAlgError(
    `blas is '${setting}', and there is none: ${whyNotNative()}`,
    "install OpenBLAS and the optional package koffi, give the library's path, or set blas to 'embedded' or 'auto'",
    { setting, paths },
  );
}

/** Which BLAS large products go to. */
export interface BlasReport {
  /** 'native', 'embedded', or 'not looked for yet' while no product was large enough to ask. */
  readonly provider: 'native' | 'embedded' | 'not looked for yet';
  readonly library: string | undefined;
  readonly symbols: string | undefined;
  readonly why: string;
}

/** The state of the choice, without making it. */
export function blasReport(): BlasReport {
  const setting = config.get('blas');
  const why = `blas is '${setting}' (${config.source('blas')})`;
  if (setting === 'embedded') return { provider: 'embedded', library: undefined, symbols: undefined, why };
  if (found === undefined || foundFor !== setting) {
    return { provider: 'not looked for yet', library: undefined, symbols: undefined, why };
  }
  if (found !== null) return { provider: 'native', library: found.path, symbols: found.symbols, why };
  return { provider: 'embedded', library: undefined, symbols: undefined, why: `${why}; ${whyNotNative()}` };
}

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

export const gemmRoutine = (name: GemmName): string => routines[name];
export const isGemmName = (name: string): name is GemmName => Object.hasOwn(routines, name);
