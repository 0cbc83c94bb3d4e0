// What a thread for WebAssembly codecs runs, as text (threads.ts): unpacks, and packs where that is as good as the system's
// libraries do it. The codecs are those of numcodecs.

import Blosc from 'numcodecs/blosc';
import LZ4 from 'numcodecs/lz4';
import Zstd from 'numcodecs/zstd';
import { platform } from '../../../base/platform.ts';
import type { Answer, Task } from './threads.ts';

const codecs = {
  blosc: () => Blosc.fromConfig({ id: 'blosc', cname: 'lz4', clevel: 5, shuffle: 1, blocksize: 0 }),
  lz4: () => LZ4.fromConfig({ id: 'lz4' }),
  zstd: (level: number) => Zstd.fromConfig({ id: 'zstd', level }),
};

async function run({ codec, what, bytes, level }: Task): Promise<Uint8Array> {
  return codecs[codec](level)[what](bytes);
}

interface WebScope {
  postMessage(answer: Answer, transfer: ArrayBufferLike[]): void;
  onmessage: ((event: { data: Task }) => void) | null;
}

const port = platform.builtin<typeof import('node:worker_threads')>('node:worker_threads')?.parentPort;
const scope = globalThis as unknown as WebScope; // a web worker's own scope, where there is no port

async function answer(task: Task): Promise<void> {
  const say = (said: Answer, transfer: ArrayBufferLike[]): void => {
    if (port) port.postMessage(said, transfer as ArrayBuffer[]);
    else scope.postMessage(said, transfer);
  };
  try {
    const made = await run(task);
    say({ id: task.id, made }, [made.buffer]);
  } catch (error) {
    say({ id: task.id, error: error instanceof Error ? error.message : String(error) }, []);
  }
}

if (port) port.on('message', (task: Task) => void answer(task));
else scope.onmessage = ({ data }) => void answer(data);
