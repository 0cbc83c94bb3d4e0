// The six bases of np.polynomial, a row each: the recurrence that multiplies by x, and the integrals of the members. All
// arithmetic on series follows from these (series.ts, evaluate.ts).
// Source: Abramowitz, Stegun, "Handbook of Mathematical Functions", 22.2, 22.7 and 22.8.

/** A sequence of polynomials P₀ = 1, P₁, … */
export interface Basis {
  readonly name: string;
  /** The letter of its members in print. */
  readonly letter: string;
  /** Where series live unless they say otherwise: domain and window. */
  readonly interval: readonly [number, number];
  /** [a, b, c] of x·Pₖ = a·Pₖ₊₁ + b·Pₖ + c·Pₖ₋₁. */
  readonly times: (k: number) => readonly [number, number, number];
  /** An antiderivative of Pₖ: pairs of a degree, the highest first, and a factor. */
  readonly integral: (k: number) => readonly (readonly [degree: number, factor: number])[];
}

const unit = [-1, 1] as const;

export const bases = {
  power: {
    name: 'Polynomial',
    letter: 'x',
    interval: unit,
    times: () => [1, 0, 0],
    integral: (k) => [[k + 1, 1 / (k + 1)]],
  },
  chebyshev: {
    name: 'Chebyshev',
    letter: 'T',
    interval: unit,
    times: (k) => (k === 0 ? [1, 0, 0] : [0.5, 0, 0.5]),
    integral: (k) =>
      k === 0
        ? [[1, 1]]
        : k === 1
          ? [[2, 0.25]]
          : [
              [k + 1, 0.5 / (k + 1)],
              [k - 1, -0.5 / (k - 1)],
            ],
  },
  legendre: {
    name: 'Legendre',
    letter: 'P',
    interval: unit,
    times: (k) => [(k + 1) / (2 * k + 1), 0, k / (2 * k + 1)],
    integral: (k) =>
      k === 0
        ? [[1, 1]]
        : [
            [k + 1, 1 / (2 * k + 1)],
            [k - 1, -1 / (2 * k + 1)],
          ],
  },
  hermite: {
    name: 'Hermite',
    letter: 'H',
    interval: unit,
    times: (k) => [0.5, 0, k],
    integral: (k) => [[k + 1, 0.5 / (k + 1)]],
  },
  hermite_e: {
    name: 'HermiteE',
    letter: 'He',
    interval: unit,
    times: (k) => [1, 0, k],
    integral: (k) => [[k + 1, 1 / (k + 1)]],
  },
  laguerre: {
    name: 'Laguerre',
    letter: 'L',
    interval: [0, 1],
    times: (k) => [-(k + 1), 2 * k + 1, -k],
    integral: (k) => [
      [k + 1, -1],
      [k, 1],
    ],
  },
} as const satisfies Record<string, Basis>;
