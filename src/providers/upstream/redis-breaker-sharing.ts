import { Redis, type RedisOptions } from 'ioredis';
import type { Subscription } from 'rxjs';
import type { EventBus } from '../../database/event-bus.js';
import type { BreakerShare, BreakerSharing, SharedBreaker } from './breaker-share.js';

const TOPIC = 'breaker ';
/** A process that dies while it probes stops the others for no longer than this. */
const CLAIM_MS = 5_000;
const RENEW_EVERY_MS = 1_500;
/** The claim outlives the probe by this, so that its outcome is heard before anybody probes anew. */
const LINGER_MS = 200;

/** Takes the claim, or keeps the one it has. */
const CLAIM = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0`;

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`;

const OPTIONS: RedisOptions = {
  commandTimeout: 100,
  socketTimeout: 1_000,
  connectTimeout: 1_000,
  disconnectTimeout: 100,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 500),
};

type ScriptedRedis = Redis &
  Record<'claimProbe' | 'releaseProbe', (...rest: (string | number)[]) => Promise<unknown>>;

interface Message {
  readonly from: string;
  readonly upstream: string;
  /** Milliseconds from now, because clocks differ; 0 for closed. */
  readonly openMs: number;
}

/**
 * The breakers of all processes through Redis: changes of state by the event bus, the right to
 * probe by a claim that expires. While Redis is away each process stands for itself.
 */
export class RedisBreakerSharing implements BreakerSharing {
  readonly #bus: EventBus;
  readonly #processId: string;
  readonly #redis: ScriptedRedis;
  readonly #breakers = new Map<string, Set<SharedBreaker>>();
  /** What was heard of upstreams, for breakers that are made later. Times of `performance.now()`. */
  readonly #openUntil = new Map<string, number>();
  readonly #messages: Subscription;

  constructor(options: { url: string; bus: EventBus; processId: string }) {
    this.#bus = options.bus;
    this.#processId = options.processId;
    this.#redis = new Redis(options.url, {
      ...OPTIONS,
      scripts: {
        claimProbe: { lua: CLAIM, numberOfKeys: 1 },
        releaseProbe: { lua: RELEASE, numberOfKeys: 1 },
      },
    }) as ScriptedRedis;
    // The event bus, which uses the same Redis, says when it is away.
    this.#redis.on('error', () => undefined);
    this.#messages = this.#bus.topics.subscribe((topic) => {
      if (topic.startsWith(TOPIC)) this.#hear(topic.slice(TOPIC.length));
    });
  }

  join(upstream: string, breaker: SharedBreaker): BreakerShare {
    const breakers = this.#breakers.get(upstream) ?? new Set();
    this.#breakers.set(upstream, breakers.add(breaker));
    const openMs = (this.#openUntil.get(upstream) ?? 0) - performance.now();
    if (openMs > 0) breaker.openedElsewhere(openMs);
    return new RedisBreakerShare({
      tell: (forMs) => this.#tell(upstream, forMs),
      claim: () => this.#redis.claimProbe(keyOf(upstream), this.#processId, CLAIM_MS),
      release: () => this.#redis.releaseProbe(keyOf(upstream), this.#processId, LINGER_MS),
    });
  }

  leave(upstream: string, breaker: SharedBreaker): void {
    const breakers = this.#breakers.get(upstream);
    breakers?.delete(breaker);
    if (breakers?.size === 0) this.#breakers.delete(upstream);
  }

  /** Called by Nest when the application ends. */
  onApplicationShutdown(): void {
    this.#messages.unsubscribe();
    this.#redis.disconnect();
  }

  #tell(upstream: string, openMs: number): void {
    const message: Message = { from: this.#processId, upstream, openMs };
    this.#bus.publish(TOPIC + JSON.stringify(message));
  }

  #hear(text: string): void {
    const { from, upstream, openMs } = JSON.parse(text) as Message;
    if (from === this.#processId) return;
    this.#remember(upstream, openMs);
    for (const breaker of this.#breakers.get(upstream) ?? []) {
      if (openMs > 0) breaker.openedElsewhere(openMs);
      else breaker.closedElsewhere();
    }
  }

  #remember(upstream: string, openMs: number): void {
    const now = performance.now();
    for (const [known, until] of this.#openUntil) {
      if (until <= now) this.#openUntil.delete(known);
    }
    if (openMs > 0) this.#openUntil.set(upstream, now + openMs);
    else this.#openUntil.delete(upstream);
  }
}

interface Line {
  tell(openMs: number): void;
  claim(): Promise<unknown>;
  release(): Promise<unknown>;
}

class RedisBreakerShare implements BreakerShare {
  readonly #line: Line;
  #renewing: NodeJS.Timeout | undefined;

  constructor(line: Line) {
    this.#line = line;
  }

  async claimProbe(): Promise<boolean> {
    try {
      if ((await this.#line.claim()) !== 1) return false;
    } catch {
      // Redis is away, and not to probe would mean never to close again.
      return true;
    }
    clearInterval(this.#renewing);
    this.#renewing = setInterval(() => {
      this.#line.claim().catch(() => undefined);
    }, RENEW_EVERY_MS);
    this.#renewing.unref();
    return true;
  }

  releaseProbe(): void {
    clearInterval(this.#renewing);
    this.#renewing = undefined;
    this.#line.release().catch(() => undefined);
  }

  opened(forMs: number): void {
    this.#line.tell(forMs);
  }

  closed(): void {
    this.#line.tell(0);
  }
}

function keyOf(upstream: string): string {
  return `llm-proxy:probe:${upstream}`;
}
