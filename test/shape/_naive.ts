// The reference for everything about layouts: nested loops, one index tuple at a time, last dimension fastest.

/** The address of every element, in C order. */
export function addresses(shape: readonly number[], strides: readonly number[], offset = 0): number[] {
  if (shape.length === 0) return [offset];
  const out: number[] = [];
  for (let i = 0; i < shape[0]; i++) out.push(...addresses(shape.slice(1), strides.slice(1), offset + i * strides[0]));
  return out;
}
