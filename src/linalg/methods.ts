// Matrix products as methods: a.matmul(b), a.imatmul(b).

import { NDArray } from '../array/ndarray.ts';
import type { ArrayLike } from '../exec/coerce.ts';
import { type MatmulOptions, matmul } from './matmul.ts';

interface Methods {
  /** Matrix product; as np.matmul. */
  matmul(b: ArrayLike, options?: MatmulOptions): NDArray;
  /** Matrix product in place: the product has the array's shape and fits its dtype. Returns the array. */
  imatmul(b: ArrayLike): NDArray;
}

declare module '../array/ndarray.ts' {
  interface NDArray<D, S> extends Methods {}
}

const methods: { [K in keyof Methods]: (this: NDArray, ...args: Parameters<Methods[K]>) => unknown } = {
  matmul(b, options) {
    return matmul(this, b as NDArray, options); // any factor: the function checks it
  },
  imatmul(b) {
    matmul(this, b as NDArray, { out: this }); // as above
    return this;
  },
};
for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(NDArray.prototype, name, { value, writable: true, configurable: true });
}
