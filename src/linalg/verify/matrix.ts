// Small dense complex matrices in plain JavaScript, for checking what providers computed: slow, obvious, and sharing
// no code with them. Real matrices have imaginary parts of 0.

/** m × n, by columns: element (i, j) at j·m + i. */
export class Matrix {
  readonly m: number;
  readonly n: number;
  readonly re: Float64Array;
  readonly im: Float64Array;

  constructor(m: number, n: number) {
    this.m = m;
    this.n = n;
    this.re = new Float64Array(m * n);
    this.im = new Float64Array(m * n);
  }

  /** From its elements, each [real part, imaginary part]. */
  static of(m: number, n: number, element: (i: number, j: number) => readonly [number, number]): Matrix {
    const out = new Matrix(m, n);
    for (let j = 0; j < n; j++) for (let i = 0; i < m; i++) out.put(i, j, element(i, j));
    return out;
  }
  static identity(n: number): Matrix {
    return Matrix.of(n, n, (i, j) => [i === j ? 1 : 0, 0]);
  }

  at(i: number, j: number): readonly [number, number] {
    const k = j * this.m + i;
    return [this.re[k], this.im[k]];
  }
  put(i: number, j: number, [re, im]: readonly [number, number]): void {
    const k = j * this.m + i;
    this.re[k] = re;
    this.im[k] = im;
  }

  times(b: Matrix): Matrix {
    const out = new Matrix(this.m, b.n);
    for (let j = 0; j < b.n; j++) {
      for (let k = 0; k < this.n; k++) {
        const [c, d] = [b.re[j * b.m + k], b.im[j * b.m + k]];
        const [from, to] = [k * this.m, j * this.m];
        for (let i = 0; i < this.m; i++) {
          const [x, y] = [this.re[from + i], this.im[from + i]];
          out.re[to + i] += x * c - y * d;
          out.im[to + i] += x * d + y * c;
        }
      }
    }
    return out;
  }
  minus(b: Matrix): Matrix {
    const out = new Matrix(this.m, this.n);
    for (let k = 0; k < out.re.length; k++) {
      out.re[k] = this.re[k] - b.re[k];
      out.im[k] = this.im[k] - b.im[k];
    }
    return out;
  }
  /** Conjugated and transposed. */
  adjoint(): Matrix {
    return Matrix.of(this.n, this.m, (i, j) => {
      const [x, y] = this.at(j, i);
      return [x, -y];
    });
  }
  /** Its first rows and columns. */
  corner(m: number, n: number): Matrix {
    return Matrix.of(m, n, (i, j) => this.at(i, j));
  }
  /** What lies on and below the diagonal, or on and above it; `unit` makes the diagonal 1. */
  triangle(lower: boolean, unit = false): Matrix {
    return Matrix.of(this.m, this.n, (i, j) => {
      if (i === j) return unit ? [1, 0] : this.at(i, j);
      return lower === i > j ? this.at(i, j) : [0, 0];
    });
  }
  /** The greatest absolute value of an element; NaN when one is NaN. */
  greatest(): number {
    let most = 0;
    for (let k = 0; k < this.re.length; k++) {
      const size = Math.sqrt(this.re[k] ** 2 + this.im[k] ** 2);
      if (!(size <= most)) most = size;
    }
    return most;
  }
}
