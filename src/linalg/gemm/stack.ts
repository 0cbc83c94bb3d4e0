// Products of one shape that are computed together: nested loops over the matrices, as strides of A, B and C.

/** Loops, outermost first, with bytes from one product to the next in A, B and C. */
export interface Stack {
  readonly shape: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** One product. */
export const single: Stack = { shape: [1], strides: [[0], [0], [0]] };

export const productsOf = (stack: Stack): number => stack.shape.reduce((n, d) => n * d, 1);

/** Bytes from the first matrix of operand 0, 1 or 2 to each, over loops 0 … `loops` − 1, all by default. */
export function offsetsOf(stack: Stack, operand: 0 | 1 | 2, loops: number = stack.shape.length): number[] {
  let all = [0];
  for (let d = 0; d < loops; d++) {
    const step = stack.strides[operand][d];
    const next: number[] = [];
    for (const base of all) for (let i = 0; i < stack.shape[d]; i++) next.push(base + i * step);
    all = next;
  }
  return all;
}
