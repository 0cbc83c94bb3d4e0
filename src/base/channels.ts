// The events on node:diagnostics_channel, as `orthant:` and the event's name: what tracing tools subscribe to. A channel
// listens to its event only while somebody listens to the channel, so that nobody pays for what nobody reads. Engines
// without such channels have the events alone.
// Source: https://nodejs.org/api/diagnostics_channel.html

import { type EventType, eventRows, events, type Subscription } from './events.ts';
import { platform } from './platform.ts';

type Channel = ReturnType<typeof import('node:diagnostics_channel')['channel']>;

/** Held here because the engine holds them weakly. */
export const channels: object[] = [];

/** Name of an event's channel. */
const channelName = (type: EventType): string => `orthant:${type}`;

// Node tells nobody who comes and goes: both methods are called through, and looked at afterwards.
function follow(channel: Channel, changed: () => void): void {
  for (const name of ['subscribe', 'unsubscribe'] as const) {
    const through = (listener: never): unknown => {
      Reflect.deleteProperty(channel, name); // the prototype's, which subscribing exchanges
      try {
        return channel[name](listener);
      } finally {
        Object.defineProperty(channel, name, { value: through, configurable: true, writable: true });
        changed();
      }
    };
    Object.defineProperty(channel, name, { value: through, configurable: true, writable: true });
  }
}

function open(type: EventType, channel: Channel): void {
  let subscription: Subscription | undefined;
  const changed = (): void => {
    if (channel.hasSubscribers && subscription === undefined) {
      subscription = events.on(type, (event) => channel.publish(event));
    } else if (!channel.hasSubscribers && subscription !== undefined) {
      subscription();
      subscription = undefined;
    }
  };
  follow(channel, changed);
  changed();
}

const diagnostics = platform.builtin<typeof import('node:diagnostics_channel')>('node:diagnostics_channel');
for (const type of Object.keys(eventRows) as EventType[]) {
  if (diagnostics === undefined) break;
  const channel = diagnostics.channel(channelName(type));
  channels.push(channel);
  open(type, channel);
}
