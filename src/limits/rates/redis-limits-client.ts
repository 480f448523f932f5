import { Redis, type RedisOptions } from 'ioredis';
import { GIVE_BACK, RENEW, TAKE } from './redis-limit-scripts.js';

const ANSWER_WITHIN_MS = 100;

const OPTIONS: RedisOptions = {
  // A silent connection is replaced; how long a command may take is watched below.
  socketTimeout: 500,
  connectTimeout: 1_000,
  disconnectTimeout: 100,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 500),
};

type Arguments = readonly (string | number)[];

/** A command that ioredis makes of a script: how many keys, the keys, then the arguments. */
type Script = (keyCount: number, ...rest: Arguments) => Promise<unknown>;

type ScriptedRedis = Redis & Record<'takeLimits' | 'giveBackLimits' | 'renewLimits', Script>;

export interface RedisLimitsListener {
  ready(): void;
  lost(error?: unknown): void;
}

/** A connection of the limits' own, whose commands answer within 100 ms or fail. */
export class RedisLimitsClient {
  readonly #redis: ScriptedRedis;

  constructor(url: string, listener: RedisLimitsListener) {
    this.#redis = new Redis(url, {
      ...OPTIONS,
      scripts: {
        takeLimits: { lua: TAKE },
        giveBackLimits: { lua: GIVE_BACK },
        renewLimits: { lua: RENEW },
      },
    }) as ScriptedRedis;
    this.#redis.on('ready', () => listener.ready());
    // Without a listener ioredis prints every attempt to connect.
    this.#redis.on('error', (error: unknown) => listener.lost(error));
    this.#redis.on('close', () => listener.lost());
  }

  async take(keys: readonly string[], parameters: Arguments): Promise<number[]> {
    return (await inTime(this.#redis.takeLimits(keys.length, ...keys, ...parameters))) as number[];
  }

  async giveBack(keys: readonly string[], parameters: Arguments): Promise<void> {
    await inTime(this.#redis.giveBackLimits(keys.length, ...keys, ...parameters));
  }

  async renew(keys: readonly string[], parameters: Arguments): Promise<void> {
    await inTime(this.#redis.renewLimits(keys.length, ...keys, ...parameters));
  }

  close(): void {
    this.#redis.disconnect();
  }
}

/**
 * Fails after 100 ms. An answer that has arrived while this process was busy is read first: a
 * delay of our own is no fault of Redis.
 */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      setImmediate(() => reject(new Error('Redis did not answer in time.')));
    }, ANSWER_WITHIN_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
