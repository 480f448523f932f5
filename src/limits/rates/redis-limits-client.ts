import { Redis, type RedisOptions } from 'ioredis';
import { GIVE_BACK, RENEW, TAKE } from './redis-limit-scripts.js';

const LOOK_EVERY_MS = 20;
/** Together 100 ms, the first of which may already have been under way. */
const SILENT_LOOKS = 4;

const OPTIONS: RedisOptions = {
  // A silent connection is replaced; how long a command may take is watched below.
  socketTimeout: 1_000,
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

/** A connection of the limits' own, whose commands fail when Redis says nothing for 100 ms. */
export class RedisLimitsClient {
  readonly #redis: ScriptedRedis;
  /** Who waits for an answer, in the order of the commands. */
  readonly #waiting = new Set<(error: Error) => void>();
  #silentLooks = 0;
  #timer: NodeJS.Timeout | undefined;

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
    const answer = this.#redis.takeLimits(keys.length, ...keys, ...parameters);
    return (await this.#inTime(answer)) as number[];
  }

  async giveBack(keys: readonly string[], parameters: Arguments): Promise<void> {
    await this.#inTime(this.#redis.giveBackLimits(keys.length, ...keys, ...parameters));
  }

  async renew(keys: readonly string[], parameters: Arguments): Promise<void> {
    await this.#inTime(this.#redis.renewLimits(keys.length, ...keys, ...parameters));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#redis.disconnect();
  }

  /** Fails when Redis has answered nothing for 100 ms, to this or to what was asked before it. */
  #inTime<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) this.#silentLooks = 0;
      this.#waiting.add(reject);
      this.#timer ??= setTimeout(this.#look, LOOK_EVERY_MS);
      const hear = (): void => {
        this.#waiting.delete(reject);
        this.#silentLooks = 0;
      };
      answer.finally(hear).then(resolve, reject);
    });
  }

  /** Counts looks rather than time: while this process is held up it can hear nobody. */
  readonly #look = (): void => {
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    this.#silentLooks += 1;
    if (this.#silentLooks <= SILENT_LOOKS) {
      this.#timer = setTimeout(this.#look, LOOK_EVERY_MS);
      return;
    }
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const reject of waiting) reject(new Error('Redis does not answer.'));
  };
}
