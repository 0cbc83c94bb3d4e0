// Which failures of reading may be gone when it is tried again: a busy disk, a connection that broke, a server that is
// overloaded. Not the trying: who runs many reads knows how often and how long.

import { OrthantError } from '../base/errors.ts';

/** Codes of the system and of the engine's HTTP client. */
const codes = new Set([
  ...['EIO', 'EAGAIN', 'EBUSY', 'EINTR', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT', 'ECONNRESET', 'ECONNREFUSED'],
  ...['ECONNABORTED', 'EPIPE', 'ENETDOWN', 'ENETRESET', 'ENETUNREACH', 'EHOSTUNREACH', 'EHOSTDOWN', 'EAI_AGAIN'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET'],
]);

/** Answers that ask for patience: request timeout, too early, too many requests, and what the server blames itself for. */
const isPatient = (status: unknown): boolean =>
  typeof status === 'number' && (status === 408 || status === 425 || status === 429 || status >= 500);

/**
 * Whether the same read may succeed when it is tried again. Damaged data, missing files and refusals never do.
 * @example isTransient(Object.assign(new Error('read'), { code: 'EIO' })) // true
 */
export function isTransient(error: unknown): boolean {
  for (let it = error, depth = 0; it instanceof Error && depth < 8; it = it.cause, depth++) {
    if ('code' in it && typeof it.code === 'string' && codes.has(it.code)) return true;
    if (it instanceof OrthantError && (isPatient(it.facts.status) || it.facts.timeout !== undefined)) return true;
  }
  return false;
}
