// Events on diagnostics channels: forwarded while somebody listens, silent and free otherwise.

import diagnostics from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { type EventType, eventRows, events } from '../../src/base/events.ts';

const channelName = (type: EventType): string => `orthant:${type}`;
const seen: unknown[] = [];
const listener = (message: unknown): void => void seen.push(message);

test('a channel listens while it is listened to', async () => {
  const early = channelName('memory.trim');
  diagnostics.subscribe(early, listener); // before there are channels of ours
  await import('../../src/base/channels.ts');
  expect(events.active['memory.trim']).toBe(true);
  events.emit('memory.trim', { nbytes: 1 });
  diagnostics.unsubscribe(early, listener);
  expect(events.active['memory.trim']).toBe(false);

  const name = channelName('native.load');
  const second = (message: unknown): void => void seen.push(message);
  diagnostics.subscribe(name, listener);
  diagnostics.subscribe(name, second);
  events.emit('native.load', { path: 'x', symbols: 2 });
  expect(diagnostics.unsubscribe(name, listener)).toBe(true);
  expect(diagnostics.unsubscribe(name, listener)).toBe(false);
  events.emit('native.load', { path: 'y', symbols: 3 });
  diagnostics.unsubscribe(name, second);
  expect(events.active['native.load']).toBe(false);
  diagnostics.channel(name).subscribe(listener);
  events.emit('native.load', { path: 'z', symbols: 4 });
  diagnostics.channel(name).unsubscribe(listener);
  events.emit('native.load', { path: 'unheard', symbols: 5 });
  expect(seen).toEqual([
    { nbytes: 1 },
    { path: 'x', symbols: 2 },
    { path: 'x', symbols: 2 },
    { path: 'y', symbols: 3 },
    { path: 'z', symbols: 4 },
  ]);
});

test('there is a channel for every event', () => {
  for (const type of Object.keys(eventRows) as EventType[]) {
    diagnostics.subscribe(channelName(type), listener);
    expect(events.active[type], type).toBe(true);
    diagnostics.unsubscribe(channelName(type), listener);
    expect(events.active[type], type).toBe(false);
  }
});
