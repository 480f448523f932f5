import type { Budgets } from '../../limits/budgets/budgets.js';
import type { Hold } from '../../limits/budgets/hold.js';
import type { Entrance, GateAsk, ProviderGate } from '../../limits/rates/provider-gate.js';
import type { AttemptEntrance, AttemptHedge } from '../../routing/attempts.js';
import type { Hedge } from '../../routing/hedging/hedging.service.js';
import { addressOf, type RouteTarget } from '../../routing/route-target.js';
import { fundRequest, type UnfundedRequest } from '../admission/fund-request.js';
import { spendTargetOf } from '../admission/spend-target-of.js';

export interface CallHedgeParts {
  readonly hedge: Hedge;
  readonly gate: Pick<ProviderGate, 'enterNext'>;
  readonly gateAsk: GateAsk;
  readonly budgets: Budgets;
  readonly request: UnfundedRequest;
  /** The request's own money. */
  readonly hold: Pick<Hold, 'moveTo'>;
}

/** The place of a second call and the money for it. */
export interface SecondPlace {
  readonly target: RouteTarget;
  readonly entrance: Entrance;
  readonly hold: Hold;
  /** It calls whom the first one calls, at the same price. */
  readonly isSame: boolean;
}

/**
 * Second calls of one request. Each of them has money of its own as long as both may have to be
 * paid: until the other target's call is decided on, and to the very end where both calls go to
 * one target, because the row then has the input of both.
 */
export class CallHedge implements AttemptHedge {
  readonly #parts: CallHedgeParts;
  readonly #places = new Map<AttemptEntrance, SecondPlace>();
  readonly #held = new Set<Hold>();

  constructor(parts: CallHedgeParts) {
    this.#parts = parts;
  }

  delayMs(target: RouteTarget): number | undefined {
    return this.#parts.hedge.delayMs(target);
  }

  async enter(at: number, targets: readonly RouteTarget[], signal: AbortSignal) {
    const { gate, gateAsk, hedge, budgets, request } = this.#parts;
    const slow = targets[at] as RouteTarget;
    const others = targets.slice(at + 1);
    const candidates = others.length === 0 && hedge.sameTarget ? [slow] : others;
    if (candidates.length === 0) return undefined;
    let entered: Entrance | undefined;
    let hold: Hold | undefined;
    try {
      entered = await gate.enterNext({ ...gateAsk, targets: candidates, signal }, 0);
      const target = candidates[entered.index] as RouteTarget;
      const { principal, endedBecause } = request.exchange;
      const exchange = { principal, endedBecause, signal };
      ({ hold } = await fundRequest(budgets, { ...request, exchange, targets: [target] }));
      // Last, because it cannot be taken back.
      if (!signal.aborted && hedge.take()) return this.#placed(target, slow, entered, hold);
    } catch {
      // No room, or no money: the first call stays alone.
    }
    hold?.settle(0);
    entered?.undo();
    return undefined;
  }

  /** Undefined for the first call. */
  placeOf(entrance: AttemptEntrance): SecondPlace | undefined {
    return this.#places.get(entrance);
  }

  /** The second call answers. The money that was held for it is the request's from now on. */
  won({ target, hold, isSame }: SecondPlace): void {
    if (isSame) return;
    this.#release(hold);
    // At once, with what was just set free; whoever has to wait for it is let go on all the same.
    void this.#parts.hold.moveTo(spendTargetOf(target, this.#parts.request.input));
  }

  /** The request is closed in the books. */
  close(): void {
    for (const hold of this.#held) hold.settle(0);
    this.#held.clear();
  }

  #placed(target: RouteTarget, slow: RouteTarget, entered: Entrance, hold: Hold) {
    const isSame = addressOf(target) === addressOf(slow);
    this.#held.add(hold);
    const entrance: Entrance = {
      ...entered,
      leave: () => {
        entered.leave();
        if (!isSame) this.#release(hold);
      },
      undo: () => {
        entered.undo();
        this.#release(hold);
      },
    };
    this.#places.set(entrance, { target, entrance, hold, isSame });
    return { target, entrance };
  }

  #release(hold: Hold): void {
    if (this.#held.delete(hold)) hold.settle(0);
  }
}
