import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UsageRow } from '../src/usage/usage-export.js';
import { countTokensInSlices } from '../src/usage/estimation/token-worker.js';
import { FaultUpstream } from './support/fault-upstream.js';
import type { FaultScript } from './support/fault-script.js';
import { TestApp } from './support/test-app.js';
import { completion, eitherForm, stream, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

let upstream: FaultUpstream;
let backup: FaultUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  backup = await FaultUpstream.start();
  const retries = { maxAttempts: 3, baseMs: 0 };
  const breaker = { enabled: false };
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        { name: 'openai', type: 'openai', baseUrl: upstream.url, apiKey: 'vendor-key', breaker },
        { name: 'own', type: 'openai-compatible', baseUrl: upstream.url, retries, breaker },
        { name: 'spare', type: 'openai-compatible', baseUrl: backup.url, retries, breaker },
      ],
      models: [
        { name: 'resilient', targets: [{ model: 'own/priced' }], fallbacks: ['spare/dearer'] },
      ],
      prices: [
        { model: 'own/priced', input: 3, cachedInput: 0.3, output: 15 },
        { model: 'spare/dearer', input: 30, output: 150 },
      ],
    }),
  });
});

afterAll(async () => {
  await app.close();
  await upstream.close();
  await backup.close();
});

const FORMS = ['unary', 'streamed'] as const;
type Form = (typeof FORMS)[number];

interface Answer {
  status: number;
  requestId: string;
  headers: Headers;
  /** `usage.cost` in whole nano-USD; null when it is null. */
  costNanoUsd: number | null | undefined;
}

async function ask(
  model: string,
  form: Form,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await app.chat(
    {
      model,
      messages: [{ role: 'user', content: 'How much is it?' }],
      ...(form === 'unary' ? {} : { stream: true, stream_options: { include_usage: true } }),
    },
    headers,
  );
  const text = await answer.text();
  const requestId = answer.headers.get('x-request-id') as string;
  const cost = answer.ok ? costIn(form === 'unary' ? text : lastFrame(text)) : undefined;
  return { status: answer.status, requestId, headers: answer.headers, costNanoUsd: cost };
}

/** The record before `[DONE]`, which is the one with the usage. */
function lastFrame(text: string): string {
  const frames = text.split('\n\n').filter((frame) => frame !== '');
  expect(frames.at(-1)).toBe('data: [DONE]');
  return (frames.at(-2) as string).slice('data: '.length);
}

function costIn(json: string): number | null {
  const { usage } = JSON.parse(json) as { usage: { cost: number | null } };
  return usage.cost === null ? null : Math.round(usage.cost * 1e9);
}

async function rowOf(requestId: string): Promise<UsageRow> {
  const rows = (await app.rows()).filter((row) => row.request_id === requestId);
  expect(rows).toHaveLength(1);
  return rows[0] as UsageRow;
}

async function legsOf(requestId: string): Promise<unknown[]> {
  const reader = app.app.get<DataSource>(getDataSourceToken('reader'));
  const rows: { legs: string }[] = await reader.query(
    'SELECT legs FROM usage_entries WHERE request_id = ? AND sequence = 1',
    [requestId],
  );
  return JSON.parse((rows[0] as { legs: string }).legs) as unknown[];
}

function sum(rows: readonly UsageRow[], read: (row: UsageRow) => number | null): number {
  return rows.reduce((total, row) => total + (read(row) ?? 0), 0);
}

describe.each(FORMS)('the row of a %s answer', (form) => {
  it.each([
    {
      what: 'an override',
      model: 'own/priced',
      usage: vendorUsage(1000, 50),
      expected: { input_tokens: 1000, cached_input_tokens: 0, output_tokens: 50 },
      cost: 1000 * 3000 + 50 * 15_000,
    },
    {
      what: 'an override, part of the input cached and part of the output thought',
      model: 'own/priced',
      usage: vendorUsage(1000, 50, { cached: 400, reasoning: 20 }),
      expected: {
        input_tokens: 1000,
        cached_input_tokens: 400,
        output_tokens: 50,
        reasoning_tokens: 20,
      },
      cost: 600 * 3000 + 400 * 300 + 50 * 15_000,
    },
    {
      what: 'an imported price',
      model: 'openai/gpt-4o-mini',
      usage: vendorUsage(1000, 50, { cached: 400 }),
      expected: { input_tokens: 1000, cached_input_tokens: 400, output_tokens: 50 },
      cost: 600 * 150 + 400 * 75 + 50 * 600,
    },
    {
      what: 'no price',
      model: 'own/unpriced',
      usage: vendorUsage(7, 11),
      expected: { input_tokens: 7, output_tokens: 11 },
      cost: null,
    },
  ])('has the counts of the upstream and the cost of $what', async (wanted) => {
    upstream.next(eitherForm('Five dollars.', wanted.usage));
    const answer = await ask(wanted.model, form);
    expect(answer.status).toBe(200);
    const row = await rowOf(answer.requestId);
    expect(row).toMatchObject({
      ...wanted.expected,
      cost_nano_usd: wanted.cost,
      requested_model: wanted.model,
      client: 'test-admin',
      dialect: 'chat',
      status: 'ok',
      estimated: false,
      attempts: 1,
      http_status: 200,
      error_code: null,
      stream: form === 'streamed',
      cache_hit: false,
      has_images: false,
    });
    expect(answer.costNanoUsd).toBe(wanted.cost);
    const header = answer.headers.get('x-llm-proxy-cost');
    if (form === 'streamed' || wanted.cost === null) expect(header).toBeNull();
    else expect(Math.round(Number(header) * 1e9)).toBe(wanted.cost);
  });

  it('is estimated, and says so, when the upstream reports nothing', async () => {
    const said = 'x'.repeat(401);
    const prompt = 'y'.repeat(80);
    const [input, output] = [countTokensInSlices(prompt), countTokensInSlices(said)];
    upstream.next(eitherForm(said));
    const messages = [{ role: 'user', content: prompt }];
    const answer = await app.chat({ model: 'own/priced', messages, stream: form === 'streamed' });
    await answer.text();
    expect(await rowOf(answer.headers.get('x-request-id') as string)).toMatchObject({
      status: 'ok',
      input_tokens: input,
      output_tokens: output,
      cost_nano_usd: input * 3000 + output * 15_000,
      estimated: true,
    });
  });

  it('is estimated when the upstream reports counts that nobody can believe', async () => {
    const said = 'x'.repeat(40);
    const output = countTokensInSlices(said);
    upstream.next(eitherForm(said, vendorUsage(9e15, 1e300)));
    const answer = await ask('own/priced', form);
    expect(answer.status).toBe(200);
    const row = await rowOf(answer.requestId);
    expect(row).toMatchObject({
      status: 'ok',
      output_tokens: output,
      cost_nano_usd: row.input_tokens * 3000 + output * 15_000,
      estimated: true,
    });
    expect(answer.costNanoUsd).toBe(row.cost_nano_usd);
  });

  it('has one leg for each call after retries', async () => {
    upstream.next(
      { status: 500, body: { error: { message: 'Oops', type: 'server_error' } } },
      { beforeHeaders: 'reset' },
      eitherForm('At last.', vendorUsage(10, 20)),
    );
    const answer = await ask('own/priced', form);
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('3');
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('own');
    expect(await rowOf(answer.requestId)).toMatchObject({
      attempts: 3,
      provider: 'own',
      model: 'priced',
      status: 'ok',
      cost_nano_usd: 10 * 3000 + 20 * 15_000,
    });
    expect(await legsOf(answer.requestId)).toMatchObject([
      { provider: 'own', status: 'error', error: 'failed', httpStatus: 500 },
      { provider: 'own', status: 'error', error: 'failed' },
      { provider: 'own', status: 'ok' },
    ]);
  });

  it('names the fallback that answered, at its price', async () => {
    const down: FaultScript = { status: 503, body: { error: { message: 'Down', type: 'x' } } };
    upstream.next(down, down, down);
    backup.next(eitherForm('From the spare.', vendorUsage(10, 20)));
    const answer = await ask('resilient', form);
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('4');
    expect(answer.headers.get('x-llm-proxy-provider')).toBe('spare');
    expect(answer.headers.get('x-llm-proxy-model')).toBe('dearer');
    const row = await rowOf(answer.requestId);
    expect(row).toMatchObject({
      attempts: 4,
      requested_model: 'resilient',
      provider: 'spare',
      model: 'dearer',
      cost_nano_usd: 10 * 30_000 + 20 * 150_000,
    });
    expect(answer.costNanoUsd).toBe(row.cost_nano_usd);
    expect(await legsOf(answer.requestId)).toMatchObject([
      { provider: 'own', model: 'priced', status: 'error', httpStatus: 503 },
      { provider: 'own', model: 'priced', status: 'error', httpStatus: 503 },
      { provider: 'own', model: 'priced', status: 'error', httpStatus: 503 },
      { provider: 'spare', model: 'dearer', status: 'ok' },
    ]);
  });

  it('is an error that cost nothing when every target failed', async () => {
    const down: FaultScript = { status: 500, body: { error: { message: 'Down', type: 'x' } } };
    upstream.next(down, down, down);
    backup.next(down, down, down);
    const answer = await ask('resilient', form);
    expect(answer.status).toBe(502);
    expect(answer.headers.get('x-llm-proxy-attempts')).toBe('6');
    expect(await rowOf(answer.requestId)).toMatchObject({
      status: 'error',
      error_code: 'upstream_error',
      http_status: 502,
      attempts: 6,
      input_tokens: 0,
      output_tokens: 0,
      cost_nano_usd: 0,
    });
    expect(await legsOf(answer.requestId)).toHaveLength(6);
  });
});

describe('many at once', () => {
  /** Counts that tell the requests apart: the n-th reads 1000 + n and writes n tokens. */
  const counted = (request: { body: string }): FaultScript => {
    const { messages } = JSON.parse(request.body) as { messages: [{ content: string }] };
    const number = Number(messages[0].content);
    return eitherForm(`answer ${number}`, vendorUsage(1000 + number, number))(request);
  };

  it('gives 500 concurrent requests their answers and each its row, to the token', async () => {
    const before = await app.rows();
    upstream.forModel('counted', counted);
    const numbers = Array.from({ length: 500 }, (_, index) => index + 1);
    const answers = await Promise.all(
      numbers.map(async (number) => {
        const answer = await app.chat({
          model: 'own/counted',
          messages: [{ role: 'user', content: String(number) }],
          stream: number % 2 === 0,
        });
        return {
          status: answer.status,
          id: answer.headers.get('x-request-id'),
          text: await answer.text(),
        };
      }),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(answers.every(({ text }, index) => text.includes(`answer ${index + 1}`))).toBe(true);

    const rows = (await app.rows()).slice(before.length);
    expect(rows).toHaveLength(500);
    expect(new Set(rows.map((row) => row.request_id))).toEqual(
      new Set(answers.map(({ id }) => id)),
    );
    expect(new Set(rows.map((row) => row.status))).toEqual(new Set(['ok']));
    expect(sum(rows, (row) => row.input_tokens)).toBe(500 * 1000 + (500 * 501) / 2);
    expect(sum(rows, (row) => row.output_tokens)).toBe((500 * 501) / 2);
  });

  it('answers 50 requests that bring the same id, each under an id of its own', async () => {
    const before = (await app.rows()).length;
    upstream.forModel('priced', eitherForm('Yes.', vendorUsage(1, 1)));
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => ask('own/priced', 'unary', { 'x-request-id': 'mine' })),
    );
    // One more when the first has long been closed.
    answers.push(await ask('own/priced', 'streamed', { 'x-request-id': 'mine' }));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const ids = answers.map(({ requestId }) => requestId);
    expect(new Set(ids).size).toBe(51);
    expect(ids).toContain('mine');
    const rows = (await app.rows()).slice(before);
    expect(rows.map((row) => row.request_id).toSorted()).toEqual(ids.toSorted());
  });

  it('has settled a stream when its client sees the end, 50 times at once', async () => {
    upstream.forModel('priced', stream(['Yes.'], vendorUsage(5, 2)));
    const found = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const answer = await app.chat({
          model: 'own/priced',
          messages: [{ role: 'user', content: 'Now?' }],
          stream: true,
        });
        const id = answer.headers.get('x-request-id');
        let seen = '';
        for await (const text of (answer.body as ReadableStream<Uint8Array>).pipeThrough(
          new TextDecoderStream(),
        )) {
          seen += text;
          if (seen.includes('[DONE]')) break;
        }
        return (await app.rows()).filter((row) => row.request_id === id);
      }),
    );
    for (const rows of found) expect(rows).toMatchObject([{ status: 'ok', output_tokens: 2 }]);
  });

  it('leaves nothing open', async () => {
    const reader = app.app.get<DataSource>(getDataSourceToken('reader'));
    await waitUntil(async () => {
      const rows: { open: number }[] = await reader.query(
        `SELECT SUM(CASE WHEN sequence = 0 THEN 1 ELSE -1 END) AS open FROM usage_entries WHERE sequence < 2`,
      );
      return rows[0]?.open === 0;
    }, 'every reservation to be closed');
  });
});

describe('what a row says of its request', () => {
  it('tells tags, user, session, images and the time to the first chunk', async () => {
    upstream.next(stream(['A cat.'], vendorUsage(800, 3)));
    const answer = await app.chat(
      {
        model: 'own/priced',
        stream: true,
        user: 'from the body',
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: 'https://images.test/cat.png' } }],
          },
        ],
      },
      { 'x-llm-proxy-tags': 'team=a,job=b', 'x-llm-proxy-session': 'afternoon' },
    );
    await answer.text();
    const row = await rowOf(answer.headers.get('x-request-id') as string);
    expect(row).toMatchObject({
      tags: 'team=a,job=b',
      user: 'from the body',
      session: 'afternoon',
      has_images: true,
    });
    expect(row.first_chunk_ms).toBeGreaterThanOrEqual(0);
    expect(row.latency_ms).toBeGreaterThanOrEqual(row.first_chunk_ms as number);
  });

  it('prefers the user of the header to that of the body', async () => {
    upstream.next({ body: completion('Hi.', vendorUsage(1, 1)) });
    const answer = await app.chat(
      { model: 'own/priced', user: 'body', messages: [{ role: 'user', content: 'Hi' }] },
      { 'x-llm-proxy-user': 'header' },
    );
    expect(await rowOf(answer.headers.get('x-request-id') as string)).toMatchObject({
      user: 'header',
    });
  });
});
