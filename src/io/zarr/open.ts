// Opens Zarr arrays and lists hierarchies of them, in a directory or on a server, by the documents that are there.

import { ArgumentError, FormatError } from '../../base/errors.ts';
import { describe, Options } from '../../exec/options.ts';
import { type FilePath, pathText } from '../source.ts';
import { type WritableZarrArray, ZarrArray } from './array.ts';
import { Directory } from './directory.ts';
import { damaged, type Fields, parseDocument } from './document.ts';
import { type HttpOptions, HttpStore } from './http.ts';
import { type KeyStore, pathParts } from './keys.ts';
import type { ZarrMetadata } from './metadata.ts';
import { parseV2 } from './metadata_v2.ts';
import { parseV3 } from './metadata_v3.ts';

/** How a store is reached. */
export interface ZarrAccess extends HttpOptions {
  /** Follow symbolic links inside a directory: for stores that you trust. */
  readonly links?: boolean;
  readonly signal?: AbortSignal;
}

export interface ZarrOpenOptions extends ZarrAccess {
  /** The array inside a hierarchy: names with '/' between them. */
  readonly path?: string;
  /** 'r' to read (default), 'r+' to write into what is there; directories only, and no shards. */
  readonly mode?: 'r' | 'r+';
}

/** An array or group of a hierarchy. */
export interface ZarrNode {
  /** Names from the root, with '/' between them; '' for the root. */
  readonly path: string;
  readonly kind: 'array' | 'group';
  readonly version: 2 | 3;
}

const access = [
  ...([
    ['links', 'flag'],
    ['signal', 'value'],
    ['headers', 'value'],
  ] as const),
  ...([
    ['timeout', 'number'],
    ['connections', 'count'],
    ['missing', 'value'],
  ] as const),
] as const;
const openOptions = new Options(['path', 'name'], ['mode', 'storeMode'], ...access);
const listOptions = new Options(...access);

/** A location on a server; undefined for a path. */
function remote(location: FilePath): URL | undefined {
  if (location instanceof URL) return location.protocol === 'file:' ? undefined : location;
  return typeof location === 'string' && /^[a-z][a-z0-9+.-]+:\/\//i.test(location) && URL.canParse(location)
    ? new URL(location)
    : undefined;
}

export function keyStore(location: FilePath, options: ZarrAccess, where: string): KeyStore {
  const url = remote(location);
  if (url === undefined) return new Directory(pathText(location, where), options.links === true);
  if (url.protocol === 'file:') return new Directory(pathText(url, where), options.links === true);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ArgumentError(
      `${where}: there is no access by '${url.protocol}'`,
      'pass a directory or an address that begins with http: or https:',
      { location: url.href },
    );
  }
  const { timeout = 1, connections = 1, headers = {} } = options;
  const texts = typeof headers === 'object' && Object.values(headers).every((v) => typeof v === 'string');
  if (!(timeout > 0) || connections < 1 || !texts) {
    const given = describe(timeout > 0 ? (connections < 1 ? connections : headers) : timeout);
    throw new ArgumentError(
      `${where}: ${given} cannot be`,
      'timeout and connections are above 0, headers are strings',
      {},
    );
  }
  return new HttpStore(url, options);
}

/** The documents of a place in a hierarchy. */
interface Found {
  readonly v3?: Fields;
  readonly v2?: Fields;
  readonly group2: boolean;
}

async function documents(store: KeyStore, prefix: string, signal?: AbortSignal): Promise<Found> {
  const of = async (name: string): Promise<Fields | undefined> => {
    const text = await store.document(prefix + name, signal);
    return text === undefined ? undefined : parseDocument(text, store.address(prefix + name));
  };
  const [v3, v2] = await Promise.all([of('zarr.json'), of('.zarray')]);
  const group2 = v3 === undefined && v2 === undefined && (await of('.zgroup')) !== undefined;
  return { v3, v2, group2 };
}

const isGroup = (v3: Fields): boolean => v3.oneOf('node_type', 'array', 'group') === 'group';

async function metadataOf(store: KeyStore, prefix: string, signal?: AbortSignal): Promise<ZarrMetadata> {
  const { v3, v2, group2 } = await documents(store, prefix, signal);
  const name = store.locate(prefix);
  if (group2 || (v3 !== undefined && isGroup(v3))) {
    const nodes = await listIn(store, signal).catch(() => []); // only for the message
    const names = nodes.flatMap(({ kind, path }) => (kind === 'array' ? [path] : []));
    throw new ArgumentError(
      `${name} is a group of arrays`,
      names.length === 0
        ? 'name one of them: { path }, or store.zarr#path where a location is asked for'
        : `name one of them: { path: '${names.slice(0, 8).join("' } or { path: '")}' }`,
      { location: name, arrays: names },
    );
  }
  if (v3 !== undefined) return parseV3(v3);
  if (v2 !== undefined) {
    const text = await store.document(`${prefix}.zattrs`, signal);
    return parseV2(v2, text === undefined ? {} : parseDocument(text, store.address(`${prefix}.zattrs`)).of);
  }
  throw new FormatError(
    `${name} holds no Zarr array: there is neither zarr.json nor .zarray`,
    'see whether the location is right; arrays inside a hierarchy are named by { path }',
    { location: name },
  );
}

/** @internal The same with what removes it, for stores that are made here. */
export async function openZarrIn(
  store: KeyStore,
  prefix: string,
  writes: boolean,
  signal?: AbortSignal,
  remove?: () => Promise<void>,
): Promise<ZarrArray> {
  const meta = await metadataOf(store, prefix, signal);
  if (writes && meta.sharding !== undefined) {
    const fix = 'write an array without shards, and pack it with another program';
    throw new ArgumentError(`${store.locate(prefix)}: shards are read, not written`, fix, {
      shards: meta.sharding.shard,
    });
  }
  return new ZarrArray(meta, store, prefix, writes, remove);
}

/**
 * A Zarr array of version 2 or 3, in a directory or on an HTTP server, to be read (and with mode 'r+' written) by
 * rectangle. Nothing of it is in memory until it is read.
 * @throws FormatError for documents that are damaged, hostile or need what there is not, DTypeError for elements of other
 *   types, ArgumentError for a group, TransferError for answers of a server, and the system's own errors.
 * @example const t = await np.zarr.open('https://example.org/runs.zarr', { path: 'temperature' })
 * @see https://zarr.dev
 */
export function openZarr(
  location: FilePath,
  options: ZarrOpenOptions & { readonly mode: 'r+' },
): Promise<WritableZarrArray>;
export function openZarr(location: FilePath, options?: ZarrOpenOptions): Promise<ZarrArray>;
export async function openZarr(location: FilePath, options: ZarrOpenOptions = {}): Promise<ZarrArray> {
  const where = 'zarr.open';
  openOptions.check(options, where);
  const { path = '', mode = 'r', signal } = options;
  const store = keyStore(location, options, where);
  const writes = mode === 'r+';
  if (writes && store.put === undefined) {
    throw new ArgumentError(
      `${where}: ${store.name} cannot be written`,
      "leave out mode 'r+', or copy it to a directory",
      {
        location: store.name,
      },
    );
  }
  const prefix = pathParts(path, where)
    .map((part) => `${part}/`)
    .join('');
  return openZarrIn(store, prefix, writes, signal);
}

/** Deeper and longer hierarchies are hostile, or no hierarchies. */
const DEEPEST = 32;
const MOST = 100_000;

/** What is consolidated in the root's documents, which is all that a server tells. */
async function consolidated(store: KeyStore, signal?: AbortSignal): Promise<ZarrNode[] | undefined> {
  const { v3 } = await documents(store, '', signal);
  if (v3 !== undefined) {
    if (!isGroup(v3)) return [{ path: '', kind: 'array', version: 3 }];
    const all = v3.optional('consolidated_metadata').optional('metadata');
    const nodes = Object.keys(all.of).map((path): ZarrNode => {
      return { path, kind: all.object(path).oneOf('node_type', 'array', 'group'), version: 3 };
    });
    return nodes.length === 0 ? undefined : [{ path: '', kind: 'group', version: 3 }, ...nodes];
  }
  const text = await store.document('.zmetadata', signal);
  if (text === undefined) return undefined;
  const { of } = parseDocument(text, store.address('.zmetadata')).object('metadata');
  return Object.keys(of).flatMap((key): ZarrNode[] => {
    const [, path = '', name] = /^(?:(.*)\/)?\.(zarray|zgroup)$/.exec(key) ?? [];
    return name === undefined ? [] : [{ path, kind: name === 'zarray' ? 'array' : 'group', version: 2 }];
  });
}

async function listIn(store: KeyStore, signal?: AbortSignal): Promise<ZarrNode[]> {
  const nodes: ZarrNode[] = [];
  const walk = async (prefix: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    const entries = (await store.list(prefix)) ?? [];
    const names = new Set(entries.map((entry) => entry.name));
    const path = prefix.slice(0, -1);
    const v3 = names.has('zarr.json') ? await store.document(`${prefix}zarr.json`, signal) : undefined;
    if (v3 !== undefined) {
      const group = isGroup(parseDocument(v3, store.address(`${prefix}zarr.json`)));
      nodes.push({ path, kind: group ? 'group' : 'array', version: 3 });
      if (!group) return;
    } else if (names.has('.zarray')) {
      nodes.push({ path, kind: 'array', version: 2 });
      return;
    } else if (names.has('.zgroup')) nodes.push({ path, kind: 'group', version: 2 });
    else if (depth > 0) return;
    if (depth === DEEPEST || nodes.length > MOST) {
      throw damaged(store.address(path), `the hierarchy is deeper than ${DEEPEST} or has more than ${MOST} members`);
    }
    for (const { name, directory } of entries) if (directory) await walk(`${prefix}${name}/`, depth + 1);
  };
  await walk('', 0);
  if (nodes.length > 0) return nodes.sort((a, b) => (a.path < b.path ? -1 : 1));
  const known = await consolidated(store, signal);
  if (known !== undefined) return known;
  throw new FormatError(
    `${store.name}: there is no hierarchy of Zarr arrays, or none that can be listed`,
    'see whether the location is right; servers list only hierarchies with consolidated metadata',
    { location: store.name },
  );
}

/**
 * Arrays and groups of a hierarchy, by path. On a server: those that its consolidated metadata names.
 * @throws FormatError where there are none, or they cannot be listed.
 * @example const nodes = await np.zarr.list('runs.zarr')
 */
export async function listZarr(location: FilePath, options: ZarrAccess = {}): Promise<ZarrNode[]> {
  listOptions.check(options, 'zarr.list');
  return listIn(keyStore(location, options, 'zarr.list'), options.signal);
}
