// A store of one shard with four chunks of a row of numbers, made after the specification.
import { crc32c } from '../../../src/io/zarr/codec/crc32c.ts';
import { directoryOf } from './_stores.ts';

export default function make(): string {
  const bytes = { name: 'bytes', configuration: { endian: 'little' } };
  const document = {
    ...{ zarr_format: 3, node_type: 'array', shape: [64], data_type: 'int16', fill_value: -1, attributes: {} },
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [64] } },
    chunk_key_encoding: { name: 'default' },
    codecs: [
      {
        name: 'sharding_indexed',
        configuration: { chunk_shape: [16], codecs: [bytes], index_codecs: [bytes, { name: 'crc32c' }] },
      },
    ],
  };
  const data = Buffer.from(Int16Array.from({ length: 64 }, (_, i) => i).buffer);
  const index = Buffer.from(BigUint64Array.from({ length: 8 }, (_, i) => BigInt(i % 2 ? 32 : 16 * i)).buffer);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32c(index));
  return directoryOf({ 'zarr.json': Buffer.from(JSON.stringify(document)), 'c/0': Buffer.concat([data, index, sum]) });
}
