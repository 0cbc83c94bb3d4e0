// What a refused allocation says: how much was asked, what there is, whose limit it is, and which blocks are the largest.
import { entry } from '../base/call_site.ts';
import { MemoryError } from '../base/errors.ts';
import { events } from '../base/events.ts';

/** A block that is in use, and where it was asked for when that was traced. */
export interface LiveBlock {
  readonly nbytes: number;
  readonly site: string | undefined;
  /** The tag of the scope it is charged to. */
  readonly tag: string | undefined;
  /** Its scope has ended. */
  readonly escaped: boolean;
}

/** Whose limit refused, and how far it was used. */
export interface Budget {
  readonly live: number;
  readonly peak: number;
  readonly limit: number;
  readonly limitSource: string;
}

/** Why, and the figures that go into the error. */
export interface Refusal extends Budget {
  readonly operation?: string;
  readonly where: string;
  readonly why: string;
  readonly requested: number;
  readonly committed: number;
  readonly largest: readonly LiveBlock[];
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes for people: '1.50 GiB'. */
export function readable(nbytes: number): string {
  const power = nbytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(nbytes) / 10));
  return power === 0 ? `${nbytes} bytes` : `${(nbytes / 2 ** (10 * power)).toPrecision(3)} ${units[power]}`;
}

const line = ({ nbytes, site, tag }: LiveBlock): string =>
  `    ${readable(nbytes)}${tag === undefined ? '' : ` of scope '${tag}'`}${site === undefined ? '' : ` from ${site}`}`;

// The public function that is at work, as far as the stack tells.
function operationHere(): string | undefined {
  const { called } = entry();
  return called === undefined || /^(call|reduce|new|fresh|estimate)/.test(called) ? undefined : `np.${called}`;
}

export function refusal(facts: Refusal): MemoryError {
  const { where, why, requested, live, peak, limit, limitSource, largest } = facts;
  if (events.active['memory.refuse']) {
    events.emit('memory.refuse', { nbytes: requested, live, limit, source: limitSource });
  }
  const operation = facts.operation ?? operationHere();
  const held = largest.length === 0 ? '' : `\n  largest arrays alive:\n${largest.map(line).join('\n')}`;
  return new MemoryError(
    `${operation ?? where}: cannot allocate ${requested} bytes (${readable(requested)}): ${why} (live ${live}, peak ${peak}, limit ${limit} from ${limitSource})${held}`,
    'dispose() or drop arrays no longer needed, pass out= to reuse one, work in chunks, or raise the limit',
    { ...facts, operation },
  );
}
