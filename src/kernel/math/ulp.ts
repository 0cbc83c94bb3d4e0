// Error budgets of the math bodies in units in the last place, per lane: what tests assert and op rows quote. Measured
// worst cases are in docs/design/math.md. For logaddexp and logaddexp2 the unit is that of the greater of the result
// and the greater argument.

export const ulp = {
  exp: { f64: 0.9, f32: 1 },
  exp2: { f64: 0.75, f32: 1.1 },
  expm1: { f64: 1, f32: 1.1 },
  log: { f64: 0.85, f32: 0.85 },
  log2: { f64: 0.85, f32: 0.85 },
  log10: { f64: 0.85, f32: 0.85 },
  log1p: { f64: 0.85, f32: 0.85 },
  logaddexp: { f64: 2, f32: 3.5 },
  logaddexp2: { f64: 2, f32: 3.5 },
  sin: { f64: 0.85, f32: 1.6 },
  cos: { f64: 0.85, f32: 1.6 },
  tan: { f64: 1.2, f32: 0.75 },
  asin: { f64: 0.75, f32: 1.25 },
  acos: { f64: 0.75, f32: 1.25 },
  atan: { f64: 0.8, f32: 2 },
  atan2: { f64: 0.9, f32: 2 },
  sinh: { f64: 1, f32: 1.1 },
  cosh: { f64: 1, f32: 1.1 },
  tanh: { f64: 0.9, f32: 1.4 },
  asinh: { f64: 1.1, f32: 1.25 },
  acosh: { f64: 1.7, f32: 1.7 },
  atanh: { f64: 0.75, f32: 0.75 },
  pow: { f64: 1, f32: 0.6 },
  cbrt: { f64: 0.7, f32: 0.55 },
  hypot: { f64: 0.6, f32: 0.55 },
} as const satisfies Record<string, { readonly f64: number; readonly f32: number }>;

export type MathFunction = keyof typeof ulp;
