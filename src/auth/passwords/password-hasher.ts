import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { ApiError } from '../../common/errors/api-error.js';

/** Kibibytes, passes and lanes; the algorithm is argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Each takes 19 MiB and a core. */
const AT_ONCE = 4;
const MOST_WAITING = 64;
const RETRY_AFTER_MS = 2_000;

/** Of a random password that nobody knows; at the same cost as every other. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$GudvqmZJKgFq+9R98Z8yhQ$N6mEEpqZlcIxiPquooUl/SMWfvS5voCMC30yzcwoFl8';

/** Hashes passwords, four at a time; both methods throw `overloaded` when too many wait. */
@Injectable()
export class PasswordHasher {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** In argon2's own text form, with its salt and cost. */
  async hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, COST));
  }

  /** Takes as long for `null`, which no password matches. */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const isSame = await this.#inTurn(() => verify(stored ?? NOBODYS_HASH, password));
    return isSame && stored !== null;
  }

  /** Throws `overloaded` when the next one would be refused, before anything else was done for it. */
  refuseWhenFull(): void {
    if (this.#running < AT_ONCE || this.#waiting.length < MOST_WAITING) return;
    throw new ApiError('overloaded', 'Too many people sign in at this moment.', {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.refuseWhenFull();
    if (this.#running < AT_ONCE) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // The turn is handed on, so that nobody who comes now is before those who wait.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
