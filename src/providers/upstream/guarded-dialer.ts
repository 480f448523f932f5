import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify, promisify } from 'node:util';
import { type buildConnector, Client } from 'undici';
import { isPublicAddress } from '../../common/net/is-public-address.js';

const MAX_RESPONSE_HEADERS = 64 * 1024;

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export const resolveHostName: Resolve = async (hostname) =>
  promisify(lookup)(hostname, { all: true });

/** A place that may not be called, or that has no address. */
export class ClosedAddressError extends Error {
  override readonly name = 'ClosedAddressError';
}

/** As undici takes them: how connections of one origin are opened. */
export type ConnectOptions = buildConnector.BuildOptions | buildConnector.connector;

/**
 * Opens connections that others than the operator choose the place of. A host name is resolved once, for the
 * connection itself, so that what was checked is what is connected to; one closed address among
 * several closes the name.
 */
export class GuardedDialer {
  /** @param allowed hosts as `host:port` that may be private and need no TLS */
  constructor(
    private readonly allowed: ReadonlySet<string>,
    private readonly resolve: Resolve = resolveHostName,
  ) {}

  isAllowed(url: URL): boolean {
    return this.allowed.has(`${url.hostname}:${url.port || (url.protocol === 'http:' ? 80 : 443)}`);
  }

  /**
   * A client of the URL's origin, for one exchange. Nothing is connected yet; a closed host name
   * shows when it is. Throws a `ClosedAddressError` for a closed address that is in the URL itself.
   */
  dial(url: URL, timeoutMs: number): Client {
    const isAllowed = this.isAllowed(url);
    if (!isAllowed && isClosedLiteral(url)) throw closed();
    return new Client(url.origin, {
      connect: { timeout: timeoutMs, lookup: this.#lookup(isAllowed) },
      allowH2: false,
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxHeaderSize: MAX_RESPONSE_HEADERS,
    });
  }

  /**
   * Whether the URL may be called and leads somewhere: over TLS and to public addresses, unless it
   * is allowed by name. Rejects with a `ClosedAddressError`.
   */
  async check(url: URL): Promise<void> {
    const isAllowed = this.isAllowed(url);
    if (!isAllowed && isClosed(url)) throw closed();
    if (isIP(literalOf(url)) !== 0) return;
    try {
      await this.#open(url.hostname, isAllowed);
    } catch (error) {
      throw closed(error);
    }
  }

  /** For a pool of the URL's origin, each connection of which is checked anew. */
  connectOptions(url: URL, timeoutMs: number): ConnectOptions {
    const isAllowed = this.isAllowed(url);
    if (!isAllowed && isClosed(url)) return (_options, callback) => callback(closed(), null);
    return { timeout: timeoutMs, lookup: this.#lookup(isAllowed) };
  }

  #lookup(isAllowed: boolean): LookupFunction {
    const open = callbackify((hostname: string) => this.#open(hostname, isAllowed));
    return (hostname, options, callback) => {
      open(hostname, (error, addresses) => {
        if (error) callback(error, '');
        else if (options.all) callback(null, addresses);
        else callback(null, addresses[0].address, addresses[0].family);
      });
    };
  }

  async #open(hostname: string, isAllowed: boolean): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...rest] = await this.resolve(hostname);
    if (first === undefined) throw closed();
    const addresses: [LookupAddress, ...LookupAddress[]] = [first, ...rest];
    if (isAllowed || addresses.every(({ address }) => isPublicAddress(address))) return addresses;
    throw closed();
  }
}

/** Plain HTTP, or an address in the URL itself that is not public. */
function isClosed(url: URL): boolean {
  return url.protocol !== 'https:' || isClosedLiteral(url);
}

function isClosedLiteral(url: URL): boolean {
  const literal = literalOf(url);
  return isIP(literal) !== 0 && !isPublicAddress(literal);
}

function literalOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function closed(cause?: unknown): ClosedAddressError {
  return new ClosedAddressError(
    'The address is not one of the public internet',
    cause === undefined ? undefined : { cause },
  );
}
