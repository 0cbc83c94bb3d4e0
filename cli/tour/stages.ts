// The stopwatch of the job: runs a stage, and notes its time and the state of the heap and the kernels after it.
import { kernelFigures } from '../../src/kernel/compile.ts';
import { memoryFigures } from '../../src/memory/allocate.ts';

export interface Stage {
  readonly name: string;
  readonly seconds: number;
  /** What the stage says it did. */
  readonly note: string;
  /** Bytes: the heap's blocks in use and their highest sum so far, and the process's memory. */
  readonly live: number;
  readonly peak: number;
  readonly resident: number;
  /** Kernels compiled by this stage. */
  readonly kernels: number;
}

export interface StageListener {
  readonly begin?: (name: string) => void;
  readonly end?: (stage: Stage) => void;
}

export class Stopwatch {
  readonly stages: Stage[] = [];
  private readonly listener: StageListener;

  constructor(listener: StageListener = {}) {
    this.listener = listener;
  }

  /** Runs `work`; `note` sees the result after the clock has stopped. */
  async run<T>(name: string, work: () => T | Promise<T>, note: (result: T) => string): Promise<T> {
    this.listener.begin?.(name);
    const kernels = kernelFigures().kernels;
    const start = performance.now();
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    const { live, peak } = memoryFigures();
    const stage = {
      name,
      seconds,
      note: note(result),
      live,
      peak,
      resident: process.memoryUsage.rss(),
      kernels: kernelFigures().kernels - kernels,
    };
    this.stages.push(stage);
    this.listener.end?.(stage);
    return result;
  }

  get seconds(): number {
    return this.stages.reduce((sum, stage) => sum + stage.seconds, 0);
  }
}

/** The whole process, in bytes and counts. */
export interface Figures {
  readonly live: number;
  readonly peak: number;
  /** Free and kept for reuse. */
  readonly pooled: number;
  readonly committed: number;
  /** Memory of the process now. */
  readonly resident: number;
  /** Highest memory of the process so far, as the system counts it. */
  readonly peakResident: number;
  readonly kernels: number;
  readonly kernelBytes: number;
  readonly reclaims: number;
}

export function figures(): Figures {
  const { live, peak, pooled, committed, reclaims } = memoryFigures();
  const { kernels, bytes } = kernelFigures();
  const peakResident = process.resourceUsage().maxRSS * 1024; // kilobytes on every system but in name
  const resident = process.memoryUsage.rss();
  return { live, peak, pooled, committed, resident, peakResident, kernels, kernelBytes: bytes, reclaims };
}
