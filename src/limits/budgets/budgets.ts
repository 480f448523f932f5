import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { Catalog } from '../../catalog/catalog.service.js';
import type { Price } from '../../catalog/price.js';
import type { UsageUnits } from '../../providers/contract/usage-units.js';
import { noPrice } from './budget-errors.js';
import type { BudgetPool } from './budget-pool.js';
import { BudgetPools } from './budget-pools.js';
import { callerSubjects, providerSubject } from './budget-subject.js';
import type { Hold, SpendTarget } from './hold.js';
import { LearnedSizes, type LearnedSize } from './learned-sizes.js';
import { MoneyHold, type Stake } from './money-hold.js';
import { ASSUMED_OUTPUT_TOKENS, costOf, type AnswerSize } from './size-hold.js';
import { tokensOfUnits } from './tokens-of-units.js';
import { Treasury } from './treasury.js';

/** A request that is about to cost money. */
export interface SpendAsk {
  readonly principal: Principal;
  /** Whom it is to be sent to first. */
  readonly target: SpendTarget;
  readonly stream: boolean;
  /** Characters of what a model would read. */
  readonly inputCharacters: number;
  /** False where a vendor charges for something else than tokens. */
  readonly countsTokens: boolean;
  /** Tokens that the caller allows at most, over all choices; undefined where it says nothing. */
  readonly maxOutputTokens: number | undefined;
  /** Answers that the caller asks for; 1 where absent. */
  readonly answers?: number | undefined;
  /** False where no vendor can be told how long an answer may be. */
  readonly takesMaximum: boolean;
  /** What is charged beside tokens, at most, as far as the request tells. */
  readonly units?: UsageUnits | undefined;
  /** Ends the wait for money that other requests may give back. */
  readonly signal: AbortSignal;
}

/** Sets money aside before it is spent, so that no budget is ever overshot. */
@Injectable()
export class Budgets {
  constructor(
    private readonly pools: BudgetPools,
    private readonly treasury: Treasury,
    private readonly learned: LearnedSizes,
    private readonly catalog: Catalog,
  ) {}

  /** Rejects with `ApiError` `insufficient_quota`, `rate_limit_exceeded`, `ledger_unavailable`. */
  hold(ask: SpendAsk): Hold | Promise<Hold> {
    try {
      return this.#hold(ask);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #hold(ask: SpendAsk): Hold | Promise<Hold> {
    const at = Date.now();
    const callers = callerSubjects(ask.principal);
    const callerPools = callers.flatMap((subject) => this.pools.of(subject, at));
    const hold = new MoneyHold({
      at,
      target: ask.target,
      inputCharacters: ask.inputCharacters,
      treasury: this.treasury,
      signal: ask.signal,
      stakeIn: (target) => this.#stakeIn(ask, target, at, callerPools),
      tell: (instance, cost) => {
        for (const caller of callers) this.pools.tell(caller, at, cost);
        this.pools.tell(providerSubject(instance), at, cost);
      },
    });
    const begun = hold.begin();
    return begun === undefined ? hold : begun.then(() => hold);
  }

  /** @throws ApiError `insufficient_quota` for a model without a price where there is a budget */
  #stakeIn(
    ask: SpendAsk,
    target: SpendTarget,
    at: number,
    callerPools: readonly BudgetPool[],
  ): Stake | undefined {
    const own = this.pools.of(providerSubject(target.instance), at);
    const pools = own.length === 0 ? callerPools : [...callerPools, ...own];
    const [first] = pools;
    if (first === undefined) return undefined;
    const learned = this.learned.of(ask.principal.keyId, target.instance, target.model);
    const price = this.catalog.findPrice(target, new Date(at));
    const size = this.#sizing(ask, target, price, learned);
    if (!isCovered(price, ask.countsTokens, size())) throw noPrice(first, target.model);
    return { pools, learned, size };
  }

  /** By what is known at the moment of asking. */
  #sizing(
    ask: SpendAsk,
    target: SpendTarget,
    price: Price | undefined,
    learned: LearnedSize,
  ): () => AnswerSize {
    const same = { price: price as Price, units: ask.units };
    if (!ask.countsTokens) {
      const { input, output } = tokensOfUnits(ask.units);
      const inputTokens = input + ask.inputCharacters;
      // Nobody can be asked for a shorter one, so all of it is held.
      const known = { inputTokens, bound: output, typical: output };
      return () => ({ ...same, ...known, isMetered: false, mayHide: false });
    }
    const known = this.#boundOf(ask, target);
    const bound = ask.takesMaximum ? known : (known ?? ASSUMED_OUTPUT_TOKENS);
    return () => ({
      ...same,
      inputTokens: learned.inputTokens(ask.inputCharacters),
      bound,
      typical: ask.takesMaximum ? learned.outputTokens : bound,
      isMetered: ask.stream,
      mayHide: ask.stream && learned.mayThinkUnseen,
    });
  }

  /** The caller's word and what is thought beside it, or what the model can write at most. */
  #boundOf({ maxOutputTokens, answers = 1 }: SpendAsk, target: SpendTarget): number | undefined {
    const longest = this.catalog.maxOutputTokens(target);
    const most = longest === undefined ? undefined : longest * answers;
    if (maxOutputTokens === undefined) return most;
    const allowed = maxOutputTokens + answers * (target.thinkingTokens ?? 0);
    return most === undefined ? allowed : Math.min(allowed, most);
  }
}

/** Whether the price says what the request costs at most. */
function isCovered(price: Price | undefined, countsTokens: boolean, size: AnswerSize): boolean {
  if (price === undefined) return false;
  const { bound } = size;
  if (countsTokens) return costOf(size, bound === 0 ? 0 : 1) !== undefined;
  const most = costOf(size, bound ?? 0);
  // What nobody can foresee has no bound; a price that charges nothing needs none.
  return most !== undefined && (most > 0 || isFree(price));
}

function isFree({ source, rates }: Price): boolean {
  return source === 'free' || Object.values(rates).every((rate) => rate === 0);
}
