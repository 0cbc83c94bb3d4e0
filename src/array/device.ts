// Where an array's elements are, for code written against the array API standard: all of them on the processor.

import { ArgumentError } from '../base/errors.ts';
import { describe } from '../exec/options.ts';
import { NDArray } from './ndarray.ts';

declare module './ndarray.ts' {
  interface NDArray<D, S> {
    /** Where the elements are: 'cpu'. */
    readonly device: 'cpu';
    /** The array itself; there is no device but 'cpu'. */
    to_device(device: 'cpu'): NDArray;
  }
}

Object.defineProperties(NDArray.prototype, {
  device: { value: 'cpu', configurable: true },
  to_device: {
    value: function to_device(this: NDArray, device: unknown): NDArray {
      if (device === 'cpu') return this;
      throw new ArgumentError(`to_device: there is no device ${describe(device)}`, "the only device is 'cpu'", {
        device,
      });
    },
    writable: true,
    configurable: true,
  },
});
