import { Readable } from 'node:stream';
import { Pool, type Dispatcher } from 'undici';
import { ProviderError } from '../contract/provider-error.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import type { StreamedBody } from '../contract/relay.js';
import type { BreakerSharing } from './breaker-share.js';
import { Breakers } from './breakers.js';
import type { GuardedDialer } from './guarded-dialer.js';
import { KeyRing } from './key-ring.js';
import { RequestHeaders } from './request-headers.js';

/** Longer than most vendors keep a connection themselves; a `keep-alive` hint of theirs wins. */
const KEEP_ALIVE_MS = 30_000;
const MAX_RESPONSE_HEADERS = 64 * 1024;

/** Connections that are open, and those of them that do nothing; calls that wait for one, or have one. */
export interface PoolState {
  readonly connected: number;
  readonly free: number;
  readonly pending: number;
  readonly running: number;
}

/** What all calls of one instance share: connections, breakers and keys. */
export class Channel {
  readonly breakers: Breakers;
  readonly keys: KeyRing;
  readonly headers: RequestHeaders;
  readonly #pool: Pool;
  /** The base URL's path, without trailing slash. */
  readonly #basePath: string;
  #inFlight = 0;
  #idle: PromiseWithResolvers<void> | undefined;
  #closed = false;

  constructor(
    readonly instance: ProviderInstance,
    dialer: GuardedDialer,
    sharing?: BreakerSharing,
  ) {
    const url = new URL(instance.baseUrl);
    this.#basePath = url.pathname.replace(/\/+$/, '');
    this.breakers = new Breakers(instance, sharing);
    this.keys = new KeyRing(instance);
    this.headers = new RequestHeaders(instance, this.keys);
    this.#pool = new Pool(url.origin, {
      connections: instance.maxConnections,
      connect: instance.isGuarded
        ? dialer.connectOptions(url, instance.timeouts.connectMs)
        : { timeout: instance.timeouts.connectMs },
      // One call per connection: pausing or aborting one never touches another.
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_RESPONSE_HEADERS,
      // Each call has a timer of its own that knows about all four limits.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  get poolState(): PoolState {
    const { connected, free, pending, running } = this.#pool.stats;
    return { connected, free, pending, running };
  }

  /** A call begins. Throws a `ProviderError` when the channel is closed. */
  enter(): void {
    if (this.#closed) throw new ProviderError('unavailable', 'The provider was removed');
    this.#inFlight += 1;
  }

  leave(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#idle?.resolve();
  }

  dispatch(
    options: {
      method: string;
      path: string;
      headers: readonly string[];
      body?: string | StreamedBody | undefined;
    },
    handler: Dispatcher.DispatchHandler,
  ): void {
    const { body } = options;
    this.#pool.dispatch(
      {
        method: options.method,
        path: this.#basePath + options.path,
        headers: options.headers as string[],
        body: typeof body === 'object' ? Readable.from(body.read(), { objectMode: false }) : body,
      },
      handler,
    );
  }

  /** Waits for the calls in flight, those included that begin while it waits. */
  async close(): Promise<void> {
    while (this.#inFlight > 0) {
      this.#idle ??= Promise.withResolvers<void>();
      await this.#idle.promise;
      this.#idle = undefined;
    }
    if (this.#closed) return;
    this.#closed = true;
    this.breakers.close();
    await this.#pool.close();
  }

  /** Cuts the calls in flight. */
  async destroy(): Promise<void> {
    this.#closed = true;
    this.breakers.close();
    await this.#pool.destroy();
  }
}
