// What BLAS libraries differ in, a row each: where they usually are, how their symbols are spelled, who sets and tells
// their threads, how they name themselves. Not the routines, which all of them share (lapack.ts, ../linalg/provider/).
// Sources: OpenBLAS's cblas.h, BLIS's bli_thread.h and bli_info.h, oneMKL's developer reference, "Support Functions".

import { platform } from '../base/platform.ts';
import { addressOf, type Library } from './ffi.ts';

/** How a library spells its symbols. */
export interface Spelling {
  readonly prefix: string;
  readonly suffix: string;
}

/** Plain, with the suffix of 64-bit integers, and the one that NumPy's and SciPy's wheels bundle. */
export const spellings: readonly Spelling[] = [
  { prefix: '', suffix: '' },
  { prefix: '', suffix: '64_' },
  { prefix: 'scipy_', suffix: '64_' },
  { prefix: 'scipy_', suffix: '' },
];

/** A name of the C interface (cblas_dgemm, openblas_get_config) as the library spells it. */
export const inC = ({ prefix, suffix }: Spelling, name: string): string => `${prefix}${name}${suffix}`;
/** A Fortran routine's symbol. */
export const inFortran = ({ prefix, suffix }: Spelling, name: string): string => `${prefix}${name}_${suffix}`;

/** What a library says of itself. */
export interface Identity {
  readonly version: string | undefined;
  /** The processor that its kernels were chosen for. */
  readonly core: string | undefined;
  readonly threading: string | undefined;
}

/** A kind of BLAS. */
export interface Family {
  readonly name: string;
  /** Usual names of the library, best first. */
  readonly files: readonly string[];
  /** A symbol (of the C interface) that only this family has; undefined for the one of last resort. */
  readonly mark: string | undefined;
  readonly setThreads: string | undefined;
  readonly getThreads: string | undefined;
  identify(library: Library, spelling: Spelling): Identity;
}

const number = (library: Library, spelling: Spelling, name: string): number | undefined =>
  library.find(`int ${inC(spelling, name)}()`)?.();
const text = (library: Library, spelling: Spelling, name: string): string | undefined =>
  library.findText(`const char *${inC(spelling, name)}()`)?.();
const nothing: Identity = { version: undefined, core: undefined, threading: undefined };
const threadings = ['none', 'pthreads', 'openmp'];
const mklThreadings = ['intel openmp', 'none', 'pgi openmp', 'gnu openmp', 'tbb'];
const plain: Spelling = { prefix: '', suffix: '' };

/** Kinds of BLAS, in the order in which they are looked for. The slow reference implementation is not. */
export const families: readonly Family[] = [
  {
    name: 'OpenBLAS',
    files: platform.linux
      ? ['libopenblas.so.0', 'libopenblas.so']
      : ['libopenblas.dylib', '/opt/homebrew/opt/openblas/lib/libopenblas.dylib', 'libopenblas.dll'],
    mark: 'openblas_get_config',
    setThreads: 'openblas_set_num_threads',
    getThreads: 'openblas_get_num_threads',
    identify: (library, spelling) => ({
      version: text(library, spelling, 'openblas_get_config')?.trim(),
      core: text(library, spelling, 'openblas_get_corename'),
      threading: threadings[number(library, spelling, 'openblas_get_parallel') ?? -1],
    }),
  },
  {
    name: 'MKL',
    files: platform.linux ? ['libmkl_rt.so.2', 'libmkl_rt.so'] : ['libmkl_rt.dylib', 'mkl_rt.2.dll'],
    mark: 'MKL_Get_Max_Threads',
    setThreads: 'MKL_Set_Num_Threads',
    getThreads: 'MKL_Get_Max_Threads',
    identify(library) {
      const layer = library.find('int MKL_Set_Threading_Layer(int)')?.(-1); // an invalid layer: it answers with its own
      const bytes = new SharedArrayBuffer(256);
      library.find('void MKL_Get_Version_String(uintptr_t text, int length)')?.(addressOf(bytes) ?? 0, 256);
      const version = new TextDecoder().decode(new Uint8Array(bytes).slice()).replace(/[\s\0]+$/, '');
      return { version: version || undefined, core: undefined, threading: mklThreadings[layer ?? -1] };
    },
  },
  {
    name: 'BLIS',
    files: platform.linux ? ['libblis.so.4', 'libblis.so'] : ['libblis.dylib'],
    mark: 'bli_info_get_version_str',
    setThreads: 'bli_thread_set_num_threads',
    getThreads: 'bli_thread_get_num_threads',
    identify: (library) => ({
      version: text(library, plain, 'bli_info_get_version_str'),
      core: undefined,
      threading:
        number(library, plain, 'bli_info_get_enable_openmp') === 1
          ? 'openmp'
          : number(library, plain, 'bli_info_get_enable_pthreads') === 1
            ? 'pthreads'
            : 'none',
    }),
  },
  {
    name: 'Accelerate',
    files: platform.linux ? [] : ['/System/Library/Frameworks/Accelerate.framework/Accelerate'],
    mark: 'vDSP_vadd',
    setThreads: undefined,
    getThreads: undefined,
    identify: () => ({ ...nothing, threading: 'its own' }),
  },
  {
    name: 'BLAS',
    files: [],
    mark: undefined,
    setThreads: undefined,
    getThreads: undefined,
    identify: () => nothing,
  },
];

/** The family a library belongs to. */
export function familyOf(library: Library, spelling: Spelling): Family {
  const own = (f: Family): boolean =>
    f.mark === undefined || [spelling, plain].some((s) => library.find(`void ${inC(s, f.mark ?? '')}()`) !== undefined);
  return families.find(own) ?? families[families.length - 1];
}
