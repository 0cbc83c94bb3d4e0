// A JavaScript side of the benchmark, in a process of its own: `node bench/worker.mjs module`. Same protocol as
// worker.py; statements see the module as `np`.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const name = process.argv[2];
const np = await import(name.endsWith('.js') ? pathToFileURL(name).href : name);
// The other library needs more than its default heap to get through the list.
if (typeof np.configureWasm === 'function') np.configureWasm({ maxMemory: 2 ** 31 });

function data(dtype, shape, low = -10, high = 10) {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = new Float64Array(size);
  const whole = /int|bool/.test(dtype);
  let s = 7;
  for (let i = 0; i < Math.min(size, 8192); i++) {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    const x = low + (s / 2 ** 32) * (high - low);
    values[i] = whole ? Math.trunc(x) : x;
  }
  for (let i = 8192; i < size; i += 8192) values.copyWithin(i, 0, Math.min(8192, size - i));
  return np
    .array(values)
    .astype(dtype)
    .reshape(...shape);
}

let timed;

function answer(request) {
  if (request.facts) return { node: process.version };
  if (request.run) {
    timed = undefined;
    const names = [];
    const values = [];
    for (const [key, expression] of Object.entries(request.setup)) {
      values.push(new Function('np', 'data', ...names, `return ${expression}`)(np, data, ...values));
      names.push(key);
    }
    const body = `let r; const start = performance.now(); for (let i = 0; i < n; i++) r = ${request.run};
      const ns = (performance.now() - start) * 1e6 / n; if (r === undefined) throw new Error('no result'); return ns;`;
    const loop = new Function('np', ...names, 'n', body);
    timed = (n) => loop(np, ...values, n);
    return { ns: timed(1) };
  }
  return { ns: timed(request.reps) };
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = answer(JSON.parse(line));
  } catch (error) {
    timed = undefined;
    reply = { error: `${error.name}: ${error.message.split('\n')[0]}` };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
