// Metadata of version 2: .zarray with the array, .zattrs with what users say of it.
// Source: https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html.

import { FormatError } from '../../base/errors.ts';
import { asDType, type DType } from '../../dtype/dtype.ts';
import { Chain, codecOf, codecsV2 } from './codecs.ts';
import type { Fields, Json, JsonObject } from './document.ts';
import { fillJson, parseFill } from './fill.ts';
import { checkGrid, unknownType, type ZarrMetadata } from './metadata.ts';

/** Where xarray and others keep names of dimensions, which this version has no place for. */
const DIMENSIONS = '_ARRAY_DIMENSIONS';

function parseType(fields: Fields): { dtype: DType; swapped: boolean } {
  const given = fields.get('dtype');
  const [, order = '', code = ''] = /^([<>|])((?:b1|[iu][1248]|f[248]|c8|c16))$/.exec(String(given)) ?? [];
  if (typeof given !== 'string' || code === '')
    throw unknownType(fields.file, typeof given === 'string' ? given : (JSON.stringify(given) ?? 'nothing'));
  const dtype = asDType(`<${code}`);
  return { dtype, swapped: order === '>' && dtype.itemsize > 1 };
}

function parseChain(fields: Fields, itemsize: number): Chain {
  const filters = fields.get('filters');
  if (filters !== null && filters !== undefined && !(Array.isArray(filters) && filters.length === 0)) {
    const ids = fields.objects('filters', 64).map((f) => f.string('id'));
    throw new FormatError(
      `${fields.file}: the filters ${ids.join(', ')} are not supported`,
      'write the array without filters: blosc shuffles by itself',
      { file: fields.file, filters: ids },
    );
  }
  if (fields.get('compressor') === null) return new Chain([]);
  const settings = fields.object('compressor');
  return new Chain([codecOf(codecsV2, settings.string('id'), settings, itemsize)]);
}

/** @throws FormatError for what cannot be, DTypeError for elements there are not. */
export function parseV2(fields: Fields, attributes: JsonObject): ZarrMetadata {
  fields.integer('zarr_format', 2, 2);
  const shape = fields.integers('shape', 0);
  const chunks = fields.integers('chunks', 1);
  const { dtype, swapped } = parseType(fields);
  checkGrid(fields, shape, chunks, dtype.itemsize, 'chunks');
  const axes = shape.map((_, i) => i);
  if (fields.oneOf('order', 'C', 'F') === 'F') axes.reverse();
  const separator =
    fields.get('dimension_separator') === undefined ? '.' : fields.oneOf('dimension_separator', '.', '/');
  const names = attributes[DIMENSIONS];
  const named = Array.isArray(names) && names.length === shape.length && names.every((n) => typeof n === 'string');
  return {
    version: 2,
    shape,
    dtype,
    chunks,
    arrangement: { axes, swapped, chain: parseChain(fields, dtype.itemsize) },
    fill: parseFill(fields, dtype),
    keyOf: (place) => (place.length === 0 ? '0' : place.join(separator)),
    attributes,
    ...(named ? { dimension_names: names as string[] } : {}), // as just tested
  };
}

/** The documents of an array. */
export function documentsV2(
  array: Pick<ZarrMetadata, 'shape' | 'dtype' | 'chunks' | 'fill' | 'attributes' | 'dimension_names'>,
  compressor: JsonObject | null,
): Readonly<Record<string, JsonObject>> {
  const { shape, dtype, chunks, fill, attributes, dimension_names: names } = array;
  const all: JsonObject = names === undefined ? attributes : { ...attributes, [DIMENSIONS]: names as Json };
  return {
    '.zarray': {
      chunks,
      compressor,
      dimension_separator: '.',
      dtype: dtype.descr,
      fill_value: fillJson(fill, dtype),
      filters: null,
      order: 'C',
      shape,
      zarr_format: 2,
    },
    ...(Object.keys(all).length > 0 ? { '.zattrs': all } : {}),
  };
}
