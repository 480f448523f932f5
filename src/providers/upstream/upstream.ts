import { Inject, Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { Observable } from 'rxjs';
import type { ProviderInstance } from '../contract/provider-instance.js';
import type { BreakerState } from './breaker.js';
import { BREAKER_SHARING, type BreakerSharing } from './breaker-share.js';
import type { BreakerView } from './breakers.js';
import { BytesExchange } from './bytes-exchange.js';
import { Channel, type PoolState } from './channel.js';
import { EventsExchange } from './events-exchange.js';
import { GuardedDialer } from './guarded-dialer.js';
import { JsonExchange } from './json-exchange.js';
import type { ServerSentEvent, UpstreamCall, UpstreamResponse } from './upstream-call.js';

export type { BreakerState } from './breaker.js';

/**
 * The only way out to vendors. Keeps one connection pool and one breaker per instance, puts the
 * instance's key on each call, holds it to its time-outs and turns every failure into a
 * `ProviderError`. Never retries and never follows a redirect.
 */
@Injectable()
export class Upstream implements OnApplicationShutdown {
  /** Also holds the closed ones, for as long as anybody holds their instance. */
  readonly #channels = new WeakMap<ProviderInstance, Channel>();
  readonly #open = new Set<Channel>();
  readonly #sharing: BreakerSharing | undefined;
  readonly #dialer: GuardedDialer;

  constructor(
    @Optional() @Inject(BREAKER_SHARING) sharing?: BreakerSharing,
    @Optional() @Inject(GuardedDialer) dialer = new GuardedDialer(new Set()),
  ) {
    this.#sharing = sharing;
    this.#dialer = dialer;
  }

  /** One answer, read whole. Rejects with `ProviderError`. */
  json(call: UpstreamCall): Promise<UpstreamResponse> {
    return new Promise((resolve, reject) => {
      new JsonExchange(this.#channelOf(call.target.instance), call, resolve, reject).start();
    });
  }

  /**
   * The records of a stream. Cold: nothing is sent before the subscription, and unsubscribing
   * closes the connection. Completes when the body ended cleanly and held at least one record;
   * what `[DONE]` means is the provider's business. A provider that completes with this Observable
   * rather than at `[DONE]` lets the connection be used again. Errors with `ProviderError`.
   */
  events(call: UpstreamCall): Observable<ServerSentEvent> {
    return new Observable((subscriber) => {
      const exchange = new EventsExchange(this.#channelOf(call.target.instance), call, subscriber);
      exchange.start();
      return () => exchange.cancel();
    });
  }

  /**
   * The body as it arrives, decompressed. Cold, as `events`. Errors with `ProviderError`.
   * @param began gets the headers of a 2xx answer, before its body
   */
  bytes(
    call: UpstreamCall,
    began?: (headers: UpstreamResponse['headers']) => void,
  ): Observable<Buffer> {
    return new Observable((subscriber) => {
      const channel = this.#channelOf(call.target.instance);
      const exchange = new BytesExchange(channel, call, subscriber, began);
      exchange.start();
      return () => exchange.cancel();
    });
  }

  /**
   * Waits for the calls in flight, then closes the instance's connections and breaker. Later calls
   * on that instance fail as `unavailable`.
   */
  async close(instance: ProviderInstance): Promise<void> {
    const channel = this.#channelOf(instance);
    await channel.close();
    this.#open.delete(channel);
  }

  /** `closed` for an instance that was never called or has no breaker. */
  breakerState(instance: ProviderInstance): BreakerState {
    return this.breakers(instance).state;
  }

  /** The same, model by model where the instance has a breaker for each. */
  breakers(instance: ProviderInstance): BreakerView {
    return this.#channels.get(instance)?.breakers.view ?? { state: 'closed', models: [] };
  }

  /** By hand: closes the instance's breakers, whatever state they are in. */
  resetBreaker(instance: ProviderInstance): void {
    this.#channelOf(instance).breakers.reset();
  }

  /** By hand: opens the instance's breaker for so many milliseconds, or as after failed calls. */
  openBreaker(instance: ProviderInstance, forMs?: number): void {
    this.#channelOf(instance).breakers.open(forMs);
  }

  /** Whether a call to the model would have a key that was not refused a moment ago. */
  hasUsableKey(instance: ProviderInstance, model: string): boolean {
    return this.#channelOf(instance).keys.hasUsable(model);
  }

  /** By the names of all instances that were called; of one that was replaced, old and new together. */
  pools(): ReadonlyMap<string, PoolState> {
    const pools = new Map<string, PoolState>();
    for (const { instance, poolState } of this.#open) {
      const other = pools.get(instance.name);
      pools.set(instance.name, other === undefined ? poolState : sumOf(other, poolState));
    }
    return pools;
  }

  /** Cuts what is still in flight: by now the server has let its requests finish. */
  async onApplicationShutdown(): Promise<void> {
    const channels = [...this.#open];
    this.#open.clear();
    await Promise.all(channels.map((channel) => channel.destroy()));
  }

  #channelOf(instance: ProviderInstance): Channel {
    const known = this.#channels.get(instance);
    if (known) return known;
    const channel = new Channel(instance, this.#dialer, this.#sharing);
    this.#channels.set(instance, channel);
    this.#open.add(channel);
    return channel;
  }
}

function sumOf(one: PoolState, other: PoolState): PoolState {
  return {
    connected: one.connected + other.connected,
    free: one.free + other.free,
    pending: one.pending + other.pending,
    running: one.running + other.running,
  };
}
