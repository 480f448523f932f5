import { ApiError } from '../../common/errors/api-error.js';
import { totalInput, type TokenUsage } from '../../providers/contract/token-usage.js';
import type { BudgetPool } from './budget-pool.js';
import type { Hold, Moved, SpendTarget } from './hold.js';
import type { LearnedSize } from './learned-sizes.js';
import { OutputCount } from './output-count.js';
import {
  mostTokens,
  payableAfter,
  payableTokens,
  sizeExtension,
  sizeHold,
  type AnswerSize,
} from './size-hold.js';
import type { MoneyAsk, Treasury } from './treasury.js';

/** One target, and what asking it means for budgets. */
export interface Stake {
  readonly pools: readonly BudgetPool[];
  readonly learned: LearnedSize;
  /** The size of the answer, by what is known at the moment of asking. */
  readonly size: () => AnswerSize;
}

export interface MoneyHoldParts {
  readonly at: number;
  readonly target: SpendTarget;
  readonly inputCharacters: number;
  /** Undefined where no budget concerns a target. Throws `ApiError` for one without a price. */
  readonly stakeIn: (target: SpendTarget) => Stake | undefined;
  readonly treasury: Treasury;
  readonly signal: AbortSignal;
  /** The cost counts in the budgets of whoever answered. */
  readonly tell: (instance: string, costNanoUsd: number) => void;
}

/** Asked for ahead of need, so that a stream seldom waits for the database. */
const AHEAD_TOKENS = 64;

/** A request's money, from the first target to the settlement. */
export class MoneyHold implements Hold {
  readonly #parts: MoneyHoldParts;
  readonly #count = new OutputCount();
  #target: SpendTarget;
  #stake: Stake | undefined;
  #size: AnswerSize | undefined;
  #amount = 0;
  #paidTokens = 0;
  #over = nothing;
  #extending: Promise<void> | undefined;
  #ahead = AHEAD_TOKENS;
  #isSettled = false;

  constructor(parts: MoneyHoldParts) {
    this.#parts = parts;
    this.#target = parts.target;
    this.#stake = parts.stakeIn(parts.target);
  }

  get at(): number {
    return this.#parts.at;
  }

  get reservedNanoUsd(): number | null {
    return this.#stake === undefined ? null : this.#amount;
  }

  get paidOutputTokens(): number | undefined {
    return this.#size === undefined || isOpenEnded(this.#size) ? undefined : this.#paidTokens;
  }

  get isShort(): boolean {
    if (this.#size === undefined || isOpenEnded(this.#size)) return false;
    // What is assumed is true once the vendor is told.
    const { bound = Infinity } = this.#size;
    return this.#paidTokens < bound;
  }

  /** @throws ApiError as `Treasury.hold` */
  begin(): Promise<void> | undefined {
    if (this.#stake === undefined) return undefined;
    return this.#parts.treasury.hold(this.#beginning(this.#stake));
  }

  moveTo(target: SpendTarget): Moved | Promise<Moved> {
    if (target.instance === this.#target.instance && target.model === this.#target.model)
      return undefined;
    this.#release();
    this.#target = target;
    try {
      this.#stake = this.#parts.stakeIn(target);
      return this.begin()?.then(() => undefined, refusalOf);
    } catch (error) {
      return refusalOf(error);
    }
  }

  relaying(characters: number): Promise<void> | undefined {
    if (this.#size?.isMetered !== true) return undefined;
    this.#count.add(characters);
    return this.#covered();
  }

  bounded(usage: TokenUsage): TokenUsage {
    const size = this.#size;
    if (size?.isMetered !== true || !usage.estimated) return usage;
    // What the vendor told of the input is no estimate.
    const isTold = usage.raw !== null && usage.raw !== undefined;
    const inputUncached = isTold
      ? usage.inputUncached
      : Math.min(usage.inputUncached, size.inputTokens);
    const inputTokens = totalInput({ ...usage, inputUncached });
    const most = payableTokens({ ...size, inputTokens }, this.#amount, usage.outputText);
    return { ...usage, inputUncached, outputText: most };
  }

  learn(usage: TokenUsage): void {
    if (usage.estimated || usage.uncounted === true) return;
    this.#stake?.learned.learn(this.#parts.inputCharacters, usage, this.#count.counted);
  }

  settle(costNanoUsd: number | null): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#parts.tell(this.#target.instance, costNanoUsd ?? 0);
    this.#release();
  }

  #release(): void {
    if (this.#stake === undefined) return;
    for (const pool of this.#stake.pools) pool.release(this.#amount);
    this.#stake = undefined;
    this.#size = undefined;
    this.#amount = 0;
    this.#paidTokens = 0;
    this.#over();
    this.#over = nothing;
    this.#parts.treasury.freed();
  }

  #beginning({ pools, learned, size }: Stake): MoneyAsk {
    let asked = size();
    return {
      pools,
      signal: this.#parts.signal,
      isRunning: false,
      size: (left) => {
        if (!learned.mayBegin) return undefined;
        asked = size();
        return sizeHold(asked, left);
      },
      held: (amount) => {
        this.#size = asked;
        this.#amount = amount;
        this.#paidTokens = payableTokens(asked, amount, mostTokens(asked));
        this.#over = learned.begin();
      },
    };
  }

  #covered(): Promise<void> | undefined {
    const [stake, size] = [this.#stake, this.#size];
    // What is set free already has been settled: nothing more goes to anybody.
    if (stake === undefined || size === undefined) return undefined;
    const tokens = this.#tokensOf(stake);
    if (tokens + this.#ahead <= this.#paidTokens) return undefined;
    if (this.#extending === undefined) this.#extend(stake, size);
    if (tokens <= this.#paidTokens) return undefined;
    return this.#extending === undefined ? this.#covered() : this.#waited(this.#extending);
  }

  async #waited(extending: Promise<void>): Promise<void> {
    await extending;
    await this.#covered();
  }

  /** At once where there is money to spare; else it is asked for while the stream goes on. */
  #extend(stake: Stake, size: AnswerSize): void {
    const { treasury } = this.#parts;
    const more = this.#extension(stake, size);
    if (treasury.extendNow(more)) return;
    const isAhead = this.#tokensOf(stake) <= this.#paidTokens;
    const extending = (treasury.hold(more) ?? Promise.resolve()).finally(() => {
      this.#extending = undefined;
    });
    this.#extending = extending;
    extending.catch(() => {
      // What is held may do yet: asked again when it does not.
      if (isAhead) this.#ahead = 0;
    });
  }

  #extension(stake: Stake, size: AnswerSize): MoneyAsk {
    const { pools } = stake;
    const running = () => ({
      heldNanoUsd: this.#amount,
      paidTokens: this.#paidTokens,
      tokens: this.#tokensOf(stake),
    });
    return {
      pools,
      signal: this.#parts.signal,
      isRunning: true,
      size: (left) => sizeExtension(size, running(), left),
      held: (amount) => {
        if (this.#stake !== stake) {
          for (const pool of pools) pool.release(amount);
          return;
        }
        this.#amount += amount;
        this.#paidTokens = payableAfter(size, running());
      },
    };
  }

  #tokensOf({ learned }: Stake): number {
    // The vendor was told what the unseen part must not exceed.
    return this.#count.tokens(this.#size?.mayHide === true ? 1 : learned.outputPerCounted);
  }
}

/** All of it is seen, and held for as it comes. */
function isOpenEnded({ isMetered, mayHide }: AnswerSize): boolean {
  return isMetered && !mayHide;
}

function nothing(): void {}

function refusalOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}
