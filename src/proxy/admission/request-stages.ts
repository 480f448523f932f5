import type { Hold } from '../../limits/budgets/hold.js';
import type { Entrance, GateAsk } from '../../limits/rates/provider-gate.js';
import type { RouteChoice } from '../../routing/route-chooser.js';
import type { RoutePlan } from '../../routing/route-plan.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { estimateTokens } from '../../usage/estimate-tokens.js';
import type { Exchange } from '../exchange.js';
import type { RouteBase, RouteInput } from '../route.js';

/** A valid request and where it may go. */
export interface Admissible<Input extends RouteInput> {
  readonly route: RouteBase<Input>;
  readonly exchange: Exchange;
  readonly input: Input;
  readonly plan: RoutePlan;
}

/** One that is within its limits, and where it goes. */
export interface Admitted<Input extends RouteInput> extends Admissible<Input> {
  readonly choice: RouteChoice;
  /** In the order in which they are to be tried; never empty. */
  readonly targets: readonly RouteTarget[];
}

/** A request with the money and the place for its first attempt. */
export interface Placed<Input extends RouteInput> {
  readonly admitted: Admitted<Input>;
  readonly hold: Hold;
  readonly entrance: Entrance;
}

/** What a request asks of the limits of providers. */
export function gateAskOf<Input extends RouteInput>(admitted: Admitted<Input>): GateAsk {
  const { route, exchange, targets } = admitted;
  return {
    clientId: exchange.principal.clientId,
    endpoint: route.dialect,
    targets,
    tokens: () => expectedTokens(admitted),
    signal: exchange.signal,
    remainingMs: exchange.remainingMs,
  };
}

/** Of input and output, as far as it can be told beforehand. */
export function expectedTokens<Input extends RouteInput>({
  route,
  input,
}: Admissible<Input>): number {
  if (route.isFree === true) return 0;
  return estimateTokens(input.characters) + (input.maxOutputTokens ?? 0);
}
