// What a worker runs, as text: it must arrive whole in a bundle whatever the bundler does to functions, and must not
// depend on how modules are found. It knows the control block (control.ts) and nothing else of Orthant.
// Asleep it waits on `sequence`; after a job it looks for the next one for some 20 µs before it sleeps again.

import { CELLS, exportNames, MESSAGE_CHARACTERS, WORDS, word } from './control.ts';

/** Looks before sleeping: about 20 µs. */
const LOOKS = 2000;

/** JavaScript of a worker; `serve({ memory, address, number })` never returns. */
const serve = `
'use strict';
function serve({ memory, address, number }) {
  const words = new Int32Array(memory.buffer, address, ${WORDS});
  const cells = new Float64Array(memory.buffer, address + ${WORDS * 4}, ${CELLS});
  const bigs = new BigInt64Array(memory.buffer, address + ${WORDS * 4}, ${CELLS});
  const kernels = [];
  function load(id) {
    const from = words[${word.address}], length = words[${word.length}];
    if (from + length > memory.buffer.byteLength) return undefined;
    // a copy in memory of its own: modules are not compiled from shared bytes
    const binary = new Uint8Array(memory.buffer, from, length).slice();
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { m: { m: memory } });
    return kernels[id] = ${JSON.stringify(exportNames)}.map((name) => exports[name]);
  }
  function work() {
    const id = words[${word.kernel}];
    let found = kernels[id];
    if (found === undefined) {
      try {
        found = load(id);
      } catch {}
      if (found === undefined) {
        Atomics.add(words, ${word.declined}, 1);
        return;
      }
    }
    const call = found[words[${word.entry}]];
    const slices = words[${word.slices}], width = words[${word.width}], mask = words[${word.bigs}];
    const own = words[${word.own}], ownBytes = words[${word.ownStep}] * (number + 1);
    const args = new Array(width);
    let taken = 0, seen = 0;
    for (;;) {
      const slice = Atomics.add(words, ${word.next}, 1);
      if (slice >= slices) break;
      const row = slice * width;
      for (let i = 0; i < width; i++) args[i] = (mask >> i) & 1 ? bigs[row + i] : cells[row + i];
      if (own >= 0) args[own] += ownBytes;
      seen |= call(...args);
      taken++;
    }
    if (seen !== 0) Atomics.or(words, ${word.seen}, seen);
    Atomics.add(words, ${word.taken}, taken);
  }
  function report(error) {
    if (Atomics.compareExchange(words, ${word.failed}, 0, number + 1) !== 0) return;
    const text = String(error).slice(0, ${MESSAGE_CHARACTERS});
    for (let i = 0; i < text.length; i++) words[${word.message} + i] = text.charCodeAt(i);
    words[${word.messageLength}] = text.length;
    Atomics.store(words, ${word.next}, words[${word.slices}]);
  }
  let seen = 0;
  Atomics.add(words, ${word.ready}, 1);
  for (;;) {
    for (let i = 0; i < ${LOOKS} && Atomics.load(words, ${word.sequence}) === seen; i++);
    Atomics.wait(words, ${word.sequence}, seen);
    seen = Atomics.load(words, ${word.sequence});
    if (Atomics.load(words, ${word.quit}) !== 0) {
      Atomics.add(words, ${word.gone}, 1);
      return;
    }
    if (number >= Atomics.load(words, ${word.limit})) continue;
    Atomics.add(words, ${word.active}, 1);
    if (Atomics.load(words, ${word.open}) === 1) {
      try {
        work();
      } catch (error) {
        report(error);
      }
    }
    if (Atomics.sub(words, ${word.active}, 1) === 1) Atomics.notify(words, ${word.active});
  }
}
`;

/** For worker_threads: what it needs is in workerData. */
export const serverWorker: string = `${serve}
serve(require('node:worker_threads').workerData);
`;

/** For web workers: what it needs is in the first message. */
export const webWorker: string = `${serve}
onmessage = (event) => {
  serve(event.data);
  close();
};
`;
