// What LAPACK's geev gives of a real matrix, as complex numbers: real and imaginary parts of eigenvalues from two
// vectors, and eigenvectors of conjugate pairs from two real columns. Indices are elements of the view.

type Reals = Float64Array | Float32Array;

/** n complex numbers from n real parts at `from` and n imaginary parts after them. */
export function unpackPairs(view: Reals, from: number, n: number, to: number): void {
  for (let i = 0; i < n; i++) {
    view[to + 2 * i] = view[from + i];
    view[to + 2 * i + 1] = view[from + n + i];
  }
}

/** Complex eigenvectors from the real ones at `from`, columns j and j + 1 of which are both parts where `imaginary` is not 0. */
export function unpackEigenvectors(view: Reals, imaginary: number, from: number, n: number, to: number): void {
  for (let j = 0; j < n; j++) {
    const pair = view[imaginary + j] !== 0 && j + 1 < n;
    const re = from + j * n;
    const out = to + 2 * j * n;
    for (let i = 0; i < n; i++) {
      const part = pair ? view[re + n + i] : 0;
      view[out + 2 * i] = view[re + i];
      view[out + 2 * i + 1] = part;
      if (!pair) continue;
      view[out + 2 * n + 2 * i] = view[re + i];
      view[out + 2 * n + 2 * i + 1] = -part;
    }
    if (pair) j++;
  }
}
