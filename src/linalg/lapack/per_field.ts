// Kernels that there is one of per field.

import { type Kernel, kernelOf } from '../../kernel/compile.ts';
import type { ModuleCode } from '../../kernel/wasm/encoder.ts';
import type { Field, FieldName } from './language.ts';

/** The kernel of each field, found without making its key anew. */
export function perField(key: string, build: (module: ModuleCode, field: Field) => void): (field: Field) => Kernel {
  const made = new Map<FieldName, Kernel>();
  return (field) => {
    let kernel = made.get(field.name);
    if (kernel === undefined) {
      kernel = kernelOf(`${key}.${field.name}`, (module) => build(module, field));
      made.set(field.name, kernel);
    }
    return kernel;
  };
}
