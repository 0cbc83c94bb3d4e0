// The constants of the namespace: mathematical ones, the two special numbers, and `newaxis` for indices.

/** Euler's number, the base of natural logarithms. */
export const e: number = Math.E;
/** Circumference of a circle over its diameter. */
export const pi: number = Math.PI;
/** The Euler–Mascheroni constant. */
export const euler_gamma = 0.5772156649015329;
export const inf: number = Number.POSITIVE_INFINITY;
export const nan: number = Number.NaN;
/** In an index: a new axis of length one. */
export const newaxis = null;
