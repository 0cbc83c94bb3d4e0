// An array in chunks as the one member of a .npz archive: the .npy file that it would be, made beside the archive and taken
// into it piece by piece.
import { rmSync } from 'node:fs';
import { writeWhole } from '../../src/io/sink.ts';
import { openSource } from '../../src/io/source.ts';
import { runAsync } from '../../src/io/task.ts';
import { ZipWriter } from '../../src/io/zip_write.ts';

const PIECE = 2 ** 22;

/** @param make writes the .npy file at the path it is given */
export async function archived(
  to: string,
  name: string,
  compressed: boolean,
  make: (npy: string) => Promise<void>,
): Promise<void> {
  const beside = `${to}.${process.pid}.tmp.npy`;
  try {
    await make(beside);
    const source = await runAsync(openSource(beside, 'convert'));
    try {
      const room = new Uint8Array(Math.min(PIECE, source.size));
      await runAsync(
        writeWhole(to, 'convert', function* (sink) {
          const zip = new ZipWriter(sink, compressed);
          yield* zip.add(`${name}.npy`, function* (write) {
            for (let at = 0; at < source.size; ) {
              const n = yield* source.read(() => room, at);
              yield* write(room.subarray(0, n));
              at += n;
            }
          });
          yield* zip.finish();
        }),
      );
    } finally {
      await runAsync(source.close());
    }
  } finally {
    rmSync(beside, { force: true });
  }
}
