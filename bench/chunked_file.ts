// The header of a .npy file of float64, for a file that is larger than any array.

/** 128 bytes. */
export function npyHeader(length: number): Uint8Array {
  const header = new Uint8Array(128).fill(32);
  const dict = `{'descr': '<f8', 'fortran_order': False, 'shape': (${length},), }`;
  header.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0, ...new TextEncoder().encode(dict)]);
  header[127] = 10;
  return header;
}
