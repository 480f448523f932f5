import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { Configuration } from '../../config/configuration.js';
import { LimitRules } from '../rules/limit-rules.js';
import {
  FairQueue,
  type Attempted,
  type NotYet,
  type Place,
  type Returnable,
} from './fair-queue.js';
import { LIMIT_STORE, type LimitStore } from './limit-store.js';

/** Whom an admission is for. */
export interface Applicant {
  readonly clientId: string;
  /** What meets the same limits waits in one lane; asked for only where somebody waits. */
  readonly lane: () => string;
  readonly signal: AbortSignal;
  /** Milliseconds that its caller will wait for it at most; undefined when it does not say. */
  readonly remainingMs: number | undefined;
}

/** Lets in, refuses, or lets wait: what a client's `onLimit` says when something does not fit. */
@Injectable()
export class LimitAdmission implements OnApplicationShutdown {
  readonly #queue: FairQueue;
  readonly #subscriptions: readonly Subscription[];

  constructor(
    private readonly rules: LimitRules,
    @Inject(LIMIT_STORE) private readonly store: LimitStore,
    { environment }: Configuration,
  ) {
    const queue = new FairQueue(environment.queueMaxWaiting);
    this.#queue = queue;
    this.#subscriptions = [
      store.freed.subscribe(() => queue.wake()),
      // A higher limit may let in who waits.
      rules.changes.subscribe(() => queue.wake()),
    ];
  }

  get queueDepth(): number {
    return this.#queue.depth;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#queue.close();
    await this.store.close();
  }

  /**
   * What `attempt` gives, at once where it can.
   * @throws ApiError `rate_limit_exceeded`, as it is or by rejecting
   */
  admit<T extends Returnable>(applicant: Applicant, attempt: () => Attempted<T>): T | Promise<T> {
    if (this.#queue.depth > 0) {
      const place = this.#placeOf(applicant);
      const ahead = this.#queue.findAhead(place);
      if (ahead !== undefined && place.waitMs > 0) return this.#queue.wait(place, attempt, ahead);
    }
    const asked = attempt();
    return asked instanceof Promise
      ? asked.then((outcome) => this.#settle(applicant, attempt, outcome))
      : this.#settle(applicant, attempt, asked);
  }

  #settle<T extends Returnable>(
    applicant: Applicant,
    attempt: () => Attempted<T>,
    outcome: T | NotYet,
  ): T | Promise<T> {
    if ('undo' in outcome) return outcome;
    const place = this.#placeOf(applicant);
    if (place.waitMs === 0 || outcome.waitMs === Number.POSITIVE_INFINITY) throw outcome.toError();
    return this.#queue.wait(place, attempt, outcome);
  }

  #placeOf({ clientId, lane, signal, remainingMs }: Applicant): Place {
    const queueMs = this.rules.onLimitOf(clientId)?.queueMs ?? 0;
    const waitMs = remainingMs === undefined ? queueMs : Math.min(queueMs, remainingMs);
    return { clientId, lane: lane(), signal, waitMs };
  }
}
