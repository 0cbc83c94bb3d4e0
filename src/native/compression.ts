// Native compressors found on the system, a row each: what they decompress and compress goes from address to address, on
// a thread of the engine's, so that the event loop stays free and nothing is copied. Not formats: what is in front of
// the compressed bytes, and what must be checked before, is the caller's (../io/zarr/codec).
// Sources: c-blosc's blosc.h, zstd.h, lz4.h.

import { config } from '../base/config.ts';
import { platform } from '../base/platform.ts';
import { open, whyNotNative } from './ffi.ts';

/** Bytes by their address in this process. */
export interface Span {
  readonly address: bigint;
  readonly nbytes: number;
}

/** How to compress; what a compressor has no use for is left out. */
export interface Compression {
  readonly level: number;
  /** Blosc's compressor inside: 'lz4', 'zstd' … */
  readonly inner?: string;
  readonly shuffle?: number;
  readonly itemsize?: number;
  readonly blocksize?: number;
}

/** A compressor that can be called. Both directions give the bytes written, or a number ≤ 0 that means failure. */
export interface NativeCodec {
  readonly name: NativeCodecName;
  readonly library: string;
  readonly version: string;
  decode(from: Span, into: Span): Promise<number>;
  encode(from: Span, into: Span, how: Compression): Promise<number>;
}

interface Row {
  readonly files: readonly string[];
  readonly version: string;
  /** Older ones are left alone: their decoders trusted what they read. */
  readonly oldest: readonly [number, number];
  readonly decode: string;
  readonly encode: string;
  readonly arguments: {
    readonly decode: (from: Span, into: Span) => (number | bigint | string)[];
    readonly encode: (from: Span, into: Span, how: Compression) => (number | bigint | string)[];
  };
}

const named = (name: string, major: number): readonly string[] =>
  platform.linux
    ? [`${name}.so.${major}`, `${name}.so`]
    : [`${name}.${major}.dylib`, `/opt/homebrew/lib/${name}.dylib`, `${name}.dll`];

const rows = {
  blosc: {
    files: named('libblosc', 1),
    version: 'const char *blosc_get_version_string()',
    oldest: [1, 20],
    decode: 'int blosc_decompress_ctx(uintptr_t from, uintptr_t into, size_t room, int threads)',
    encode:
      'int blosc_compress_ctx(int level, int shuffle, size_t itemsize, size_t n, uintptr_t from, uintptr_t into, size_t room, const char *inner, size_t blocksize, int threads)',
    arguments: {
      decode: (from, into) => [from.address, into.address, into.nbytes, 1],
      encode: (from, into, how) => [
        ...[how.level, how.shuffle ?? 1, how.itemsize ?? 1, from.nbytes, from.address, into.address, into.nbytes],
        ...[how.inner ?? 'lz4', how.blocksize ?? 0, 1],
      ],
    },
  },
  zstd: {
    files: named('libzstd', 1),
    version: 'const char *ZSTD_versionString()',
    oldest: [1, 3],
    // size_t, whose highest values are errors: negative when signed.
    decode: 'int64_t ZSTD_decompress(uintptr_t into, size_t room, uintptr_t from, size_t n)',
    encode: 'int64_t ZSTD_compress(uintptr_t into, size_t room, uintptr_t from, size_t n, int level)',
    arguments: {
      decode: (from, into) => [into.address, into.nbytes, from.address, from.nbytes],
      encode: (from, into, how) => [into.address, into.nbytes, from.address, from.nbytes, how.level],
    },
  },
  lz4: {
    files: named('liblz4', 1),
    version: 'const char *LZ4_versionString()',
    oldest: [1, 9],
    decode: 'int LZ4_decompress_safe(uintptr_t from, uintptr_t into, int n, int room)',
    encode: 'int LZ4_compress_fast(uintptr_t from, uintptr_t into, int n, int room, int acceleration)',
    arguments: {
      decode: (from, into) => [from.address, into.address, from.nbytes, into.nbytes],
      encode: (from, into, how) => [from.address, into.address, from.nbytes, into.nbytes, how.level],
    },
  },
} as const satisfies Record<string, Row>;
export type NativeCodecName = keyof typeof rows;

interface Bound {
  readonly codec: NativeCodec | undefined;
  /** Why there is none. */
  readonly why: string;
}
const known = new Map<NativeCodecName, Bound>();

function versionOf(text: string): readonly [number, number] {
  const [major = 0, minor = 0] = text.split('.').map((part) => Number.parseInt(part, 10));
  return [major, minor];
}

function bind(name: NativeCodecName): Bound {
  const row: Row = rows[name];
  for (const file of row.files) {
    const library = open(file);
    if (library === undefined) continue;
    const version = library.findText(row.version)?.() ?? '';
    const [major, minor] = versionOf(version);
    const [oldMajor, oldMinor] = row.oldest;
    if (major < oldMajor || (major === oldMajor && minor < oldMinor)) {
      return { codec: undefined, why: `${file} is of version ${version}, older than ${row.oldest.join('.')}` };
    }
    const decode = library.findLater(row.decode);
    const encode = library.findLater(row.encode);
    if (decode === undefined || encode === undefined) continue;
    const codec: NativeCodec = {
      name,
      library: file,
      version,
      decode: (from, into) => decode(...row.arguments.decode(from, into)),
      encode: (from, into, how) => encode(...row.arguments.encode(from, into, how)),
    };
    return { codec, why: `${file} ${version}` };
  }
  return { codec: undefined, why: whyNotNative() };
}

function found(name: NativeCodecName): Bound {
  let bound = known.get(name);
  if (bound === undefined) {
    bound = bind(name);
    known.set(name, bound);
  }
  return bound;
}

/** The compressor, looked for once; undefined where there is none, or none is wanted. */
export const nativeCodec = (name: NativeCodecName): NativeCodec | undefined =>
  config.get('codecs') === 'embedded' ? undefined : found(name).codec;

/** Who decompresses, for reports: native, or why not; nothing is looked for to find out. */
export function compressionReport(): Record<NativeCodecName, string> {
  const embedded = 'WebAssembly in threads of its own';
  const told = (name: NativeCodecName): string => {
    if (config.get('codecs') === 'embedded') return `${embedded}: codecs is 'embedded' (${config.source('codecs')})`;
    const bound = known.get(name);
    if (bound === undefined) return 'not used yet';
    return bound.codec === undefined ? `${embedded}: ${bound.why}` : `native: ${bound.why}`;
  };
  return { blosc: told('blosc'), zstd: told('zstd'), lz4: told('lz4') };
}
