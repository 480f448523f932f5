import { afterEach, describe, expect, it } from 'vitest';
import { Overload, type OverloadChange } from '../src/operations/overload/overload.js';
import { expectRefusal, partsOf, type Refusal } from './support/expect-refusal.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { waitUntil } from './support/wait-until.js';

const OVERLOADED: Refusal = {
  status: 503,
  type: 'service_unavailable_error',
  code: 'overloaded',
};
const MEBIBYTE = 1024 * 1024;

let proxy: TestApp;

afterEach(() => proxy.close());

async function start(env: Record<string, string>) {
  proxy = await TestApp.start({ env });
  const overload = proxy.app.get(Overload);
  const changes: OverloadChange[] = [];
  overload.changes.subscribe((change) => changes.push(change));
  return { overload, changes };
}

const ask = () => proxy.chat({ model: 'simulated/echo', messages: HELLO });

async function statusOf(path: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`${proxy.url}${path}`, { headers });
  await answer.arrayBuffer();
  return answer.status;
}

/** Makes every turn of the event loop so long. Returns what ends it. */
function slowDown(turnMs: number): () => void {
  let isSlow = true;
  const turn = (): void => {
    const until = performance.now() + turnMs;
    while (performance.now() < until);
    if (isSlow) setImmediate(turn);
  };
  turn();
  return () => {
    isSlow = false;
  };
}

/** Refused by every dialect, and the rest of the proxy goes on. */
async function expectShedding(): Promise<void> {
  const rows = await proxy.rows();
  const parts = await partsOf(await ask());
  expectRefusal(parts, OVERLOADED);
  expect(parts.headers).toMatchObject({ 'retry-after': '2', 'retry-after-ms': '2000' });
  expect(parts.headers['x-llm-proxy-attempts']).toBe('0');
  const messages = await fetch(`${proxy.url}/v1/messages`, { method: 'POST' });
  expect([messages.status, await messages.json()]).toMatchObject([
    503,
    { type: 'error', error: { type: 'api_error' } },
  ]);
  for (const path of ['/health/live', '/health/ready', '/version']) {
    expect(await statusOf(path)).toBe(200);
  }
  expect(await proxy.rows()).toEqual(rows);
}

describe('an event loop that cannot keep up', () => {
  it('has new requests refused until it can, and says so once', async () => {
    const { overload, changes } = await start({ SHED_EVENT_LOOP_LAG_MS: '60' });
    expect((await ask()).status).toBe(200);
    const speedUp = slowDown(120);
    try {
      await waitUntil(() => overload.reason === 'event_loop', 'the overload to be seen');
      await expectShedding();
    } finally {
      speedUp();
    }
    await waitUntil(() => overload.reason === undefined, 'the overload to be over');
    expect((await ask()).status).toBe(200);
    expect(changes).toMatchObject([
      { reason: 'event_loop', isOverloaded: true, threshold: 60 },
      { reason: 'event_loop', isOverloaded: false, threshold: 60 },
    ]);
    expect(changes[0]?.reading).toBeGreaterThanOrEqual(60);
    const metrics = await (await fetch(`${proxy.url}/metrics`)).text();
    expect(metrics).toContain('llm_proxy_rejected_total{reason="overloaded"} 2');
    expect(metrics).toContain('llm_proxy_overloaded{reason="event_loop"} 0');
    const lines = proxy.logLines.filter((line) => line.includes('overloaded'));
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ reason: 'event_loop', threshold: 60 });
  });

  it('has nothing refused where that is switched off', async () => {
    const { changes } = await start({ SHED_EVENT_LOOP_LAG_MS: '0', SHED_MEMORY_PERCENT: '0' });
    const speedUp = slowDown(120);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await ask()).status).toBe(200);
    speedUp();
    expect(changes).toEqual([]);
  });
});

describe('a process that runs out of memory', () => {
  it('refuses new requests until there is room again', async () => {
    const limit = Math.ceil(process.memoryUsage.rss() / MEBIBYTE / 0.6);
    const { overload, changes } = await start({
      MEMORY_LIMIT_MB: String(limit),
      SHED_EVENT_LOOP_LAG_MS: '0',
    });
    expect((await ask()).status).toBe(200);
    const held = [Buffer.alloc(Math.ceil(limit * 0.4) * MEBIBYTE, 1)];
    await waitUntil(() => overload.reason === 'memory', 'the overload to be seen');
    await expectShedding();
    held.pop();
    await waitUntil(() => overload.reason === undefined, 'the overload to be over');
    expect((await ask()).status).toBe(200);
    expect(changes).toMatchObject([
      { reason: 'memory', isOverloaded: true, threshold: 90 },
      { reason: 'memory', isOverloaded: false, threshold: 90 },
    ]);
  });
});
