// orthant/otel against OpenTelemetry's own SDK: what is collected, and that it ends.

import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { events } from '../../src/base/events.ts';
import * as np from '../../src/index.ts';
import { instrument } from '../../src/otel.ts';

test('metrics of memory, kernels and refusals', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  const provider = new MeterProvider({ readers: [reader] });
  const end = instrument({ meter: provider.getMeter('orthant'), faults: true });
  const kept = np.ones([1000, 100]);
  expect(() => np.scope({ memory: '1MB' }, () => np.ones([1000, 1000]))).toThrow(np.MemoryError);
  np.errstate({ divide: 'print' }, () => 0); // a mode alone is no fault
  events.emit('memory.reclaim', { freed: 100, live: 5, milliseconds: 2 });
  events.emit('threads.lost', { worker: 1, reason: 'a test' });
  await provider.forceFlush();
  const found = new Map(
    exporter
      .getMetrics()
      .flatMap((r) => r.scopeMetrics)
      .flatMap((s) => s.metrics)
      .map((m) => [m.descriptor.name, m.dataPoints[0]?.value]),
  );
  expect(Number(found.get('orthant.memory.live'))).toBeGreaterThanOrEqual(kept.nbytes);
  expect(Number(found.get('orthant.threads.size'))).toBeGreaterThanOrEqual(1);
  expect(found.get('orthant.memory.refused')).toBe(1);
  expect(found.get('orthant.memory.reclaim.freed')).toBe(100);
  expect(found.get('orthant.threads.lost')).toBe(1);
  end();
  expect(events.active['memory.refuse']).toBe(false);
  expect(events.watched).toBe(false);
  await provider.shutdown();
});

test('without a provider nothing happens', () => {
  const end = instrument();
  np.ones([3]);
  end();
  expect(events.active['kernel.compile']).toBe(false);
});
