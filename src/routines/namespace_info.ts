// What this namespace offers, as the array API standard asks a library to tell.
// Source: Python array API standard 2024.12, inspection.

import { type DType, dtypes } from '../dtype/dtype.ts';
import { type DTypeKind, dtypesOfKind } from '../dtype/kinds.ts';
import { Options } from '../exec/options.ts';
import { MAX_NDIM } from '../shape/strides.ts';

interface DeviceOptions {
  /** The only device is 'cpu'. */
  readonly device?: 'cpu' | null;
}

const deviceOptions = new Options('device');
const kindOptions = new Options('device', ['kind', 'value']);

export interface NamespaceInfo {
  capabilities(): {
    readonly 'boolean indexing': boolean;
    readonly 'data-dependent shapes': boolean;
    readonly 'max dimensions': number;
  };
  default_device(): 'cpu';
  devices(): readonly ['cpu'];
  /** Dtypes of arrays made without one, by kind: of numbers, of complex numbers, of bigints, of positions. */
  default_dtypes(
    options?: DeviceOptions,
  ): Readonly<Record<'real floating' | 'complex floating' | 'integral' | 'indexing', DType>>;
  /** Dtypes by name, all of them or those of a kind. */
  dtypes(options?: DeviceOptions & { readonly kind?: DTypeKind }): Readonly<Record<string, DType>>;
}

const info: NamespaceInfo = Object.freeze({
  capabilities: () => ({
    'boolean indexing': true,
    'data-dependent shapes': true,
    'max dimensions': MAX_NDIM,
  }),
  default_device: () => 'cpu' as const,
  devices: () => ['cpu'] as const,
  default_dtypes: (options) => {
    deviceOptions.check(options, 'default_dtypes');
    return {
      'real floating': dtypes.float64,
      'complex floating': dtypes.complex128,
      integral: dtypes.int64,
      indexing: dtypes.int32,
    };
  },
  dtypes: (options) => {
    kindOptions.check(options, 'dtypes');
    return dtypesOfKind(options?.kind);
  },
} satisfies NamespaceInfo);

/**
 * What this namespace offers: capabilities, devices and dtypes, for code written against the array API standard.
 * @example np.__array_namespace_info__().default_dtypes()['real floating'].name // 'float64'
 * @see https://numpy.org/doc/stable/reference/array_api.html
 */
export const __array_namespace_info__ = (): NamespaceInfo => info;
