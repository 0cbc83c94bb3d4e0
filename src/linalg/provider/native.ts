// The native provider: each routine by LAPACK of the system's library, matrix after matrix of the stack. Workspaces are
// scratch of the heap's. Where LAPACK would not come to an end or would stop the process, on NaN and infinities in
// iterations, a matrix is not handed over: it counts as one that did not converge.

import { scratch } from '../../memory/allocate.ts';
import type { Blas } from '../../native/blas.ts';
import type { LapackName } from '../../native/lapack.ts';
import { anyNonFinite, anyNonFiniteTriangle, fillNaN } from './finite.ts';
import { Fortran } from './fortran.ts';
import type { Jobs, RoutineName } from './routines.ts';
import { unpackEigenvectors, unpackPairs } from './unpack.ts';

/** What LAPACK could not be asked: info of a matrix with NaN or infinities. */
const NOT_FINITE = 1;
const lead = (n: number): number => Math.max(1, n);

type Implementation<K extends RoutineName> = (f: Fortran, job: Jobs[K]) => void;

/** Runs one matrix after the other; what each returns is its info. */
function each(f: Fortran, job: { readonly count: number; readonly info?: number }, one: (s: number) => number): void {
  for (let s = 0; s < job.count; s++) {
    const info = one(s);
    if (job.info !== undefined) f.segment.i32[job.info / 4 + s] = info;
  }
}

/** Elements of workspace that a routine wants when it is asked (`ask` gets the address where it answers). */
function asked(f: Fortran, ask: (answer: number) => number): number {
  const answer = f.take(16);
  ask(answer);
  // In single precision large numbers are rounded, perhaps down.
  return lead(Math.ceil(f.real(answer) * (1 + 2 * f.field.eps)));
}

/** The usual pair: a workspace of the field's elements and its length. */
function workspace(f: Fortran, ask: (work: number, length: number) => number): readonly [number, number] {
  const length = asked(f, (answer) => ask(answer, -1));
  return [f.take(length * f.field.bytes), length];
}

const lu: Implementation<'lu'> = (f, { m, n, a, pivots, ...job }) => {
  const k = Math.min(m, n);
  const wide = f.blas.integer === 8;
  const own = wide ? f.take(8 * k) : 0;
  each(f, job, (s) => {
    const to = pivots + 4 * k * s;
    const info = f.call('getrf', m, n, a + s * m * n * f.field.bytes, lead(m), wide ? own : to);
    if (wide) for (let i = 0; i < k; i++) f.segment.i32[to / 4 + i] = f.integer(own + 8 * i);
    return info;
  });
};

const solve: Implementation<'solve'> = (f, { n, columns, a, b, ...job }) => {
  const pivots = f.take(8 * n);
  const { bytes } = f.field;
  each(f, job, (s) =>
    f.call('gesv', n, columns, a + s * n * n * bytes, lead(n), pivots, b + s * n * columns * bytes, lead(n)),
  );
};

const inverse: Implementation<'inverse'> = (f, { n, a, ...job }) => {
  const pivots = f.take(8 * n);
  const [work, length] = workspace(f, (w, l) => f.call('getri', n, a, lead(n), pivots, w, l));
  each(f, job, (s) => {
    const at = a + s * n * n * f.field.bytes;
    return f.call('getrf', n, n, at, lead(n), pivots) || f.call('getri', n, at, lead(n), pivots, work, length);
  });
};

const cholesky: Implementation<'cholesky'> = (f, { n, a, lower, ...job }) =>
  each(f, job, (s) => f.call('potrf', lower ? 'L' : 'U', n, a + s * n * n * f.field.bytes, lead(n)));

const qr: Implementation<'qr'> = (f, { m, n, a, tau, ...job }) => {
  const { bytes } = f.field;
  const [work, length] = workspace(f, (w, l) => f.call('geqrf', m, n, a, lead(m), tau, w, l));
  each(f, job, (s) =>
    f.call('geqrf', m, n, a + s * m * n * bytes, lead(m), tau + s * Math.min(m, n) * bytes, work, length),
  );
};

const formQ: Implementation<'formQ'> = (f, { m, columns, k, a, tau, ...job }) => {
  const { bytes } = f.field;
  const [work, length] = workspace(f, (w, l) => f.call('orgqr', m, columns, k, a, lead(m), tau, w, l));
  each(f, job, (s) =>
    f.call('orgqr', m, columns, k, a + s * m * columns * bytes, lead(m), tau + s * k * bytes, work, length),
  );
};

const eigh: Implementation<'eigh'> = (f, { n, a, w, lower, vectors, ...job }) => {
  const { bytes, width, complex } = f.field;
  const head = [vectors ? 'V' : 'N', lower ? 'L' : 'U', n] as const;
  const answer = f.take(64);
  const [real, integer] = [answer + 16, answer + 32];
  const query = complex ? [answer, -1, real, -1, integer, -1] : [answer, -1, integer, -1];
  f.call('syevd', ...head, a, lead(n), w, ...query);
  const length = asked(f, (at) => f.call('syevd', ...head, a, lead(n), w, at, ...query.slice(1)));
  const reals = Math.ceil(f.real(real) * (1 + 2 * f.field.eps));
  const integers = f.integer(integer);
  const work = [f.take(length * bytes), length];
  if (complex) work.push(f.take(reals * width), reals);
  work.push(f.take(8 * integers), integers);
  each(f, job, (s) => {
    const at = a + s * n * n * bytes;
    if (anyNonFiniteTriangle(f.segment, f.field, at, n, lower)) return NOT_FINITE;
    return f.call('syevd', ...head, at, lead(n), w + s * n * width, ...work);
  });
};

const svd: Implementation<'svd'> = (f, { m, n, a, s: values, vectors, u, vt, ...job }) => {
  const { bytes, width, complex } = f.field;
  const [least, most] = [Math.min(m, n), Math.max(m, n)];
  const kind = { none: 'N', thin: 'S', full: 'A' }[vectors];
  const full = vectors === 'full';
  const [columns, rows] = vectors === 'none' ? [0, 0] : full ? [m, n] : [least, least];
  const integers = f.take(8 * 8 * lead(least));
  // What LAPACK's documentation asks for, the larger of its two editions.
  const reals =
    vectors === 'none' ? 7 * least : Math.max(5 * least * least + 5 * least, 2 * least * (most + least) + least);
  const rest = complex ? [f.take(reals * width), integers] : [integers];
  const head = [kind, m, n] as const;
  const [work, length] = workspace(f, (w, l) =>
    f.call('gesdd', ...head, a, lead(m), values, u, lead(m), vt, lead(rows), w, l, ...rest),
  );
  each(f, job, (s) => {
    const at = a + s * m * n * bytes;
    if (anyNonFinite(f.segment, f.field, at, m * n)) return NOT_FINITE;
    const [uAt, vtAt] = [u + s * m * columns * bytes, vt + s * rows * n * bytes];
    const to = values + s * least * width;
    return f.call('gesdd', ...head, at, lead(m), to, uAt, lead(m), vtAt, lead(rows), work, length, ...rest);
  });
};

const eig: Implementation<'eig'> = (f, { n, a, w, vectors, v, ...job }) => {
  const { bytes, width, complex } = f.field;
  const right = vectors ? 'V' : 'N';
  const pair = 2 * width; // a complex number
  const reals = f.take(2 * n * width); // rwork, or the eigenvalues' real and imaginary parts
  const own = vectors && !complex ? f.take(n * n * width) : 0;
  const call = (s: number, work: number, length: number): number => {
    const values = complex ? [w + s * n * pair] : [reals, reals + n * width];
    const to = complex ? v + s * n * n * pair : own;
    const rest = complex ? [reals] : [];
    const at = a + s * n * n * bytes;
    return f.call('geev', 'N', right, n, at, lead(n), ...values, 0, 1, to, lead(n), work, length, ...rest);
  };
  const [work, length] = workspace(f, (at, l) => call(0, at, l));
  each(f, job, (s) => {
    if (anyNonFinite(f.segment, f.field, a + s * n * n * bytes, n * n)) return NOT_FINITE;
    const info = call(s, work, length);
    if (complex || info !== 0) return info;
    const view = width === 8 ? f.segment.f64 : f.segment.f32;
    unpackPairs(view, reals / width, n, (w + s * n * pair) / width);
    if (vectors) unpackEigenvectors(view, reals / width + n, own / width, n, (v + s * n * n * pair) / width);
    return 0;
  });
};

const leastSquares: Implementation<'leastSquares'> = (f, { m, n, columns, a, b, s: values, rank, rcond, ...job }) => {
  const { bytes, width, complex } = f.field;
  const [least, tall] = [Math.min(m, n), Math.max(m, n)];
  const answer = f.take(64);
  const [real, integer] = [answer + 16, answer + 32];
  const found = f.take(8);
  const call = (s: number, rest: readonly number[]): number => {
    const [aAt, bAt] = [a + s * m * n * bytes, b + s * tall * columns * bytes];
    const to = values + s * least * width;
    return f.call('gelsd', m, n, columns, aAt, lead(m), bAt, lead(tall), to, rcond, found, ...rest);
  };
  const length = asked(f, (at) => call(0, complex ? [at, -1, real, integer] : [at, -1, integer]));
  const rest = [f.take(length * bytes), length];
  if (complex) rest.push(f.take(lead(Math.ceil(f.real(real) * (1 + 2 * f.field.eps))) * width));
  rest.push(f.take(8 * lead(f.integer(integer))));
  each(f, job, (s) => {
    if (anyNonFinite(f.segment, f.field, a + s * m * n * bytes, m * n)) return NOT_FINITE;
    const bad: number[] = [];
    for (let j = 0; j < columns; j++) {
      const at = b + (s * columns + j) * tall * bytes;
      if (!anyNonFinite(f.segment, f.field, at, m)) continue;
      bad.push(at);
      f.segment.fill(at, tall * bytes, 0); // LAPACK scales all columns by the greatest element
    }
    const info = call(s, rest);
    f.segment.i32[rank / 4 + s] = f.integer(found);
    for (const at of bad) fillNaN(f.segment, f.field, at, tall);
    return info;
  });
};

/** An implementation, and the routines of LAPACK that it is made of. */
interface Native<K extends RoutineName> {
  readonly needs: readonly LapackName[];
  readonly run: Implementation<K>;
}

export const nativeRoutines: { readonly [K in RoutineName]: Native<K> } = {
  lu: { needs: ['getrf'], run: lu },
  solve: { needs: ['gesv'], run: solve },
  inverse: { needs: ['getrf', 'getri'], run: inverse },
  cholesky: { needs: ['potrf'], run: cholesky },
  qr: { needs: ['geqrf'], run: qr },
  formQ: { needs: ['orgqr'], run: formQ },
  eigh: { needs: ['syevd'], run: eigh },
  svd: { needs: ['gesdd'], run: svd },
  eig: { needs: ['geev'], run: eig },
  leastSquares: { needs: ['gelsd'], run: leastSquares },
};

/** Runs a job on a library that has what it needs. */
export function runNative<K extends RoutineName>(blas: Blas, routine: K, job: Jobs[K]): void {
  const mark = scratch.mark();
  try {
    nativeRoutines[routine].run(new Fortran(blas, job.segment, job.field), job);
  } finally {
    scratch.release(mark);
  }
}
