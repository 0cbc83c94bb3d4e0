// np.lock: what decides the bits of results here, as a manifest to keep beside the code: version, engine, provider of
// linear algebra, settings. np.drift says what has changed since.

import { ArgumentError } from '../base/errors.ts';
import { platform } from '../base/platform.ts';
import { runtime } from './runtime.ts';

/** Facts by dotted name, all of them texts. */
export interface LockManifest {
  readonly version: 1;
  readonly locked: Readonly<Record<string, string>>;
}

/** A fact that is not what the manifest says. */
export interface Drift {
  readonly name: string;
  /** undefined: the manifest, or this process, does not have it. */
  readonly locked: string | undefined;
  readonly now: string | undefined;
}

// Settings that decide how much is used, never what comes out.
const harmless = /^(threads|memory|debug)\b/;

function facts(): Record<string, string> {
  const { version, engine, blas, settings } = runtime();
  const found: Record<string, string> = {
    orthant: version,
    'engine.runtime': engine.runtime,
    'engine.simd': String(engine.simd),
    'engine.relaxedSimd': String(engine.relaxedSimd),
    'blas.provider': blas.provider,
  };
  for (const name of ['family', 'version', 'core', 'integers'] as const) {
    const value = (blas as unknown as Record<string, unknown>)[name]; // there where a library is in use
    if (value !== undefined) found[`blas.${name}`] = String(value);
  }
  for (const [name, { value }] of Object.entries(settings)) {
    if (!harmless.test(name)) found[`settings.${name}`] = String(value);
  }
  return found;
}

/**
 * A manifest of what decides results here; written to a file as well where a path is given (JSON, replaced as a whole).
 * Linear algebra's provider is what was chosen so far: compute once before, or set `blas`.
 * @example np.lock().locked['settings.determinism'] // 'stable'
 */
export function lock(path?: string): LockManifest {
  const manifest: LockManifest = { version: 1, locked: facts() };
  if (path === undefined) return manifest;
  const fs = platform.builtin<typeof import('node:fs')>('node:fs');
  if (fs === undefined) throw new ArgumentError('np.lock: there are no files here', 'keep what it returns', { path });
  const unfinished = `${path}.${Date.now()}.tmp`;
  try {
    fs.writeFileSync(unfinished, `${JSON.stringify(manifest, null, 2)}\n`);
    fs.renameSync(unfinished, path);
  } finally {
    fs.rmSync(unfinished, { force: true });
  }
  return manifest;
}

/**
 * What differs between a manifest and this process; empty where nothing does.
 * @throws ArgumentError for what is no manifest.
 * @example np.drift(np.lock()).length // 0
 */
export function drift(manifest: unknown): Drift[] {
  const given = manifest as Partial<LockManifest> | null; // looked at next
  if (typeof given !== 'object' || given?.version !== 1 || typeof given.locked !== 'object' || given.locked === null) {
    throw new ArgumentError('np.drift: this is no manifest of version 1', 'pass what np.lock() made', {});
  }
  const now = facts();
  const { locked } = given;
  const names = [...new Set([...Object.keys(locked), ...Object.keys(now)])].sort();
  return names
    .filter((name) => locked[name] !== now[name])
    .map((name) => ({ name, locked: locked[name], now: now[name] }));
}
