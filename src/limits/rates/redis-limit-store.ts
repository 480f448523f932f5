import { Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import { costOf, type Limit } from './limit.js';
import type { LimitStore, Shortage, Standing, Ticket } from './limit-store.js';
import type { MemoryLimitStore } from './memory-limit-store.js';
import { RedisLimitsClient } from './redis-limits-client.js';

/** One hash tag, so that a cluster keeps all of them in one place, where a script may touch them. */
const PREFIX = '{llm-proxy:limits}:';
const PROCESSES = `${PREFIX}processes`;

/** How often the slots of this process are said again; it also shows whether Redis answers. */
const RENEW_EVERY_MS = 1_000;

/** Numbers in the answer for each limit. */
const PER_LIMIT = 4;

export interface RedisLimitStoreOptions {
  readonly url: string;
  readonly processId: string;
  /** Decides while Redis does not answer; knows what this process has taken through Redis too. */
  readonly local: MemoryLimitStore;
}

/**
 * Counts in Redis, with all processes that use it. While Redis does not answer, this process holds
 * to its share of the limits, in which what it took through Redis counts.
 */
export class RedisLimitStore implements LimitStore {
  readonly freed = new Subject<void>();
  readonly #logger = new Logger(RedisLimitStore.name);
  readonly #client: RedisLimitsClient;
  readonly #processId: string;
  readonly #local: MemoryLimitStore;
  readonly #timer: NodeJS.Timeout;
  readonly #first = Promise.withResolvers<void>();
  /** Limits whose slots Redis may know otherwise than this process, by what was lost on the way. */
  #touched = new Set<string>();
  /** Limits of slots that Redis was asked for and has not answered yet, and how often. */
  readonly #awaited = new Map<string, number>();
  #isWorking = false;
  #told: boolean | undefined;
  #isClosed = false;

  constructor({ url, processId, local }: RedisLimitStoreOptions) {
    this.#processId = processId;
    this.#local = local;
    local.freed.subscribe(this.freed);
    this.#client = new RedisLimitsClient(url, {
      ready: () => void this.#renew(),
      lost: (error) => this.#setWorking(false, error),
    });
    this.#timer = setInterval(() => void this.#renew(), RENEW_EVERY_MS).unref();
  }

  /** Resolves when it is known whether Redis answers. */
  get opened(): Promise<void> {
    return this.#first.promise;
  }

  get heldSlots(): number {
    return this.#local.heldSlots;
  }

  take(limits: readonly Limit[], tokens: number): Ticket | Shortage | Promise<Ticket | Shortage> {
    if (!this.#isWorking) return this.#local.take(limits, tokens);
    return this.#take(limits, tokens);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#client.close();
    await this.#local.close();
  }

  async #take(limits: readonly Limit[], tokens: number): Promise<Ticket | Shortage> {
    this.#await(limits, 1);
    let answer: number[];
    try {
      answer = await this.#client.take(
        [PROCESSES, ...limits.map(keyOf)],
        [
          this.#processId,
          ...limits.flatMap((limit) => [letterOf(limit), limit.most, costOf(limit, tokens)]),
        ],
      );
    } catch (error) {
      this.#setWorking(false, error);
      return this.#local.take(limits, tokens);
    } finally {
      this.#await(limits, -1);
    }
    const standings = limits.map((limit, index): Standing => {
      const [remaining = 0, waitMs = 0, isShort] = answer.slice(1 + index * PER_LIMIT);
      return {
        limit,
        remaining,
        isShort: isShort === 1,
        waitMs: waitMs < 0 ? Number.POSITIVE_INFINITY : waitMs,
      };
    });
    if (answer[0] !== 1) return { isTaken: false, standings };
    const slots = limits.map((_, index) => answer[(index + 1) * PER_LIMIT] ?? 0);
    return this.#ticket(standings, slots, this.#local.force(limits, tokens), tokens);
  }

  #ticket(standings: readonly Standing[], slots: number[], own: Ticket, tokens: number): Ticket {
    let isCounted = false;
    let isReleased = false;
    const giveBack = (amountOf: (limit: Limit) => number): void => {
      const back = standings.flatMap(({ limit }, index) => {
        const amount = amountOf(limit);
        return amount === 0 ? [] : [{ limit, amount, slot: slots[index] ?? 0 }];
      });
      if (back.length > 0) this.#giveBack(back);
    };
    const used = (amount: number): void => {
      if (isCounted) return;
      isCounted = true;
      giveBack(({ kind }) => (kind === 'tokens' ? amount - tokens : 0));
      own.used(amount);
      if (amount < tokens) this.freed.next();
    };
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      giveBack(({ kind }) => (kind === 'slots' ? -1 : 0));
      own.release();
      if (standings.some(({ limit }) => limit.kind === 'slots')) this.freed.next();
    };
    const undo = (): void => {
      if (!isCounted) giveBack((limit) => (limit.kind === 'slots' ? 0 : -costOf(limit, tokens)));
      isCounted = true;
      release();
      own.undo();
      this.freed.next();
    };
    return { isTaken: true, standings, used, release, undo };
  }

  /** Sent in order, so that a request that is let in by it finds it done. What is lost: windows pass, slots are renewed. */
  #giveBack(back: readonly { limit: Limit; amount: number; slot: number }[]): void {
    this.#client
      .giveBack(
        back.map(({ limit }) => keyOf(limit)),
        [
          this.#processId,
          ...back.flatMap(({ limit, amount, slot }) => [letterOf(limit), slot, amount]),
        ],
      )
      .catch((error: unknown) => this.#setWorking(false, error));
  }

  #await(limits: readonly Limit[], difference: 1 | -1): void {
    for (const { id, kind } of limits) {
      if (kind !== 'slots') continue;
      const count = (this.#awaited.get(id) ?? 0) + difference;
      if (count === 0) this.#awaited.delete(id);
      else this.#awaited.set(id, count);
      this.#touched.add(id);
    }
  }

  async #renew(): Promise<void> {
    const { held } = this.#local;
    const ids = [...new Set([...held.keys(), ...this.#touched])];
    const counts = ids.map((id) => (this.#awaited.has(id) ? -1 : (held.get(id) ?? 0)));
    this.#touched = new Set([...held.keys(), ...this.#awaited.keys()]);
    try {
      await this.#client.renew(
        [PROCESSES, ...ids.map((id) => PREFIX + id)],
        [this.#processId, ...counts],
      );
      this.#setWorking(true);
    } catch (error) {
      for (const id of ids) this.#touched.add(id);
      this.#setWorking(false, error);
    }
  }

  #setWorking(isWorking: boolean, error?: unknown): void {
    this.#isWorking = isWorking;
    this.#first.resolve();
    if (this.#isClosed || isWorking === this.#told) return;
    const before = this.#told;
    this.#told = isWorking;
    if (!isWorking) {
      const reason = (error as { code?: string } | undefined)?.code ?? 'no answer';
      this.#logger.warn(
        `Redis does not answer (${reason}): limits hold as a share of this process until it does.`,
      );
    } else if (before === false) {
      this.#logger.log('Redis is back: limits are counted over all processes again.');
      this.freed.next();
    }
  }
}

function keyOf({ id }: Limit): string {
  return PREFIX + id;
}

function letterOf({ kind }: Limit): 'w' | 's' {
  return kind === 'slots' ? 's' : 'w';
}
