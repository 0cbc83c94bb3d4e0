// What the system says of the machine: processors and what they can do, memory, how contended both are. Facts only; what
// they mean stands in findings.ts. Source: proc(5), Documentation/accounting/psi.rst.

import type { Read } from './threads_now.ts';

export interface MachineFacts {
  readonly model: string | undefined;
  /** Processors that are switched on. */
  readonly processors: number | undefined;
  /** The widest vectors, as BLAS libraries choose by: 'AVX-512', 'AVX2 and FMA', 'NEON' …; undefined where not told. */
  readonly simd: string | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
  readonly available: number | undefined;
  /** Share of the last ten seconds in which something waited for it, in percent. */
  readonly pressure: { readonly cpu: number | undefined; readonly memory: number | undefined };
  /** 'always', 'madvise', 'never', or undefined where the system does not tell. */
  readonly hugePages: string | undefined;
}

/** Members of a list such as '0-3,8'. */
export function members(list: string): Set<number> {
  const found = new Set<number>();
  for (const part of list.split(',')) {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (from === undefined) continue;
    for (let n = Number(from); n <= Math.min(Number(to), Number(from) + 65535); n++) found.add(n);
  }
  return found;
}

/** Widest first: flags of /proc/cpuinfo that must all be there. */
const levels: readonly (readonly [name: string, flags: readonly string[]])[] = [
  ['AVX-512', ['avx512f', 'avx512dq', 'avx512bw', 'avx512vl']],
  ['AVX2 and FMA', ['avx2', 'fma']],
  ['AVX', ['avx']],
  ['SSE4', ['sse4_1', 'sse4_2']],
  ['SSE2', ['sse2']],
  ['SVE', ['sve']],
  ['NEON', ['asimd']],
];

function simdOf(cpuinfo: string): string | undefined {
  const flags = new Set(/^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1].split(' '));
  return levels.find(([, needed]) => needed.every((flag) => flags.has(flag)))?.[0];
}

const kilobytes = (meminfo: string, name: string): number | undefined => {
  const [, found] = new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(meminfo) ?? [];
  return found === undefined ? undefined : 1024 * Number(found);
};

function pressureOf(text: string | undefined): number | undefined {
  const [, share] = /^some avg10=([\d.]+)/m.exec(text ?? '') ?? [];
  return share === undefined ? undefined : Number(share);
}

export function machineFacts(read: Read): MachineFacts {
  const cpuinfo = read('/proc/cpuinfo') ?? '';
  const meminfo = read('/proc/meminfo') ?? '';
  const online = members((read('/sys/devices/system/cpu/online') ?? '').trim()).size;
  return {
    model: /^model name\s*:\s*(.*)$/m.exec(cpuinfo)?.[1],
    processors: online > 0 ? online : undefined,
    simd: simdOf(cpuinfo),
    memory: kilobytes(meminfo, 'MemTotal'),
    available: kilobytes(meminfo, 'MemAvailable'),
    pressure: { cpu: pressureOf(read('/proc/pressure/cpu')), memory: pressureOf(read('/proc/pressure/memory')) },
    hugePages: /\[(\w+)\]/.exec(read('/sys/kernel/mm/transparent_hugepage/enabled') ?? '')?.[1],
  };
}
