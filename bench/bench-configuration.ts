/** The model all programs of this folder ask for; its price has no fraction of a nano-USD. */
export const MODEL = 'openai/gpt-4o-mini';
export const CLIENT = 'bench';
export const CLIENT_KEY = 'sk-bench-0123456789abcdefghijklmnopqrstuvwxyz';

/** Nano-USD per token; the same figures as `prices` below. */
export const PRICE = { input: 150, cachedInput: 75, output: 600 } as const;

const LIMITS =
  '{ requestsPerMinute: 100000000, tokensPerMinute: 100000000000, maxConcurrent: 100000 }';
const BUDGET = '{ usd: 1000000, period: month }';

/** With the durable ledger and nothing besides: no limit, no budget. */
export function ledgerConfiguration(upstreamUrl: string): string {
  return `providers:
  - name: openai
    type: openai
    baseUrl: ${upstreamUrl}/v1
    apiKey: sk-upstream-0123456789abcdefghijklmnopqrst
    retries: { maxAttempts: 1 }
prices:
  - { model: ${MODEL}, input: 0.15, cachedInput: 0.075, output: 0.60 }
clients:
  - name: ${CLIENT}
    apiKeys: [ "${CLIENT_KEY}" ]
    models: [ "openai/*" ]
`;
}

/**
 * A gateway with everything on: a known client, limits of all kinds, budgets of its key, of itself,
 * of the provider and of all, and the durable ledger. None of them is ever met.
 */
export function benchConfiguration(upstreamUrl: string): string {
  return `providers:
  - name: openai
    type: openai
    baseUrl: ${upstreamUrl}/v1
    apiKey: sk-upstream-0123456789abcdefghijklmnopqrst
    retries: { maxAttempts: 1 }
    limits: ${LIMITS}
    budget: ${BUDGET}
prices:
  - { model: ${MODEL}, input: 0.15, cachedInput: 0.075, output: 0.60 }
clients:
  - name: ${CLIENT}
    apiKeys: [ { key: "${CLIENT_KEY}", limits: ${LIMITS}, budget: ${BUDGET} } ]
    models: [ "openai/*" ]
    limits: ${LIMITS}
    budget: ${BUDGET}
limits: ${LIMITS}
budget: ${BUDGET}
`;
}
