// Who may read the monitor: a token, where one was set, as a header, in the address or as the session that follows from
// it; and the name by which the server is asked, so that a page elsewhere cannot reach it by a DNS name of its own that
// leads to loopback. Everything is read-only, so there is nothing to forge.
// Source: https://owasp.org/www-community/attacks/DNS_Rebinding.

type Crypto = typeof import('node:crypto');

export interface AccessOptions {
  readonly token: string | undefined;
  /** What the server was bound to, as given and as it came out. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** What a request says of itself. */
export interface Credentials {
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** The token in the address. */
  readonly query: string | null;
}

/** Addresses and names of this very machine. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\]|::ffff:127(?:\.\d{1,3}){3})$/i.test(host);

/** The name in a Host header, without the port. */
export const hostName = (host: string): string => /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(host)?.[1]?.toLowerCase() ?? '';

export class Access {
  readonly #crypto: Crypto;
  readonly #options: AccessOptions;
  /** What the cookie of a browser that knew the token says. */
  readonly #session: string;

  constructor(crypto: Crypto, options: AccessOptions) {
    this.#crypto = crypto;
    this.#options = options;
    this.#session = crypto.randomBytes(32).toString('base64url');
  }

  /** The server is called by a name that is its own. A machine that the network reaches has names that it does not know. */
  knows({ host }: Credentials): boolean {
    if (host === undefined) return false;
    const { address, host: given } = this.#options;
    if (!isLoopback(address)) return true; // there is a token
    const name = hostName(host);
    return isLoopback(name) || name === given.toLowerCase();
  }

  /** Whether the request may see anything, and whether it brought the token in its address. */
  admits({ authorization, cookie, query }: Credentials): { readonly admitted: boolean; readonly byQuery: boolean } {
    const { token } = this.#options;
    if (token === undefined) return { admitted: true, byQuery: false };
    const byQuery = query !== null && this.#same(query, token);
    const [, bearer] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    const byHeader = bearer !== undefined && this.#same(bearer, token);
    const given = this.#cookieIn(cookie ?? '');
    return { admitted: byQuery || byHeader || (given !== undefined && this.#same(given, this.#session)), byQuery };
  }

  // Cookies are shared by all ports of a host, so the port is part of the name.
  get #cookieName(): string {
    return `orthant_monitor_${this.#options.port}`;
  }

  #cookieIn(header: string): string | undefined {
    for (const part of header.split(';')) {
      const [name, value] = part.split('=', 2);
      if (name.trim() === this.#cookieName) return value?.trim();
    }
    return undefined;
  }

  /** The header that makes a browser remember. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Takes as long for nearly right as for wrong. */
  #same(given: string, wanted: string): boolean {
    const digest = (text: string): Uint8Array => this.#crypto.createHash('sha256').update(text).digest();
    return this.#crypto.timingSafeEqual(digest(given), digest(wanted));
  }
}
