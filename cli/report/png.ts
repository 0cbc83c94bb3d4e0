// Small images as data: URIs, in PNG: 8 bits of grey, or 24 of colour. Not a general encoder.
// Format: W3C, Portable Network Graphics, 11 (chunks IHDR, IDAT, IEND; filter 0).
import { deflateSync } from 'node:zlib';
import { crc32 } from '../../src/io/crc32.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const made = Buffer.alloc(body.length + 8);
  made.writeUInt32BE(data.length, 0);
  made.set(body, 4);
  made.writeUInt32BE(crc32(body), body.length + 4);
  return made;
}

/** Rows of pixels of 1 byte (grey) or 3 bytes (red, green, blue) as a data: URI. */
export function pngUri(pixels: Uint8Array, width: number, bytesPerPixel: 1 | 3): string {
  const rowBytes = width * bytesPerPixel;
  const height = pixels.length / rowBytes;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, bytesPerPixel === 1 ? 0 : 2, 0, 0, 0], 8);
  const raw = Buffer.alloc(height * (rowBytes + 1)); // each row begins with its filter, 0
  for (let y = 0; y < height; y++) raw.set(pixels.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const file = [signature, chunk('IHDR', header), chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))];
  return `data:image/png;base64,${Buffer.concat(file).toString('base64')}`;
}
