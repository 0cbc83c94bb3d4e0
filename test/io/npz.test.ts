// .npz: NumPy's archives read, ours the same bytes and readable by NumPy; damaged and hostile archives refused.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { asarray, zeros } from '../../src/array/creation.ts';
import { ArgumentError, DisposedError, FormatError } from '../../src/base/errors.ts';
import { crc32, tableCrc32 } from '../../src/io/crc32.ts';
import { Deflater, Inflater } from '../../src/io/deflate.ts';
import {
  load,
  loadSync,
  npyBytes,
  npzBytes,
  savez,
  savez_compressed,
  savez_compressedSync,
  savezSync,
} from '../../src/io/files.ts';
import type { NpzFile } from '../../src/io/npz.ts';
import { openSource, SourceReader } from '../../src/io/source.ts';
import { runAsync, runSync } from '../../src/io/task.ts';
import { readDirectory } from '../../src/io/zip_read.ts';

type Archive = 'stored' | 'compressed' | 'comment' | 'stream';
const fixture: Record<Archive, string> = JSON.parse(
  readFileSync(new URL('../fixtures/npy.json', import.meta.url), 'utf8'),
);
const bytesOf = (name: Archive): Uint8Array => new Uint8Array(Buffer.from(fixture[name], 'base64'));
const folder = mkdtempSync(join(tmpdir(), 'orthant-npz-'));
afterAll(() => rmSync(folder, { recursive: true }));

const open = (bytes: Uint8Array): NpzFile => loadSync(bytes, { kind: 'npz' });

describe('NumPy archives', () => {
  test.each(['stored', 'compressed'] as const)('%s', async (kind) => {
    const expected = {
      x: [0, 0.25, 0.5, 0.75, 1],
      ü: [true, false],
      arr_0: [
        [0, 1, 2],
        [3, 4, 5],
      ],
    };
    const npz = open(bytesOf(kind));
    expect(npz.files).toEqual(Object.keys(expected));
    for (const [name, list] of Object.entries(expected)) {
      expect(npz.getSync(name).tolist()).toEqual(list);
      expect((await npz.get(name)).tolist()).toEqual(list);
    }
    expect(npz.has('x') && npz.has('x.npy') && !npz.has('y')).toBe(true);
    expect((await npz.get('arr_0')).dtype.name).toBe('int32');
  });

  test('ours has the same bytes', () => {
    const arr = asarray(Int32Array.from([0, 1, 2, 3, 4, 5])).reshape(2, 3);
    const path = join(folder, 'same.npz');
    savezSync(path, arr, { x: [0, 0.25, 0.5, 0.75, 1], ü: [true, false] });
    expect(readFileSync(path).toString('base64')).toBe(fixture.stored);
  });

  test.each(['comment', 'stream'] as const)('made elsewhere: %s', (kind) => {
    const npz = open(bytesOf(kind));
    expect(npz.getSync('a').tolist()).toEqual([0, 1, 2]);
    if (kind === 'comment') {
      expect(npz.files).toEqual(['a', 'notes.txt']);
      expect(() => npz.getSync('notes.txt')).toThrow(/is not an array\n {2}fix: only .npy members/);
    }
  });
});

describe('round trips', () => {
  const a = asarray(Float64Array.from({ length: 5_000_000 }, (_, i) => i % 1000)).reshape(1000, 5000);

  test('large, compressed, in pieces, later and at once', async () => {
    const paths = [join(folder, 'later.npz'), join(folder, 'now.npz')];
    await savez_compressed(paths[0], { a, b: [1], empty: zeros([0, 3]) });
    savez_compressedSync(paths[1], { a, b: [1], empty: zeros([0, 3]) });
    expect(readFileSync(paths[0]).equals(readFileSync(paths[1]))).toBe(true);
    for (const path of paths) {
      await using npz = await load(path, { kind: 'npz' });
      for (const back of [await npz.get('a'), npz.getSync('a')]) {
        expect(back.shape).toEqual([1000, 5000]);
        expect(Buffer.from(back.tobytes().buffer).equals(a.tobytes())).toBe(true);
      }
      expect((await npz.get('empty')).shape).toEqual([0, 3]);
    }
  });

  test('names from positions, suffix, and bytes instead of a file', async () => {
    await savez(join(folder, 'plain'), [1, 2], [true]);
    using npz = loadSync(`${folder}/plain.npz`);
    expect(npz.files).toEqual(['arr_0', 'arr_1']);
    const bytes = await npzBytes({ x: [1, 2] }, { compressed: true });
    expect(open(bytes).getSync('x').tolist()).toEqual([1, 2]);
    const blob = await load(new Blob([bytes]), { kind: 'npz' });
    expect((await blob.get('x')).tolist()).toEqual([1, 2]);
    expect(() => savezSync('x', [1], { arr_0: [2] })).toThrow(
      /both a name and the position.*\n {2}fix: rename 'arr_0'/,
    );
    expect(() => savezSync('x', { '': [2] })).toThrow(/cannot name an array\n {2}fix: use a name/);
  });

  test('an archive that was closed, and unknown names', async () => {
    const npz = await load(bytesOf('stored'), { kind: 'npz' });
    expect(() => npz.getSync('z')).toThrow(ArgumentError);
    expect(() => npz.getSync('z')).toThrow(/no array 'z'\n {2}fix: use one of: x, ü, arr_0/);
    await npz.close();
    npz.closeSync();
    expect(() => npz.getSync('x')).toThrow(DisposedError);
    expect(() => npz.getSync('x')).toThrow(/was closed\n {2}fix: read its arrays before close/);
  });

  test('NumPy reads ours', (context) => {
    const path = join(folder, 'numpy.npz');
    savez_compressedSync(path, { a, ü: asarray(new Int8Array([1, -2])), f: asarray(a.get(':3', ':2').T) });
    const script = `import numpy as np, sys
z = np.load(sys.argv[1])
assert (z['a'] == (np.arange(5000000) % 1000.).reshape(1000, 5000)).all() and z['a'].dtype == 'f8'
print(z.files, z['ü'].tolist(), z['f'].tolist(), z.zip.testzip())`;
    let out = '';
    try {
      execFileSync('python3', ['-c', 'import numpy'], { stdio: 'pipe' });
    } catch {
      context.skip();
    }
    out = String(execFileSync('python3', ['-c', script, path], { env: { ...process.env, PYTHONIOENCODING: 'utf-8' } }));
    expect(out.trim()).toBe("['a', 'ü', 'f'] [1, -2] [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]] None");
  });
});

describe('refused', () => {
  /** A small archive, its fields changed by name. */
  function forged(change: Record<string, number>, body = npyBytes([1, 2, 3]), members = 1): Uint8Array {
    const it = (name: string, value: number): number => change[name] ?? value;
    const packed = it('method', 8) === 8 ? deflateRawSync(body) : body;
    const local = Buffer.alloc(30 + 5);
    local.writeUInt32LE(it('local', 0x04034b50));
    local.writeUInt16LE(5, 26);
    local.write('a.npy', 30);
    const entry = Buffer.alloc(46 + 5);
    entry.writeUInt32LE(it('entry', 0x02014b50));
    entry.writeUInt16LE(it('flags', 0), 8);
    entry.writeUInt16LE(it('method', 8), 10);
    entry.writeUInt32LE(it('crc', crc32(body)), 16);
    entry.writeUInt32LE(it('packed', packed.length), 20);
    entry.writeUInt32LE(it('size', body.length), 24);
    entry.writeUInt16LE(it('nameLength', 5), 28);
    entry.writeUInt32LE(it('offset', 0), 42);
    entry.write('a.npy', 46);
    const entries = Array.from({ length: members }, (_, i) => {
      const one = Buffer.from(entry);
      if (i > 0 && change.sameName !== 1) one.write(`b${i}npy`, 46);
      return one;
    });
    const end = Buffer.alloc(22);
    end.writeUInt32LE(it('end', 0x06054b50));
    end.writeUInt16LE(it('disk', 0), 4);
    end.writeUInt16LE(it('count', members), 10);
    end.writeUInt32LE(it('directorySize', 51 * members), 12);
    end.writeUInt32LE(it('directory', local.length + packed.length), 16);
    return new Uint8Array(Buffer.concat([local, packed, ...entries, end]));
  }

  test('the same archive passes', () => {
    expect(open(forged({})).getSync('a').tolist()).toEqual([1, 2, 3]);
    expect(
      open(forged({ method: 0 }))
        .getSync('a')
        .tolist(),
    ).toEqual([1, 2, 3]);
  });

  const bomb = new Uint8Array(10_000_000);
  bomb.set(npyBytes(zeros([1])));
  const rows: [string, Uint8Array, RegExp][] = [
    ['no directory', forged({ end: 1 }), /no zip directory at the end/],
    ['too short', bytesOf('stored').subarray(0, 20), /too few for a zip archive/],
    ['truncated', bytesOf('stored').subarray(0, 300), /no zip directory/],
    ['directory past the end', forged({ directory: 10_000 }), /passes the end/],
    ['directory too long', forged({ directorySize: 10_000 }), /passes the end/],
    ['too many members', forged({ count: 60_000 }), /60000 members do not fit/],
    ['no member in the directory', forged({ entry: 1 }), /member 0 of the directory is not one/],
    ['long name', forged({ nameLength: 60_000 }), /passes the end of the directory/],
    ['several parts', forged({ disk: 1 }), /several parts are not supported/],
    ['encrypted', forged({ flags: 1 }), /is encrypted/],
    ['method', forged({ method: 12 }), /by method 12/],
    ['stored size', forged({ method: 0, size: 5000 }), /is stored in .* and claims to have 5000/],
    ['bomb by its size', forged({ size: 0xfffffff0 }), /more than deflate can give/],
    ['two of a name', forged({ sameName: 1 }, undefined, 2), /two members are called 'a.npy'/],
    ['shared bytes', forged({}, undefined, 2), /passes into what follows it/],
    ['past the directory', forged({ offset: 40 }), /passes into what follows it/],
    ['no local header', forged({ local: 0x05034b50 }), /no member at 0/],
    ['checksum', forged({ crc: 1 }), /does not match its checksum/],
    ['stored checksum', forged({ method: 0, crc: 1 }), /does not match its checksum/],
    [
      'more than announced',
      forged({ size: 140 }),
      /needs 24 bytes of data, the file has 12|more than the 140 bytes announced/,
    ],
    ['less than announced', forged({ size: 300 }), /ends 148 bytes early/],
    ['damaged data', forged({}).fill(0xff, 40, 60), /the compressed data is damaged|not those of a .npy/],
    ['bomb past its size', forged({ size: 200 }, bomb), /more than the 200 bytes announced|ends|checksum/],
  ];
  test.each(rows)('%s', async (_, bytes, message) => {
    const now = () => open(bytes).getSync('a');
    expect(now).toThrow(FormatError);
    expect(now).toThrow(message);
    expect(now).toThrow(
      /\n {2}fix: .*(write it again with np.savez|write the archive again|copy it again|rename it to)/,
    );
    const later = async () => (await load(bytes, { kind: 'npz' })).get('a');
    await expect(later()).rejects.toThrow(FormatError);
  });

  test('any byte changed: the same array or a tagged error, never anything else', () => {
    const whole = bytesOf('compressed');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = whole.map((byte, i) => (i === at ? byte ^ mask : byte));
        try {
          const npz = open(changed);
          for (const name of npz.files) npz.getSync(name);
        } catch (e) {
          expect(e).toHaveProperty('tag');
        }
      }),
      { numRuns: 600 },
    );
  });
});

describe('parts', () => {
  test('zip64 directories', () => {
    const body = npyBytes([4]);
    const local = Buffer.alloc(35);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(5, 26);
    local.write('a.npy', 30);
    const entry = Buffer.alloc(51 + 28);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt32LE(crc32(body), 16);
    entry.fill(0xff, 20, 28);
    entry.writeUInt16LE(5, 28);
    entry.writeUInt16LE(28, 30);
    entry.fill(0xff, 42, 46);
    entry.write('a.npy', 46);
    entry.writeUInt16LE(1, 51);
    entry.writeUInt16LE(24, 53);
    entry.writeBigUInt64LE(BigInt(body.length), 55);
    entry.writeBigUInt64LE(BigInt(body.length), 63);
    const start = local.length + body.length;
    const end64 = Buffer.alloc(56);
    end64.writeUInt32LE(0x06064b50);
    end64.writeBigUInt64LE(1n, 32);
    end64.writeBigUInt64LE(BigInt(entry.length), 40);
    end64.writeBigUInt64LE(BigInt(start), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50);
    locator.writeBigUInt64LE(BigInt(start + entry.length), 8);
    const end = Buffer.alloc(22, 0xff);
    end.writeUInt32LE(0x06054b50);
    end.writeUInt16LE(0, 20);
    const whole = new Uint8Array(Buffer.concat([local, body, entry, end64, locator, end]));
    expect(open(whole).getSync('a').tolist()).toEqual([4]);
    const astray = Buffer.from(whole);
    astray.writeUInt32LE(0, start + entry.length);
    expect(() => open(new Uint8Array(astray))).toThrow(/no zip64 directory end/);
  });

  test('the table gives the runtime checksum', () => {
    expect(tableCrc32(new TextEncoder().encode('123456789'), 0)).toBe(0xcbf43926);
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 37) & 255);
    expect(tableCrc32(bytes.subarray(10), tableCrc32(bytes.subarray(0, 10), 0))).toBe(crc32(bytes));
  });

  test('pieces make one stream, also through the web streams', async () => {
    const text = new TextEncoder().encode('the same words again and again, '.repeat(5000));
    const cut = [0, 100, 70_000, text.length];
    const parts: Uint8Array[] = [];
    const pieces = async (): Promise<Buffer> => {
      const deflater = new Deflater();
      parts.length = 0;
      for (let i = 1; i < cut.length; i++) {
        const last = i === cut.length - 1;
        parts.push(await runAsync(deflater.add(text.subarray(cut[i - 1], cut[i]), last)));
      }
      return Buffer.concat(parts);
    };
    const packed = await pieces();
    expect(inflateRawSync(packed).equals(text)).toBe(true);
    expect(packed.length).toBeLessThan(1500); // the second piece knew the first
    const { getBuiltinModule } = process;
    try {
      Object.assign(process, { getBuiltinModule: undefined });
      const web = await pieces();
      expect(inflateRawSync(web).equals(text)).toBe(true);
      const inflater = new Inflater('x', text.length);
      const made = [
        await inflater.push(web.subarray(0, 50) as never, false),
        await inflater.push(web.subarray(50) as never, true),
      ];
      expect(Buffer.concat(made).equals(text)).toBe(true);
      expect(() => inflater.all(web)).toThrow(/cannot run synchronously here\n {2}fix: await/);
    } finally {
      Object.assign(process, { getBuiltinModule });
    }
  });

  test('members of a file are read by position', () => {
    const path = join(folder, 'position.npz');
    writeFileSync(path, bytesOf('stored'));
    const source = runSync(openSource(path, 'test'));
    const entries = runSync(readDirectory(source));
    expect([...entries.keys()]).toEqual(['x.npy', 'ü.npy', 'arr_0.npy']);
    const target = new Uint8Array(10);
    expect(runSync(new SourceReader(source, source.size - 3).fill(() => target))).toBe(3);
    runSync(source.close());
  });
});
