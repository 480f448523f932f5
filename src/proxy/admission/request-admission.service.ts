import { Injectable } from '@nestjs/common';
import { Budgets } from '../../limits/budgets/budgets.js';
import type { Hold } from '../../limits/budgets/hold.js';
import type { Permit } from '../../limits/rates/permit.js';
import { type Entrance, ProviderGate } from '../../limits/rates/provider-gate.js';
import { RateLimits } from '../../limits/rates/rate-limits.js';
import { ProviderError } from '../../providers/contract/provider-error.js';
import type { RoutePlan } from '../../routing/route-plan.js';
import { addressOf, type RouteTarget } from '../../routing/route-target.js';
import { Router } from '../../routing/router.service.js';
import type { Exchange } from '../exchange.js';
import { CallHedge } from '../hedge/call-hedge.js';
import type { RouteInput } from '../route.js';
import { fundRequest } from './fund-request.js';
import {
  type Admissible,
  type Admitted,
  expectedTokens,
  gateAskOf,
  type Placed,
} from './request-stages.js';
import { routeFactsOf } from './route-facts-of.js';

/** What a call that is hedged has done so far. */
const SILENT = new ProviderError('timeout', 'The call is silent.');

/** Lets requests in: within the limits of whoever asks, with money, and with a place at a provider. */
@Injectable()
export class RequestAdmission {
  constructor(
    private readonly router: Router,
    private readonly rates: RateLimits,
    private readonly gate: ProviderGate,
    private readonly budgets: Budgets,
  ) {}

  /**
   * Its headers go out with whatever the answer will be.
   * @throws ApiError `rate_limit_exceeded`, as it is or by rejecting
   */
  admit<Input extends RouteInput>(admissible: Admissible<Input>): Permit | Promise<Permit> {
    const { route, exchange, input, plan } = admissible;
    const asked = this.rates.admit({
      principal: exchange.principal,
      endpoint: route.dialect,
      model: isAddress(plan, input.model) ? undefined : input.model,
      tokens: () => expectedTokens(admissible),
      signal: exchange.signal,
      remainingMs: exchange.remainingMs,
    });
    if (!(asked instanceof Promise)) return withHeaders(asked, exchange);
    return asked.then((permit) => withHeaders(permit, exchange));
  }

  /** After it was admitted: who is refused takes nobody's turn. */
  choose<Input extends RouteInput>(admissible: Admissible<Input>): Admitted<Input> {
    const { exchange, input, plan } = admissible;
    const choice = this.router.choose(plan, () => routeFactsOf(exchange, input));
    exchange.decision = choice.decision;
    return { ...admissible, choice, targets: choice.targets };
  }

  /**
   * Money and a place at a provider, before anything is reserved; who gets none has used nothing.
   * The money first: nobody keeps a provider's place while waiting for it.
   * @throws ApiError `insufficient_quota`, `rate_limit_exceeded`
   */
  async place<Input extends RouteInput>(
    admitted: Admitted<Input>,
    permit: Permit,
  ): Promise<Placed<Input>> {
    let hold: Hold | undefined;
    try {
      const asked = fundRequest(this.budgets, admitted);
      const funded = asked instanceof Promise ? await asked : asked;
      hold = funded.hold;
      const affordable = { ...admitted, targets: funded.targets };
      const entered = this.gate.enter(gateAskOf(affordable));
      const entrance = entered instanceof Promise ? await entered : entered;
      return { admitted: atTarget(affordable, entrance), hold, entrance };
    } catch (error) {
      hold?.settle(0);
      permit.undo();
      throw error;
    }
  }

  /** A place for another attempt, at one of the targets from an index on. */
  enterNext<Input extends RouteInput>(
    admitted: Admitted<Input>,
    index: number,
    targets: readonly RouteTarget[],
  ): Entrance | Promise<Entrance> {
    return this.gate.enterNext({ ...gateAskOf(admitted), targets }, index);
  }

  /** Second calls beside slow ones; never for what must not be done twice. */
  hedgeOf<Input extends RouteInput>(admitted: Admitted<Input>, hold: Hold): CallHedge | undefined {
    const { plan, input } = admitted;
    const hedge = this.router.hedgeOf(plan, input.stream);
    if (hedge === undefined || input.mayRepeat?.(SILENT) === false) return undefined;
    const { gate, budgets } = this;
    return new CallHedge({
      hedge,
      gate,
      budgets,
      hold,
      gateAsk: gateAskOf(admitted),
      request: admitted,
    });
  }
}

function withHeaders(permit: Permit, { response }: Exchange): Permit {
  for (const name in permit.headers) response.setHeader(name, permit.headers[name] as string);
  return permit;
}

/** What it goes to when the targets before had no room. */
function atTarget<Input extends RouteInput>(
  admitted: Admitted<Input>,
  { index }: Entrance,
): Admitted<Input> {
  return index === 0 ? admitted : { ...admitted, targets: admitted.targets.slice(index) };
}

/** The name is that of a place, which has limits of its own. */
function isAddress({ targets }: RoutePlan, name: string): boolean {
  return targets.some((target) => addressOf(target) === name);
}
