// The emitter: activity flags, order, unsubscribing, listeners that fail.
import { expect, test } from 'vitest';
import { type EventType, eventRows, events } from '../../src/base/events.ts';

const trim = (nbytes: number) => events.emit('memory.trim', { nbytes });

test('every type has a flag, and nobody listens at first', () => {
  for (const type of Object.keys(eventRows) as EventType[]) expect([type, events.active[type]]).toEqual([type, false]);
});

test('listeners are called in order until they unsubscribe', () => {
  const seen: string[] = [];
  const first = events.on('memory.trim', ({ nbytes }) => seen.push(`first ${nbytes}`));
  const second = events.on('memory.trim', ({ nbytes }) => seen.push(`second ${nbytes}`));
  expect(events.active['memory.trim']).toBe(true);
  expect(events.active['memory.free']).toBe(false);
  trim(1);
  first();
  trim(2);
  second();
  second(); // ending twice is harmless
  trim(3);
  expect(seen).toEqual(['first 1', 'second 1', 'second 2']);
  expect(events.active['memory.trim']).toBe(false);
});

test('the same function may listen twice, each subscription ends alone', () => {
  let calls = 0;
  const listener = () => {
    calls++;
  };
  const one = events.on('memory.trim', listener);
  {
    using _two = events.on('memory.trim', listener);
    trim(1);
  }
  trim(1);
  one();
  expect(calls).toBe(3);
});

test('unsubscribing from inside an event does not skip the next listener', () => {
  const seen: string[] = [];
  const once = events.on('memory.trim', () => {
    seen.push('once');
    once();
  });
  using _ = events.on('memory.trim', () => seen.push('always'));
  trim(1);
  trim(2);
  expect(seen).toEqual(['once', 'always', 'always']);
});

test('a listener that throws does not disturb the emitter or the others', async () => {
  const uncaught = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const reported = new Promise((resolve) => process.once('uncaughtException', resolve));
  try {
    let reached = false;
    using _bad = events.on('memory.trim', () => {
      throw new Error('listener failed');
    });
    using _good = events.on('memory.trim', () => {
      reached = true;
    });
    trim(1);
    expect(reached).toBe(true);
    expect(String(await reported)).toBe('Error: listener failed');
  } finally {
    for (const listener of uncaught) process.on('uncaughtException', listener);
  }
});
