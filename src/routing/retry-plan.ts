import { ProviderError } from '../providers/contract/provider-error.js';
import type { RetrySettings } from '../config/provider-config.js';
import { RequestLoan } from './request-loan.js';
import type { RetryBudget } from './retry-budget.js';
import { retryDelay } from './retry-delay.js';
import type { RouteTarget } from './route-target.js';

/** Why a call that might have been repeated was not. */
export type StoppedBy = 'budget' | 'deadline' | 'calls';

export interface RetryPlanOptions {
  readonly targets: readonly RouteTarget[];
  readonly retries: (target: RouteTarget) => RetrySettings;
  /** Whether the target's instance has a key that has not just been refused. */
  readonly hasSpareKey?: ((target: RouteTarget) => boolean) | undefined;
  /** Milliseconds that a request may still take at this target, of which `elapsedMs` are gone. */
  readonly remainingMs?: ((target: RouteTarget, elapsedMs: number) => number) | undefined;
  /** Calls that the request may make over all targets. */
  readonly maxCalls?: number | undefined;
  readonly budget?: RetryBudget | undefined;
}

/** Where the next call goes, and after how long. */
export interface Step {
  readonly index: number;
  /** Undefined when there is nothing to wait for. */
  readonly delayMs?: number;
  /** It is not paid for yet: see `RetryPlan.payLater`. */
  readonly isOwed?: boolean;
}

/**
 * What one request may still try, and what it has cost the process's budget. A call beyond the
 * first that an upstream has seen is extra. One that goes to another target or with another key
 * and answers was worth it and is given back: the budget holds back calls that do not help.
 */
export class RetryPlan {
  stoppedBy: StoppedBy | undefined;
  readonly #options: RetryPlanOptions;
  #targets: readonly RouteTarget[];
  readonly #startedAt = performance.now();
  #index = -1;
  #tries = 0;
  #keysTried = 0;
  /** Those that an upstream may have seen. */
  #calls = 0;
  #isRetry = false;
  readonly #loan: RequestLoan;
  #isUnderWay = false;
  #isCounted = false;

  constructor(options: RetryPlanOptions) {
    this.#options = options;
    this.#targets = options.targets;
    this.#loan = new RequestLoan(options.budget);
  }

  /** Those that may be called, the ones before left out after a detour. */
  get targets(): readonly RouteTarget[] {
    return this.#targets;
  }

  /** Milliseconds that a call to the target may take. */
  remainingMs(target: RouteTarget): number {
    const elapsedMs = performance.now() - this.#startedAt;
    return this.#options.remainingMs?.(target, elapsedMs) ?? Number.POSITIVE_INFINITY;
  }

  /** A call goes to the target at `index`. */
  begin(index: number): void {
    if (index !== this.#index) {
      this.#index = index;
      this.#tries = 1;
      this.#keysTried = 0;
      this.#isRetry = false;
    }
    if (!this.#isCounted) this.#loan.count();
    this.#isCounted = true;
    this.#calls += 1;
    this.#isUnderWay = true;
  }

  /** The call gave its first value. */
  answered(): void {
    if (!this.#isRetry) this.#loan.giveBack();
    this.#loan.keep();
  }

  /** What to do after the call under way failed; undefined when the failure is the outcome. */
  after(error: ProviderError): Step | undefined {
    this.#isUnderWay = false;
    if (error.kind === 'unavailable' || error.unsent) {
      this.#calls -= 1;
      // Whoever cannot be reached is not helped by being tried again, either.
      if (error.kind === 'unavailable' || !this.#isRetry) this.#loan.giveBack();
    }
    this.#loan.keep();
    return this.#paid(this.#again(error)) ?? this.#goElsewhere();
  }

  /** The request goes to others, because the last target found fault with it. */
  redirect(targets: readonly RouteTarget[]): Step | undefined {
    this.#isUnderWay = false;
    this.#loan.keep();
    this.#targets = targets;
    this.#index = -1;
    return this.#goElsewhere();
  }

  /**
   * A step that is owed is paid for when others' calls elsewhere have been worth it. Tells whether
   * it is, at once or later, and nothing once the plan is closed.
   */
  payLater({ index }: Step, told: (isPaid: boolean) => void): void {
    const waitMs = this.remainingMs(this.#targets[index] as RouteTarget);
    this.#loan.wait(waitMs, (isPaid) => {
      if (isPaid) this.stoppedBy = undefined;
      told(isPaid);
    });
  }

  /** Nothing more is tried. */
  close(): void {
    if (!this.#isUnderWay) this.#loan.giveBack();
    this.#loan.close();
  }

  /** At the same target: at once with another key, or later. */
  #again(error: ProviderError): Step | undefined {
    const target = this.#targets[this.#index] as RouteTarget;
    const index = this.#index;
    this.#isRetry = false;
    if (this.#mayTryKey(error, target)) {
      this.#keysTried += 1;
      return this.#inTime(target, { index });
    }
    const retries = this.#options.retries(target);
    const delayMs =
      this.#tries < retries.maxAttempts ? retryDelay(error, this.#tries, retries) : undefined;
    const step = delayMs === undefined ? undefined : this.#inTime(target, { index, delayMs });
    if (step === undefined) return undefined;
    this.#tries += 1;
    this.#isRetry = true;
    return step;
  }

  #mayTryKey({ kind }: ProviderError, target: RouteTarget): boolean {
    if (kind !== 'auth' && kind !== 'rate_limited') return false;
    if (this.#options.hasSpareKey?.(target) !== true) return false;
    return this.#keysTried < target.instance.apiKeys.length - 1;
  }

  #goElsewhere(): Step | undefined {
    this.#isRetry = false;
    return this.#paid(this.#elsewhere());
  }

  #elsewhere(): Step | undefined {
    const targets = this.#targets;
    for (let index = this.#index + 1; index < targets.length; index += 1) {
      const step = this.#inTime(targets[index] as RouteTarget, { index });
      if (step !== undefined) return step;
    }
    return undefined;
  }

  /** What could not even begin before the deadline is not waited for. */
  #inTime(target: RouteTarget, step: Step): Step | undefined {
    if ((step.delayMs ?? 0) + 1 < this.remainingMs(target)) return step;
    this.stoppedBy = 'deadline';
    return undefined;
  }

  #paid(step: Step | undefined): Step | undefined {
    if (step === undefined) return undefined;
    this.stoppedBy = this.#cannotPay();
    if (this.stoppedBy === undefined) return step;
    const mayWait = this.stoppedBy === 'budget' && !this.#isRetry;
    return mayWait ? { ...step, isOwed: true } : undefined;
  }

  #cannotPay(): StoppedBy | undefined {
    if (this.#calls >= (this.#options.maxCalls ?? Number.POSITIVE_INFINITY)) return 'calls';
    if (this.#calls === 0 && !this.#isRetry) return undefined;
    const isPaid = this.#loan.take({
      goesElsewhere: !this.#isRetry,
      hasAlternative: this.#isRetry && this.#index + 1 < this.#targets.length,
    });
    return isPaid ? undefined : 'budget';
  }
}
