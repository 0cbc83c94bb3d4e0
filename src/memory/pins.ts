// Storages that may not be given back just now, because another thread reads them: `dispose` takes effect for the user
// at once, for the block when the last pin is gone. Costs nothing while nothing is pinned.
import type { Backing, Owner, Storage } from './storage.ts';

/** Stands in as the owner of a pinned storage. */
class Pin implements Owner {
  readonly inner: Owner;
  count = 0;
  #disposed = false;

  constructor(inner: Owner) {
    this.inner = inner;
  }

  get backing(): Backing | undefined {
    return this.inner.backing;
  }

  release(): void {
    this.#disposed = true;
  }

  end(storage: Storage): void {
    if (--this.count > 0) return;
    if (this.#disposed) this.inner.release(storage);
    else storage.owner = this.inner;
  }
}

/** Keeps the storage's block until the result is called; it must not be disposed yet. */
export function pin(storage: Storage): () => void {
  const { owner } = storage;
  if (owner === null) throw new TypeError('a storage that was disposed cannot be pinned');
  const held = owner instanceof Pin ? owner : new Pin(owner);
  storage.owner = held;
  held.count++;
  return () => held.end(storage);
}
