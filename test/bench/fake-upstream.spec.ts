import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatPlan, parsePlan } from '../../bench/answer-plan.ts';
import { startChildServer, type ChildServer } from '../../bench/child-server.ts';
import type { ServedCall } from '../../bench/fake-upstream.ts';
import { runLoad } from '../../bench/load.ts';
import { tokensFor } from '../../bench/tokens.ts';

const LOAD = { key: 'none', model: 'm', chunks: 7, intervalMs: 1, rampMs: 0, concurrency: 4 };

let upstream: ChildServer;
let relay: ChildServer;
let pipe: ChildServer;

async function takeRecord(): Promise<ServedCall[]> {
  const record = (await (await fetch(`${upstream.url}/record`)).json()) as ServedCall[];
  await fetch(`${upstream.url}/record`, { method: 'DELETE' });
  return record;
}

function ask(url: string, body: object): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
}

beforeAll(async () => {
  upstream = await startChildServer('fake-upstream.ts');
  relay = await startChildServer('bare-relay.ts', ['--upstream', upstream.url]);
  pipe = await startChildServer('bare-relay.ts', ['--upstream', upstream.url, '--mode', 'pipe']);
});

afterAll(async () => {
  await relay.stop();
  await pipe.stop();
  await upstream.stop();
});

describe('the fake upstream', () => {
  it('answers with tokens that its record repeats', async () => {
    const user = formatPlan({ id: 'one', chunks: 0, intervalMs: 0, delayMs: 2 });
    const answer = (await (await ask(relay.url, { user })).json()) as { usage: unknown };
    const { prompt, completion } = tokensFor('one');
    expect(answer.usage).toMatchObject({ prompt_tokens: prompt, completion_tokens: completion });
    expect(await takeRecord()).toEqual([
      { id: 'one', stream: false, tokens: tokensFor('one'), complete: true, chunks: 0 },
    ]);
  });

  it('streams the chunks asked for, and usage only when asked for', async () => {
    const user = formatPlan({ id: 'two', chunks: 3, intervalMs: 1, delayMs: 0 });
    const text = await (await ask(pipe.url, { user, stream: true })).text();
    const withUsage = { user, stream: true, stream_options: { include_usage: true } };
    const textWithUsage = await (await ask(pipe.url, withUsage)).text();
    expect(text.split('\n\n')).toHaveLength(3 + 3 + 1);
    expect(text).not.toContain('usage');
    expect(textWithUsage.split('\n\n')).toHaveLength(3 + 4 + 1);
    expect(textWithUsage).toContain(`"prompt_tokens":${tokensFor('two').prompt},`);
    expect(await takeRecord()).toMatchObject([{ complete: true }, { complete: true }]);
  });

  it('remembers that a client left half-way', async () => {
    const user = formatPlan({ id: 'three', chunks: 100_000, intervalMs: 1, delayMs: 0 });
    const aborting = new AbortController();
    const body = JSON.stringify({ user, stream: true });
    const url = `${pipe.url}/v1/chat/completions`;
    const response = await fetch(url, { method: 'POST', body, signal: aborting.signal });
    await response.body!.getReader().read();
    aborting.abort();
    const [call] = await takeRecord();
    expect(call).toMatchObject({ id: 'three', complete: false });
  });

  it('refuses a body that is no JSON, and other routes', async () => {
    const url = `${upstream.url}/v1/chat/completions`;
    expect((await fetch(url, { method: 'POST', body: '{' })).status).toBe(400);
    expect((await fetch(`${upstream.url}/v1/other`)).status).toBe(404);
  });
});

describe('the load generator', () => {
  it.for([false, true])('sends exactly what it was told to, stream %s', async (stream) => {
    const url = stream ? pipe.url : relay.url;
    const result = await runLoad({ ...LOAD, url, stream, requests: 30 });
    const events = stream ? 30 * (LOAD.chunks + 4) : 0;
    expect(result).toMatchObject({ requests: 30, errors: 0, events });
    const record = await takeRecord();
    expect(new Set(record.map(({ id }) => id)).size).toBe(30);
  });

  it('counts what fails', async () => {
    const result = await runLoad({
      ...LOAD,
      url: 'http://127.0.0.1:1',
      stream: false,
      requests: 3,
    });
    expect(result).toMatchObject({ requests: 3, errors: 3 });
  });

  it('speaks to this machine only', async () => {
    const load = runLoad({ ...LOAD, url: 'http://192.0.2.1', stream: false, requests: 1 });
    await expect(load).rejects.toThrow('only speaks to this machine');
  });
});

describe(parsePlan.name, () => {
  it.for([
    ['a 1 2 3', { id: 'a', chunks: 1, intervalMs: 2, delayMs: 3 }],
    ['a', { id: 'a', chunks: 20, intervalMs: 0, delayMs: 0 }],
    ['a -1 x 1.5', { id: 'a', chunks: 20, intervalMs: 0, delayMs: 0 }],
    ['', { id: 'fallback', chunks: 20, intervalMs: 0, delayMs: 0 }],
    [undefined, { id: 'fallback', chunks: 20, intervalMs: 0, delayMs: 0 }],
  ] as const)('reads %j', ([user, expected]) => {
    expect(parsePlan(user, 'fallback')).toEqual(expected);
  });
});
