import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HELLO } from './support/prompts.js';
import { ProxyProcess, START_TIMEOUT_MS } from './support/proxy-process.js';

const KEY = 'key-of-the-degradation-spec-0123456789';

let dataDir: string;
let proxy: ProxyProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'llm-proxy-degradation-'));
  const yaml = JSON.stringify({
    providers: [{ name: 'simulated', type: 'simulated' }],
    clients: [{ name: 'caller', apiKeys: [KEY] }],
  });
  proxy = await ProxyProcess.start({ dataDir, yaml });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await proxy.kill();
  await rm(dataDir, { recursive: true, force: true });
});

async function ask(): Promise<number> {
  const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'simulated/echo', messages: HELLO }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Asks for the metrics and leaves at the first byte of the answer, or before it. */
function leaveScrape(beforeAnswer: boolean): Promise<void> {
  return new Promise((resolve) => {
    const scrape = request(`${proxy.url}/metrics`, { agent: false }, () => scrape.destroy());
    scrape.on('error', () => undefined);
    scrape.on('close', resolve);
    scrape.end();
    if (beforeAnswer)
      scrape.once('socket', (socket) => socket.once('connect', () => scrape.destroy()));
  });
}

describe('requests are answered', () => {
  it('while whoever reads the metrics breaks off', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, index) => leaveScrape(index % 2 === 0)));
    expect(await ask()).toBe(200);
    const metrics = await (await fetch(`${proxy.url}/metrics`)).text();
    expect(metrics).toMatch(/^llm_proxy_requests_total\{.*status="ok"\} 1$/m);
  });

  it('when nobody reads the log any more', async () => {
    proxy.stopReading();
    for (let asked = 0; asked < 20; asked += 1) expect(await ask()).toBe(200);
    expect((await fetch(`${proxy.url}/health/ready`)).status).toBe(200);
  });
});
