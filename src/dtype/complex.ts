// Complex scalars: what leaves and enters complex arrays. A value, not an arithmetic type: the mathematics is in ops/.
// Printing follows Python's repr, because that is what users compare with.

/** An immutable complex number in double precision. */
export class Complex {
  readonly re: number;
  readonly im: number;

  /**
   * @example new Complex(1, 2).toString() // '(1+2j)'
   */
  constructor(re: number, im = 0) {
    this.re = re;
    this.im = im;
  }

  /** Numeric equality as IEEE has it: NaN differs from everything, 0 equals -0. */
  static equal(a: Complex, b: Complex): boolean {
    return a.re === b.re && a.im === b.im;
  }

  /** Identity of the value: NaN is NaN and 0 is not -0, in either part (`Object.is`). */
  static same(a: Complex, b: Complex): boolean {
    return Object.is(a.re, b.re) && Object.is(a.im, b.im);
  }

  /** Python's repr: '(1+2j)', '2j' when the real part is +0. */
  toString(): string {
    const im = `${decimal(this.im)}j`;
    if (Object.is(this.re, 0)) return im;
    return `(${decimal(this.re)}${im.startsWith('-') ? '' : '+'}${im})`;
  }

  /** As `[re, im]`: JSON has no complex numbers. */
  toJSON(): [number, number] {
    return [this.re, this.im];
  }
}

/** Shortest digits as Python prints them: exponent below 1e-4 and from 1e16, two exponent digits at least. */
function decimal(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (x === 0) return Object.is(x, -0) ? '-0' : '0';
  const [digits, exponent] = x.toExponential().split('e');
  const e = Number(exponent);
  if (e < -4 || e >= 16) return `${digits}e${e < 0 ? '-' : '+'}${String(Math.abs(e)).padStart(2, '0')}`;
  return String(x);
}
