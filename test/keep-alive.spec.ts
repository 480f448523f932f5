import { expect, it } from 'vitest';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { streamEvents, USAGE } from './support/vendor-answers.js';

/** The comments in a stream that is silent for as long as a hundred other requests take. */
async function commentsWith(keepAliveMs: number): Promise<number> {
  const upstream = await FaultUpstream.start();
  const proxy = await TestApp.start({
    yaml: `providers: [{ name: one, type: openai, baseUrl: "${upstream.url}", apiKey: k }]`,
    env: { STREAM_KEEP_ALIVE_MS: String(keepAliveMs) },
  });
  try {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    upstream.next({ events: streamEvents(['One'], USAGE), done: true, cut: 'per-event', gate });
    const answer = await proxy.chat({ model: 'one/m', messages: HELLO, stream: true });
    for (let times = 0; times < 100; times += 1) {
      await (await fetch(`${proxy.url}/health/live`)).text();
    }
    open();
    const records = (await answer.text()).split('\n\n').filter((record) => record !== '');
    expect(records.at(-1)).toBe('data: [DONE]');
    return records.filter((record) => record.startsWith(':')).length;
  } finally {
    await proxy.close();
    await upstream.close();
  }
}

it('fills the silence of a stream with comments, unless that is switched off', async () => {
  expect(await commentsWith(1)).toBeGreaterThan(0);
  expect(await commentsWith(0)).toBe(0);
});
