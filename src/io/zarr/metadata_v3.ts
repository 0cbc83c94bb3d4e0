// Metadata of version 3: zarr.json, with everything an array is. Its extensions are refused, unless they say that they
// need not be understood. Source: https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html; sharding:
// https://zarr-specs.readthedocs.io/en/latest/v3/codecs/sharding-indexed/index.html.

import { FormatError } from '../../base/errors.ts';
import { type DType, type DTypeName, dtypes } from '../../dtype/dtype.ts';
import { sizeOf } from '../../shape/strides.ts';
import type { Codec } from './codec/codec.ts';
import { checksum } from './codec/crc32c.ts';
import { Chain, codecOf, codecsV3 } from './codecs.ts';
import { damaged, Fields, type JsonObject } from './document.ts';
import { fillJson, parseFill } from './fill.ts';
import { type Arrangement, checkGrid, type Sharding, unknownType, type ZarrMetadata } from './metadata.ts';

/** Keys of an array's document; any other is an extension. */
const keys = new Set([
  ...['zarr_format', 'node_type', 'shape', 'data_type', 'chunk_grid', 'chunk_key_encoding', 'fill_value', 'codecs'],
  ...['attributes', 'dimension_names', 'storage_transformers'],
]);

const isTypeName = (name: string): name is DTypeName => Object.hasOwn(dtypes, name);

function parseType(fields: Fields): DType {
  const given = fields.get('data_type');
  const name = typeof given === 'string' ? given : fields.object('data_type').string('name');
  if (isTypeName(name)) return dtypes[name];
  throw unknownType(fields.file, name);
}

/** An extension point: a name with settings, or the name alone. */
function named(fields: Fields, key: string): { name: string; settings: Fields } {
  const given = fields.get(key);
  if (typeof given === 'string') return { name: given, settings: new Fields({}, fields.file, `${key}.`) };
  const object = fields.object(key);
  return { name: object.string('name'), settings: object.optional('configuration') };
}

function parseKeys(fields: Fields): ZarrMetadata['keyOf'] {
  const { name, settings } = named(fields, 'chunk_key_encoding');
  if (name !== 'default' && name !== 'v2') throw fields.wrong('chunk_key_encoding', "'default' or 'v2'");
  const usual = name === 'default' ? '/' : '.';
  const separator = settings.get('separator') === undefined ? usual : settings.oneOf('separator', '.', '/');
  if (name === 'v2') return (place) => (place.length === 0 ? '0' : place.join(separator));
  return (place) => ['c', ...place].join(separator);
}

interface Stage {
  readonly name: string;
  readonly settings: Fields;
}

function stagesOf(fields: Fields, key: string): Stage[] {
  const given = fields.get(key);
  if (!Array.isArray(given) || given.length === 0 || given.length > 16)
    throw fields.wrong(key, 'a list of 1 to 16 codecs');
  const items = given.map((item) => (typeof item === 'string' ? { name: item } : item));
  return new Fields({ [key]: items }, fields.file, '')
    .objects(key, 16)
    .map((item) => ({ name: item.string('name'), settings: item.optional('configuration') }));
}

/** Codecs of elements: transpositions, then bytes, then what packs them. */
function parseArrangement(stages: readonly Stage[], ndim: number, dtype: DType, file: string): Arrangement {
  let axes = Array.from({ length: ndim }, (_, i) => i);
  let at = 0;
  for (; stages[at]?.name === 'transpose'; at++) {
    const { settings } = stages[at];
    const order = settings.integers('order', 0);
    const whole = order.length === ndim && new Set(order).size === ndim && order.every((axis) => axis < ndim);
    if (!whole) throw settings.wrong('order', `every axis from 0 to ${ndim - 1} once`);
    const before = axes;
    axes = order.map((axis) => before[axis]);
  }
  if (stages[at]?.name !== 'bytes') {
    throw new FormatError(
      `${file}: the codec '${stages[at]?.name}' is not supported where elements become bytes`,
      "write the array with the codecs 'bytes' or 'sharding_indexed'",
      { file, codec: stages[at]?.name },
    );
  }
  const { settings } = stages[at];
  const width = dtype.itemsize / dtype.parts;
  const endian =
    width === 1 && settings.get('endian') === undefined ? 'little' : settings.oneOf('endian', 'little', 'big');
  const codecs: Codec[] = stages.slice(at + 1).map((s) => codecOf(codecsV3, s.name, s.settings, dtype.itemsize));
  return { axes, swapped: endian === 'big' && width > 1, chain: new Chain(codecs) };
}

function parseShards(
  stages: readonly Stage[],
  shard: readonly number[],
  dtype: DType,
  fields: Fields,
): { chunks: readonly number[]; arrangement: Arrangement; sharding: Sharding } {
  const [{ settings }, ...after] = stages;
  if (after.length > 0) {
    throw new FormatError(
      `${fields.file}: shards that are packed once more by ${after.map((s) => s.name).join(', ')} cannot be read in parts`,
      'give the codecs to the chunks inside the shards',
      { file: fields.file },
    );
  }
  const chunks = settings.integers('chunk_shape', 1);
  checkGrid(settings, shard, chunks, dtype.itemsize, 'inner chunks');
  if (chunks.some((n, i) => shard[i] % n !== 0))
    throw settings.wrong('chunk_shape', `divisors of (${shard.join(', ')})`);
  const inner = stagesOf(settings, 'codecs');
  if (inner.some((s) => s.name === 'sharding_indexed')) {
    throw damaged(fields.file, 'shards inside shards are not supported');
  }
  const indexStages = stagesOf(settings, 'index_codecs');
  const entries = sizeOf(shard) / sizeOf(chunks);
  if (entries > 2 ** 22) throw damaged(fields.file, `${entries} chunks in a shard are more than ${2 ** 22}`);
  const index = parseArrangement(indexStages, shard.length + 1, dtypes.uint64, fields.file);
  if (index.chain.codecs.some((codec) => codec !== checksum) || index.axes.some((axis, i) => axis !== i)) {
    throw damaged(fields.file, 'the index of a shard may be followed by a checksum, and by nothing else');
  }
  const location =
    settings.get('index_location') === undefined ? 'end' : settings.oneOf('index_location', 'start', 'end');
  return {
    chunks,
    arrangement: parseArrangement(inner, shard.length, dtype, fields.file),
    sharding: { shard, index, location },
  };
}

function parseNames(fields: Fields, ndim: number): (string | null)[] | undefined {
  const names = fields.get('dimension_names');
  if (names === undefined || names === null) return undefined;
  const fits = (name: unknown): name is string | null => name === null || typeof name === 'string';
  if (!Array.isArray(names) || names.length !== ndim || !names.every(fits)) {
    throw fields.wrong('dimension_names', `a list of ${ndim} strings`);
  }
  return [...names];
}

/** @throws FormatError for what cannot be, DTypeError for elements there are not. */
export function parseV3(fields: Fields): ZarrMetadata {
  fields.integer('zarr_format', 3, 3);
  fields.oneOf('node_type', 'array');
  for (const key of Object.keys(fields.of)) {
    if (keys.has(key)) continue;
    const value = fields.get(key);
    const optional = typeof value === 'object' && value !== null && 'must_understand' in value;
    if (!optional || value.must_understand !== false) {
      throw damaged(fields.file, `'${key}' is an extension that must be understood, and is not`, { key });
    }
  }
  const transformers = fields.get('storage_transformers');
  if (transformers !== undefined && !(Array.isArray(transformers) && transformers.length === 0)) {
    throw fields.wrong('storage_transformers', 'an empty list: none is supported');
  }
  const shape = fields.integers('shape', 0);
  const dtype = parseType(fields);
  const grid = named(fields, 'chunk_grid');
  if (grid.name !== 'regular') throw fields.wrong('chunk_grid', "'regular'");
  const extents = grid.settings.integers('chunk_shape', 1);
  const stages = stagesOf(fields, 'codecs');
  const sharded = stages[0].name === 'sharding_indexed';
  // A shard is never in memory as a whole.
  checkGrid(fields, shape, sharded ? extents.map(() => 1) : extents, dtype.itemsize, 'chunks');
  if (extents.length !== shape.length || !Number.isSafeInteger(sizeOf(extents) * dtype.itemsize)) {
    throw damaged(fields.file, `a grid of (${extents.join(', ')}) does not fit the shape`, { chunks: extents, shape });
  }
  const attributes = fields.optional('attributes').of;
  const names = parseNames(fields, shape.length);
  if (!Object.hasOwn(fields.of, 'fill_value')) throw fields.wrong('fill_value', `a value of ${dtype.name}`);
  return {
    version: 3,
    shape,
    dtype,
    ...(sharded
      ? parseShards(stages, extents, dtype, fields)
      : { chunks: extents, arrangement: parseArrangement(stages, shape.length, dtype, fields.file) }),
    fill: parseFill(fields, dtype),
    keyOf: parseKeys(fields),
    attributes,
    ...(names === undefined ? {} : { dimension_names: names }),
  };
}

/** The document of an array. */
export function documentV3(
  array: Pick<ZarrMetadata, 'shape' | 'dtype' | 'chunks' | 'fill' | 'attributes' | 'dimension_names'>,
  compressor: JsonObject | null,
): JsonObject {
  const { shape, dtype, chunks, fill, attributes, dimension_names: names } = array;
  const single = dtype.itemsize / dtype.parts === 1;
  return {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: dtype.name,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: chunks } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: fillJson(fill, dtype),
    codecs: [
      single ? { name: 'bytes' } : { name: 'bytes', configuration: { endian: 'little' } },
      ...(compressor === null ? [] : [compressor]),
    ],
    attributes,
    ...(names === undefined ? {} : { dimension_names: names }),
  };
}
