import type { ModelAddress } from '../../catalog/model-address.js';
import type { ApiError } from '../../common/errors/api-error.js';
import type { TokenUsage } from '../../providers/contract/token-usage.js';

/** Undefined when it could be done. */
export type Moved = ApiError | undefined;

/** Whom a request is sent to, and what that vendor does beyond what is asked of it. */
export interface SpendTarget extends ModelAddress {
  /** Output tokens per answer on top of the maximum that the caller allows; absent for none. */
  readonly thinkingTokens?: number | undefined;
}

/** Money set aside for one request, in every budget that it counts in. */
export interface Hold {
  /** Admission, in milliseconds since the epoch: the period that the cost belongs to. */
  readonly at: number | undefined;
  /** Null where no budget concerns the request. */
  readonly reservedNanoUsd: number | null;
  /**
   * Output tokens, over all choices, that the held money pays for; absent where nothing is held, or
   * where an answer of which all is seen is held for while it runs.
   */
  readonly paidOutputTokens?: number | undefined;
  /** Without being told, the vendor may write more than that. */
  readonly isShort?: boolean;
  /**
   * Moves the money to the budgets and the price of another target. Gives what a client is to be
   * told where they do not have it.
   */
  moveTo(target: SpendTarget): Moved | Promise<Moved>;
  /**
   * A piece of a streamed answer is about to go to the client. Undefined when it is paid for; else
   * a promise that says when it is, and rejects with `ApiError` when the money is gone.
   */
  relaying(characters: number): Promise<void> | undefined;
  /** The usage of a broken answer: an estimate is not larger than what the answer was let through for. */
  bounded(usage: TokenUsage): TokenUsage;
  /** The vendor's own count of a whole answer. */
  learn(usage: TokenUsage): void;
  /** Sets the money free; what the request cost counts from now on. Exactly once; never throws. */
  settle(costNanoUsd: number | null): void;
}

export const NOTHING_HELD: Hold = {
  at: undefined,
  reservedNanoUsd: null,
  moveTo: () => undefined,
  relaying: () => undefined,
  bounded: (usage) => usage,
  learn: () => undefined,
  settle: () => undefined,
};
