import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';

const BODY = { model: 'slow/model', messages: [{ role: 'user', content: 'Hello' }] };

let upstream: FaultUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  app = await TestApp.start({
    yaml: `providers:
  - { name: slow, type: openai-compatible, baseUrl: "${upstream.url}", apiKey: upstream-key, retries: { maxAttempts: 3, baseMs: 1 } }`,
  });
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.requests.length = 0;
});

describe('x-llm-proxy-timeout-ms', () => {
  it('ends a call that takes longer, and says so upstream', async () => {
    upstream.always({ beforeHeaders: 'stall' });
    const answer = await app.chat(BODY, { 'x-llm-proxy-timeout-ms': '150' });
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ error: { code: 'upstream_timeout' } });
    await upstream.waitForAbort(0);
    expect(upstream.requests).toHaveLength(1);
  });

  it('ends a stream in its middle with an error and no [DONE]', async () => {
    const chunk = { choices: [{ index: 0, delta: { role: 'assistant', content: 'Hi' } }] };
    upstream.always({ events: [chunk], ending: 'stall' });
    const answer = await app.chat({ ...BODY, stream: true }, { 'x-llm-proxy-timeout-ms': '300' });
    const text = await answer.text();
    expect(text).toContain('"code":"upstream_timeout"');
    expect(text).not.toContain('[DONE]');
  });

  it.each(['0', '-1', '1.5', 'soon', ''])('refuses %j', async (value) => {
    const answer = await app.chat(BODY, { 'x-llm-proxy-timeout-ms': value });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { code: 'invalid_value', param: 'x-llm-proxy-timeout-ms' },
    });
    expect(upstream.requests).toHaveLength(0);
  });
});
