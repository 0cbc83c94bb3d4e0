// Large pages: a heap of 32 MB or more asks for them, for the whole of its reserve, where the system can be asked.
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { config } from '../../src/base/config.ts';
import { platform } from '../../src/base/platform.ts';
import { Segment } from '../../src/memory/segment.ts';
import { PAGE } from '../../src/memory/sizes.ts';
import { addressOf } from '../../src/native/ffi.ts';
import { adviseLargePages } from '../../src/native/pages.ts';

const MB = 2 ** 20;
const askable = platform.linux && adviseLargePages(new WebAssembly.Memory({ initial: 1 }).buffer, PAGE);
afterEach(() => config.reset('memory.largePages'));

/** Whether the kernel has the advice down ('hg' among the flags) for the mapping that holds the segment's start. */
function advised(segment: Segment): boolean {
  const address = addressOf(segment.buffer) ?? -1n;
  const mappings = readFileSync('/proc/self/smaps', 'utf8').split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
  const ours = mappings.find((text) => {
    const [from, to] = text.slice(0, text.indexOf(' ')).split('-');
    return BigInt(`0x${from}`) <= address && address < BigInt(`0x${to}`);
  });
  return / hg\b/.test(/^VmFlags:.*$/m.exec(ours ?? '')?.[0] ?? '');
}

it.runIf(askable).each([
  ['auto', 16 * MB, false],
  ['auto', 64 * MB, true],
  ['off', 64 * MB, false],
] as const)('%s at %i bytes: %s', (setting, nbytes, expected) => {
  config.set('memory.largePages', setting);
  const segment = new Segment(0, { shared: true, maxPages: 4096 });
  expect(segment.grow(nbytes, 0)).toBe(true);
  segment.u8[nbytes - 1] = 7;
  expect(advised(segment)).toBe(expected);
  expect(segment.u8[nbytes - 1]).toBe(7);
});
