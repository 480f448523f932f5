import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../src/common/errors/api-error.js';
import { ResponseRetention } from '../src/proxy/responses/store/response-retention.js';
import { ResponseStore } from '../src/proxy/responses/store/response-store.js';
import { GroupCommitWriter } from '../src/database/group-commit-writer.js';
import { query } from './support/book-entries.js';
import { expectRefusal, partsOf } from './support/expect-refusal.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { eitherForm, USAGE } from './support/vendor-answers.js';

const MODEL = 'vendor/m';

let upstream: FaultUpstream;
let app: TestApp;
let client: OpenAI;

async function start(env: Record<string, string> = {}): Promise<void> {
  app = await TestApp.start({
    env,
    yaml: JSON.stringify({
      providers: [{ name: 'vendor', type: 'openai-compatible', baseUrl: upstream.url }],
    }),
  });
  client = new OpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
}

beforeEach(async () => {
  upstream = await FaultUpstream.start();
  upstream.always(eitherForm('A secret answer', USAGE));
});
afterEach(async () => {
  await app.close();
  await upstream.close();
});

const rows = () =>
  query<{ id: string; body: string }>(app, 'SELECT * FROM stored_responses ORDER BY created_at');
const items = () => query(app, 'SELECT * FROM stored_response_items');
const messages = () =>
  (JSON.parse(upstream.requests.at(-1)!.body) as { messages: object[] }).messages;

describe('stored responses', () => {
  it('are there when the client sees the end, whole or streamed', async () => {
    await start();
    const whole = await client.responses.create({ model: MODEL, input: 'Hello' });
    expect(await client.responses.retrieve(whole.id)).toMatchObject({
      id: whole.id,
      status: 'completed',
      output: whole.output,
      usage: whole.usage,
    });
    const stream = await client.responses.create({ model: MODEL, input: 'Hello', stream: true });
    for await (const event of stream) {
      if (event.type !== 'response.completed') continue;
      expect((await client.responses.retrieve(event.response.id)).output).toEqual(
        event.response.output,
      );
    }
  });

  it('make a conversation', async () => {
    await start();
    let id: string | undefined;
    for (const input of ['One', 'Two', 'Three']) {
      const answer = await client.responses.create({
        model: MODEL,
        input,
        instructions: `Answer ${input}.`,
        ...(id !== undefined && { previous_response_id: id }),
      });
      expect(answer.previous_response_id).toBe(id ?? null);
      id = answer.id;
    }
    const answered = { role: 'assistant', content: 'A secret answer' };
    expect(messages()).toEqual([
      { role: 'system', content: 'Answer Three.' },
      { role: 'user', content: 'One' },
      answered,
      { role: 'user', content: 'Two' },
      answered,
      { role: 'user', content: 'Three' },
    ]);
    const page = await client.responses.inputItems.list(id!, { order: 'asc', limit: 2 });
    expect(page.data).toMatchObject([{ content: 'One' }, { type: 'message', role: 'assistant' }]);
    expect(page.has_more).toBe(true);
    const next = await page.getNextPage();
    expect(next.data).toMatchObject([{ content: 'Two' }, { role: 'assistant' }]);
    const latest = await client.responses.inputItems.list(id!, { limit: 1 });
    expect(latest.data).toMatchObject([{ content: 'Three' }]);
  });

  it('end where one of them was deleted', async () => {
    await start();
    const first = await client.responses.create({ model: MODEL, input: 'One' });
    const second = await client.responses.create({
      model: MODEL,
      input: 'Two',
      previous_response_id: first.id,
    });
    await client.responses.delete(first.id);
    expect(await rows()).toHaveLength(1);
    expect(await items()).toHaveLength(1);
    const asked = client.responses.create({
      model: MODEL,
      input: 'Three',
      previous_response_id: second.id,
    });
    await expect(asked).rejects.toMatchObject({ status: 404, param: 'previous_response_id' });
  });

  it('cannot be read in the database', async () => {
    await start();
    await client.responses.create({ model: MODEL, input: 'A secret question' });
    const [row] = await rows();
    expect(row?.body).toMatch(/^[A-Za-z0-9+/=]{100,}$/);
    expect(JSON.stringify(row)).not.toContain('secret');
  });

  it('survive a restart', async () => {
    await start();
    const { id } = await client.responses.create({ model: MODEL, input: 'Hello' });
    const { dataDir } = app;
    const again = await TestApp.start({ dataDir });
    const answer = await fetch(`${again.url}/v1/responses/${id}`, {
      headers: { authorization: `Bearer ${app.adminKey}` },
    });
    expect(await answer.json()).toMatchObject({ id });
    await again.close();
  });

  it('are none where the client or the operator says so', async () => {
    await start();
    const unwanted = await client.responses.create({ model: MODEL, input: 'Hi', store: false });
    expect(unwanted['store' as keyof typeof unwanted]).toBe(false);
    expect(await rows()).toEqual([]);
    await app.close();

    await start({ RESPONSES_RETENTION_SECONDS: '0' });
    expect(await client.responses.create({ model: MODEL, input: 'Hi' })).toMatchObject({
      store: false,
    });
    expect(await rows()).toEqual([]);
    for (const more of [{ store: true }, { previous_response_id: unwanted.id }]) {
      const asked = client.responses.create({ model: MODEL, input: 'Hi', ...more });
      await expect(asked).rejects.toMatchObject({ status: 400, code: 'unsupported_parameter' });
    }
  });

  it('are none when what they answer is too large', async () => {
    await start({ RESPONSES_MAX_BYTES: '1000' });
    const input = 'x'.repeat(1000);
    const { data, response } = await client.responses
      .create({ model: MODEL, input, store: true })
      .withResponse();
    expect(data).toMatchObject({ store: false });
    expect(response.headers.get('x-llm-proxy-translation')).toBe('store=dropped');
    expect(await rows()).toEqual([]);
  });

  it('are removed when their time is up', async () => {
    await start();
    const { id } = await client.responses.create({ model: MODEL, input: 'Hello' });
    const kept = await client.responses.create({ model: MODEL, input: 'Hello' });
    await app.app
      .get(GroupCommitWriter)
      .transaction((manager) =>
        manager.query('UPDATE stored_responses SET expires_at = 1 WHERE id = ?', [id]),
      );
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await app.app.get(ResponseRetention, { strict: false }).sweep();
    expect((await rows()).map((row) => row.id)).toEqual([kept.id]);
    expect(await items()).toHaveLength(1);
  });

  it('make room for later ones of their client', async () => {
    await start({ RESPONSES_CLIENT_MAX_BYTES: '20000' });
    const ids: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      ids.push((await client.responses.create({ model: MODEL, input: 'Hello' })).id);
    }
    await app.app.get(ResponseRetention, { strict: false }).sweep();
    const left = (await rows()).map(({ id }) => id);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(12);
    expect(left).toEqual(ids.slice(-left.length));
    const [sum] = await query<{ bytes: number }>(
      app,
      'SELECT SUM(bytes) AS bytes FROM stored_responses',
    );
    expect(sum!.bytes).toBeLessThanOrEqual(20_000);
  });

  it('are not said to be there when they could not be stored', async () => {
    await start();
    const failing = vi
      .spyOn(app.app.get(ResponseStore, { strict: false }), 'keep')
      .mockRejectedValue(new ApiError('ledger_unavailable', 'The response cannot be stored.'));
    const whole = client.responses.create({ model: MODEL, input: 'Hello' });
    await expect(whole).rejects.toMatchObject({ status: 503, code: 'ledger_unavailable' });

    const events: { type: string; sequence_number: number }[] = [];
    const stream = await client.responses.create({ model: MODEL, input: 'Hello', stream: true });
    const reading = async (): Promise<void> => {
      for await (const event of stream) events.push(event);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'ledger_unavailable' });
    expect(events.map(({ type }) => type)).not.toContain('response.completed');
    expect(events.map(({ sequence_number: number }) => number)).toEqual([...events.keys()]);
    failing.mockRestore();
  });

  it.each([
    ['an order', '?order=up', 'order'],
    ['a limit', '?limit=0', 'limit'],
    ['an item', '?after=nothing', 'after'],
  ])('are listed with %s that exists', async (_what, search, param) => {
    await start();
    const { id } = await client.responses.create({ model: MODEL, input: 'Hello' });
    const answer = await fetch(`${app.url}/v1/responses/${id}/input_items${search}`, {
      headers: { authorization: `Bearer ${app.adminKey}` },
    });
    expectRefusal(await partsOf(answer), {
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_value',
      param,
    });
  });
});
