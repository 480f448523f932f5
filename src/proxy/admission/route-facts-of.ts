import type { RouteFacts } from '../../routing/strategies/route-facts.js';
import { estimateTokens } from '../../usage/estimate-tokens.js';
import type { Exchange } from '../exchange.js';
import type { RouteInput } from '../route.js';

/** What of a request has a say in where it goes. */
export function routeFactsOf({ request, principal }: Exchange, input: RouteInput): RouteFacts {
  return {
    stream: input.stream,
    clientId: principal.clientId,
    session: request.get('x-llm-proxy-session') ?? null,
    user: request.get('x-llm-proxy-user') ?? input.user,
    tags: request.get('x-llm-proxy-tags') ?? null,
    home: input.home,
    inputTokens: estimateTokens(input.characters),
    maxOutputTokens: input.maxOutputTokens,
  };
}
