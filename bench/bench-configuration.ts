/** The model all programs of this folder ask for; its price has no fraction of a nano-USD. */
export const MODEL = 'openai/gpt-4o-mini';
export const CLIENT = 'bench';
export const CLIENT_KEY = 'sk-bench-0123456789abcdefghijklmnopqrstuvwxyz';

/** Nano-USD per token; the same figures as `prices` below. */
export const PRICE = { input: 150, cachedInput: 75, output: 600 } as const;

/** A gateway with everything on: a known client and the durable ledger. */
export function benchConfiguration(upstreamUrl: string): string {
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
