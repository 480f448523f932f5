import { Inject, Injectable } from '@nestjs/common';
import type { Attempted } from './fair-queue.js';
import { LimitAdmission } from './limit-admission.js';
import { LimitPlans } from './limit-plans.js';
import { LIMIT_STORE, type LimitStore, type Ticket } from './limit-store.js';
import { Refusal } from './refusal.js';

/** Where an attempt may go, as far as limits know it. */
export interface GatedTarget {
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
  /** There was no attempt. */
  undo(): void;
}

/** Keeps the calls of every provider instance and `instance/model` within their limits. */
@Injectable()
export class ProviderGate {
  constructor(
    private readonly plans: LimitPlans,
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
    if (this.plans.forTarget(first.instance.name, first.model, endpoint).length === 0) {
      return openEntrance(0);
    }
    // In whatever order they are tried, the same targets have room or have none.
    const lane = `targets ${endpoint} ${targets.map(addressOf).toSorted().join(' ')}`;
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

  #try(ask: GateAsk, from = 0, soonest?: Refusal): Attempted<Entrance, Refusal> {
    const { targets, endpoint } = ask;
    let refusal = soonest;
    for (let index = from; index < targets.length; index += 1) {
      const { instance, model } = targets[index] as GatedTarget;
      const limits = this.plans.forTarget(instance.name, model, endpoint);
      if (limits.length === 0) return openEntrance(index);
      const tokens = Math.min(ask.tokens(), Number.MAX_SAFE_INTEGER);
      const asked = this.store.take(limits, tokens);
      if (asked instanceof Promise) {
        return asked.then((outcome) =>
          outcome.isTaken
            ? entranceOf(index, outcome)
            : this.#try(ask, index + 1, sooner(refusal, new Refusal(outcome.standings, tokens))),
        );
      }
      if (asked.isTaken) return entranceOf(index, asked);
      refusal = sooner(refusal, new Refusal(asked.standings, tokens));
    }
    return refusal as Refusal;
  }
}

function sooner(one: Refusal | undefined, other: Refusal): Refusal {
  return one === undefined || other.waitMs < one.waitMs ? other : one;
}

function orThrow(outcome: Entrance | Refusal): Entrance {
  if (outcome instanceof Refusal) throw outcome.toError();
  return outcome;
}

function entranceOf(index: number, ticket: Ticket): Entrance {
  return {
    index,
    used: (tokens) => ticket.used(tokens),
    leave: () => ticket.release(),
    undo: () => ticket.undo(),
  };
}

function openEntrance(index: number): Entrance {
  return { index, used: nothing, leave: nothing, undo: nothing };
}

function nothing(): void {}

function addressOf({ instance, model }: GatedTarget): string {
  return `${instance.name}/${model}`;
}
