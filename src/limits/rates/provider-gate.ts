import { Inject, Injectable } from '@nestjs/common';
import type { RateSignal } from '../../providers/contract/rate-signal.js';
import { AdaptiveLimits } from '../adaptive/adaptive-limits.js';
import { ProviderFull } from '../adaptive/provider-full.js';
import type { AdaptivePlace } from '../adaptive/target-limit.js';
import type { Attempted, NotYet } from './fair-queue.js';
import { LimitAdmission } from './limit-admission.js';
import { LimitPlans } from './limit-plans.js';
import { LIMIT_STORE, type LimitStore, type Shortage, type Ticket } from './limit-store.js';
import { Refusal } from './refusal.js';

/** Where an attempt may go, as far as limits know it. */
export interface GatedTarget {
  /** The same object for as long as its configuration is. */
  readonly instance: { readonly name: string };
  readonly model: string;
}

export interface GateAsk {
  readonly clientId: string;
  /** The dialect, as the ledger names it. */
  readonly endpoint: string;
  /** In the order in which they are to be tried. */
  readonly targets: readonly GatedTarget[];
  /** As in `RateAsk`. */
  readonly tokens: () => number;
  readonly signal: AbortSignal;
  readonly remainingMs: number | undefined;
}

/** A place at one target, for one attempt. Nothing of it throws; what is done twice counts once. */
export interface Entrance {
  /** Which of the targets it is. */
  readonly index: number;
  /** What the attempt used in the end, in place of what was taken for it. */
  used(tokens: number): void;
  /** The attempt has ended. */
  leave(): void;
  /** What the answer tells of the provider's own limits. */
  readonly heard: (signal: RateSignal) => void;
  /** There was no attempt. */
  undo(): void;
}

/**
 * Keeps the calls of every provider instance and `instance/model` within their limits: those that
 * are set, and those that the provider has shown.
 */
@Injectable()
export class ProviderGate {
  constructor(
    private readonly plans: LimitPlans,
    private readonly adaptive: AdaptiveLimits,
    private readonly admission: LimitAdmission,
    @Inject(LIMIT_STORE) private readonly store: LimitStore,
  ) {}

  /**
   * A place at the first of the targets that has room; waits for one where the client is to wait.
   * @throws ApiError `rate_limit_exceeded` with the soonest time, as it is or by rejecting
   */
  enter(ask: GateAsk): Entrance | Promise<Entrance> {
    const { clientId, endpoint, targets, signal, remainingMs } = ask;
    const [first] = targets as readonly [GatedTarget];
    if (this.admission.queueDepth === 0) {
      const entered = this.#tryUnlimited(ask, first);
      if (entered !== undefined) return entered;
    }
    // In whatever order they are tried, the same targets have room or have none.
    const lane = () => `targets ${endpoint} ${targets.map(addressOf).toSorted().join(' ')}`;
    return this.admission.admit({ clientId, lane, signal, remainingMs }, () => this.#try(ask));
  }

  /**
   * The same for the targets from `index` on, for an attempt after another one, which does not wait.
   * @throws ApiError `rate_limit_exceeded`, as it is or by rejecting
   */
  enterNext(ask: GateAsk, index: number): Entrance | Promise<Entrance> {
    const tried = this.#try(ask, index);
    return tried instanceof Promise ? tried.then(orThrow) : orThrow(tried);
  }

  /** The first target, where nothing limits it; most requests go this way. */
  #tryUnlimited(ask: GateAsk, { instance, model }: GatedTarget): Entrance | undefined {
    if (this.plans.forTarget(instance.name, model, ask.endpoint).length > 0) return undefined;
    const place = this.adaptive.enter(instance, model, ask.tokens);
    return place instanceof ProviderFull ? undefined : entranceOf(0, place);
  }

  #try(ask: GateAsk, from = 0, soonest?: NotYet): Attempted<Entrance> {
    const { targets, endpoint } = ask;
    let refusal = soonest;
    for (let index = from; index < targets.length; index += 1) {
      const { instance, model } = targets[index] as GatedTarget;
      const place = this.adaptive.enter(instance, model, ask.tokens);
      if (place instanceof ProviderFull) {
        refusal = sooner(refusal, place);
        continue;
      }
      const limits = this.plans.forTarget(instance.name, model, endpoint);
      if (limits.length === 0) return entranceOf(index, place);
      const tokens = Math.min(ask.tokens(), Number.MAX_SAFE_INTEGER);
      const asked = this.store.take(limits, tokens);
      const soonestSoFar = refusal;
      const settle = (outcome: Ticket | Shortage): Entrance | Refusal => {
        if (outcome.isTaken) return entranceOf(index, place, outcome);
        place.undo();
        return new Refusal(outcome.standings, tokens);
      };
      if (asked instanceof Promise) {
        return asked.then((outcome) => {
          const settled = settle(outcome);
          if (!(settled instanceof Refusal)) return settled;
          return this.#try(ask, index + 1, sooner(soonestSoFar, settled));
        });
      }
      const settled = settle(asked);
      if (!(settled instanceof Refusal)) return settled;
      refusal = sooner(refusal, settled);
    }
    return refusal as NotYet;
  }
}

function sooner(one: NotYet | undefined, other: NotYet): NotYet {
  return one === undefined || other.waitMs < one.waitMs ? other : one;
}

function orThrow(outcome: Entrance | NotYet): Entrance {
  if ('undo' in outcome) return outcome;
  throw outcome.toError();
}

/** @param ticket absent where no limit is set */
function entranceOf(index: number, place: AdaptivePlace, ticket?: Ticket): Entrance {
  return {
    index,
    used: (tokens) => ticket?.used(tokens),
    heard: place.heard,
    leave: () => ticket?.release(),
    undo: () => {
      place.undo();
      ticket?.undo();
    },
  };
}

function addressOf({ instance, model }: GatedTarget): string {
  return `${instance.name}/${model}`;
}
