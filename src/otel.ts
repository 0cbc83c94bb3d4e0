// orthant/otel: figures and events as OpenTelemetry metrics, through @opentelemetry/api alone; which SDK collects them and
// where they go is the application's. Names follow OpenTelemetry's: dots, units as UCUM.
// Source: https://opentelemetry.io/docs/specs/semconv/general/metrics/.

import { type Meter, metrics, type ObservableResult } from '@opentelemetry/api';
import { events } from './base/events.ts';
import { version } from './base/version.ts';
import { memory } from './diag/memory.ts';
import { threadFigures } from './exec/threads/pool.ts';

const gauges = {
  'orthant.memory.live': ['By', 'bytes in blocks that someone owns', () => memory.snapshot().live],
  'orthant.memory.pooled': ['By', 'free bytes kept for reuse', () => memory.snapshot().pooled],
  'orthant.memory.committed': ['By', 'address space of the heap', () => memory.snapshot().committed],
  'orthant.memory.peak': ['By', 'most bytes that were live at a time', () => memory.peak()],
  'orthant.threads.size': ['{thread}', 'threads an operation may use', () => threadFigures().size],
} as const satisfies Record<string, readonly [unit: string, description: string, read: () => number]>;

/** Metrics that events feed: a counter of them, or of an amount that they carry, or a histogram of it. */
function followEvents(meter: Meter, countFaults: boolean): (() => void)[] {
  const counter = (name: string, unit: string, description: string) => meter.createCounter(name, { unit, description });
  const duration = (name: string, description: string) => meter.createHistogram(name, { unit: 'ms', description });
  const reclaims = duration('orthant.memory.reclaim.duration', 'collections inside a turn of the event loop');
  const freed = counter('orthant.memory.reclaim.freed', 'By', 'bytes that such collections gave back');
  const refused = counter('orthant.memory.refused', '{allocation}', 'allocations that a limit or budget refused');
  const compiled = duration('orthant.kernel.compile.duration', 'generating and compiling kernels');
  const faults = counter('orthant.faults', '{operation}', 'operations that met a floating-point or integer fault');
  const throttled = counter('orthant.threads.throttled', 'ms', 'time for which the cgroup stopped this process');
  const lost = counter('orthant.threads.lost', '{worker}', 'workers that could not start or ended');
  return [
    events.on('memory.reclaim', (e) => {
      reclaims.record(e.milliseconds);
      freed.add(e.freed);
    }),
    events.on('memory.refuse', (e) => refused.add(1, { 'orthant.limit': e.source })),
    events.on('kernel.compile', (e) => compiled.record(e.milliseconds)),
    events.on('threads.throttled', (e) => throttled.add(e.milliseconds)),
    events.on('threads.lost', () => lost.add(1)),
    // Not 'exec.float' while nobody asks: listening to operations costs their short paths.
    ...(countFaults ? [events.on('exec.float', (e) => faults.add(1, { kind: e.kind, op: e.op }))] : []),
  ];
}
export interface InstrumentOptions {
  /** Where the metrics go; by default the global provider's meter `orthant`. */
  readonly meter?: Meter;
  /** Count faults by operation too; operations take their long way then. */
  readonly faults?: boolean;
}

/** Feeds the metrics until it is disposed or called. */
export function instrument({
  meter = metrics.getMeter('orthant', version),
  faults = false,
}: InstrumentOptions = {}): (() => void) & Disposable {
  const observed = Object.entries(gauges).map(([name, [unit, description, read]]) => {
    const gauge = meter.createObservableGauge(name, { unit, description });
    const observe = (result: ObservableResult): void => result.observe(read());
    gauge.addCallback(observe);
    return () => gauge.removeCallback(observe);
  });
  const subscriptions = followEvents(meter, faults);
  const end = (): void => {
    for (const off of [...observed, ...subscriptions]) off();
  };
  return Object.assign(end, { [Symbol.dispose]: end });
}
