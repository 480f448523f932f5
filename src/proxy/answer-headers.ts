import type { Response } from 'express';
import type { Attempt } from '../routing/attempts.js';
import type { Exchange } from './exchange.js';

type Decided = Pick<Exchange, 'translation' | 'decision'>;

/** Sent with every answer on a client route, an error's included; filled in as the facts become known. */
export const INITIAL_ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'x-llm-proxy-provider': 'none',
  'x-llm-proxy-model': 'none',
  'x-llm-proxy-attempts': '0',
  'x-llm-proxy-cache': 'bypass',
  'x-llm-proxy-translation': '',
};

/**
 * Which upstream the last attempt went to, why there where that is not plain, and what of the
 * request did not simply go along.
 */
export function attemptHeaders(
  attempts: readonly Attempt[],
  exchange: Decided,
): Record<string, string> {
  const target = attempts.at(-1)?.target;
  if (target === undefined) return {};
  const route = exchange.decision?.textFor(attempts) ?? '';
  return {
    ...(route === '' ? {} : { 'x-llm-proxy-route': route }),
    'x-llm-proxy-provider': target.instance.name,
    'x-llm-proxy-model': target.model,
    'x-llm-proxy-attempts': String(attempts.length),
    'x-llm-proxy-translation': exchange.translation?.toString() ?? '',
  };
}

/** For an answer whose headers leave later; Express' own `set` does more than is needed here. */
export function setAttemptHeaders(
  response: Response,
  attempts: readonly Attempt[],
  exchange: Decided,
): void {
  const headers = attemptHeaders(attempts, exchange);
  for (const name in headers) response.setHeader(name, headers[name] as string);
}
