import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from './support/fault-upstream.js';
import { parseMetrics, sumOf } from './support/metrics-text.js';
import { TestApp } from './support/test-app.js';
import { completion, USAGE } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const PATIENT = 'key-of-the-patient-queue-figures-0123456789';
const POOR = 'key-of-the-poor-queue-figures-0123456789abc';

let upstream: FaultUpstream;
let app: TestApp;

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    env: { BUDGET_WAIT_MS: '60000' },
    yaml: JSON.stringify({
      providers: [{ name: 'vendor', type: 'openai-compatible', baseUrl: upstream.url }],
      prices: [{ model: 'vendor/model', input: 1, output: 2 }],
      clients: [
        {
          name: 'patient',
          apiKeys: [PATIENT],
          limits: { maxConcurrent: 1 },
          onLimit: 'queue',
          queueMs: 60_000,
        },
        // Enough for one answer of a model that nothing is known of, and not for two.
        { name: 'poor', apiKeys: [POOR], budget: { usd: 0.0002, period: 'month' } },
      ],
    }),
  });
});

afterEach(async () => {
  await app.close();
  await upstream.close();
});

async function figure(name: string, labels: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`${app.url}/metrics`);
  return sumOf(parseMetrics(await answer.text()), name, labels);
}

const queueOf = (queue: string) => figure('llm_proxy_queue_depth', { queue });

describe('who waits is seen in the metrics', () => {
  it.each([
    ['for a limit', PATIENT, 'admission'],
    ['for money', POOR, 'budgets'],
  ])('%s', async (_, key, queue) => {
    const gate = Promise.withResolvers<void>();
    upstream.always({ body: completion('Yes.', USAGE), gate: gate.promise });
    const asked = Array.from({ length: 3 }, () =>
      app.chat(
        { model: 'vendor/model', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 64 },
        { authorization: `Bearer ${key}` },
      ),
    );
    await upstream.waitForRequest(0);
    await waitUntil(async () => (await queueOf(queue)) === 2, 'two of three to be seen waiting');
    expect(upstream.requests).toHaveLength(1);
    expect(await figure('llm_proxy_held_slots')).toBe(key === PATIENT ? 1 : 0);
    gate.resolve();
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await queueOf(queue)).toBe(0);
    expect(await figure('llm_proxy_held_slots')).toBe(0);
  });
});
