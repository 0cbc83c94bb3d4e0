// Puts every row's operation on NDArray as a method: a.add(b), a.sqrt(). Their types are in methods.generated.ts.

import type { UfuncOptions } from '../exec/call.ts';
import { callBinary, callUnary } from '../exec/direct.ts';
import { elementwiseNames } from '../ops/rows.ts';
import './methods.generated.ts';
import { NDArray } from './ndarray.ts';
import { ufuncs } from './ufuncs.ts';

for (const name of elementwiseNames) {
  const ufunc = ufuncs[name];
  const method =
    ufunc.nin === 1
      ? function (this: NDArray, options?: UfuncOptions): unknown {
          return callUnary(ufunc, this, options);
        }
      : function (this: NDArray, b: unknown, options?: UfuncOptions): unknown {
          return callBinary(ufunc, this, b, options);
        };
  for (const key of [name, ...(ufunc.row.aliases ?? [])]) {
    Object.defineProperty(NDArray.prototype, key, { value: method, writable: true, configurable: true });
  }
}
