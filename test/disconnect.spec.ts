import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LedgerCheck } from '../src/usage/ledger-check.js';
import { countTokensInSlices } from '../src/usage/estimation/token-worker.js';
import type { UsageRow } from '../src/usage/usage-export.js';
import { entriesOf } from './support/book-entries.js';
import { SteeredUpstream, type SteeredCall } from './support/steered-upstream.js';
import { StreamClient } from './support/stream-client.js';
import { TestApp } from './support/test-app.js';
import { chunk, completion, textChunk, usageChunk, vendorUsage } from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const TEXT = 'x'.repeat(40);
const ARGUMENTS = 'y'.repeat(80);
const INPUT_PRICE = 1000;
const OUTPUT_PRICE = 2000;
const PROMPT = 'p'.repeat(400);
const ESTIMATED_INPUT = countTokensInSlices(PROMPT);

let upstream: SteeredUpstream;
let app: TestApp;
/** The proxy's ends of its clients' connections, by the clients' ports. */
const sockets = new Map<number, Socket>();

beforeAll(async () => {
  upstream = await SteeredUpstream.start();
  const provider = {
    type: 'openai-compatible',
    baseUrl: upstream.url,
    retries: { maxAttempts: 3, baseMs: 0 },
    breaker: { enabled: false },
  };
  const price = { input: INPUT_PRICE / 1000, output: OUTPUT_PRICE / 1000 };
  app = await TestApp.start({
    yaml: JSON.stringify({
      providers: [
        { ...provider, name: 'cancel', disconnect: 'cancel' },
        { ...provider, name: 'drain', disconnect: 'drain', drainMs: 600_000 },
        { ...provider, name: 'impatient', disconnect: 'drain', drainMs: 50 },
      ],
      models: [{ name: 'twice', targets: [{ model: 'drain/model' }], fallbacks: ['cancel/model'] }],
      prices: ['cancel', 'drain', 'impatient'].map((name) => ({
        model: `${name}/model`,
        ...price,
      })),
    }),
  });
  app.app.getHttpServer().on('connection', (socket: Socket) => {
    if (socket.remotePort !== undefined) sockets.set(socket.remotePort, socket);
  });
});

afterAll(async () => {
  await app.close();
  await upstream.close();
});

let asked = 0;

/** Sends a request and waits until it has reached the upstream. */
async function ask(model: string, stream: boolean, headers: Record<string, string> = {}) {
  asked += 1;
  const requestId = `disconnect_${asked}`;
  const index = upstream.calls.length;
  const client = new StreamClient({
    url: app.url,
    key: app.adminKey,
    body: { model, stream, messages: [{ role: 'user', content: PROMPT }] },
    headers: { 'x-request-id': requestId, ...headers },
  });
  const call = await upstream.waitForCall(index);
  return { client, call, requestId };
}

/** Closes the client's connection and waits until the proxy has seen that. */
async function leave(client: StreamClient): Promise<void> {
  const socket = sockets.get(client.port as number) as Socket;
  client.leave();
  await waitUntil(() => socket.closed, 'the proxy to see that its client left');
}

/** The one row of a request, once it is there; and nothing but its reservation beside it. */
async function settledRow(requestId: string): Promise<UsageRow> {
  const row = await waitUntil(
    async () => (await app.rows()).find((candidate) => candidate.request_id === requestId),
    `the row of ${requestId}`,
  );
  expect((await entriesOf(app, requestId)).map(({ kind }) => kind)).toEqual([
    'reserved',
    'settled',
  ]);
  return row;
}

const EARLY = vendorUsage(120, 3);
const FINAL = vendorUsage(120, 77);

type Report = 'early' | 'late' | 'never';

/** An answer of text and a tool call as a vendor sends it that reports usage at that point. */
function answerOf(report: Report): Record<'text' | 'toolCall' | 'rest' | 'end', object[]> {
  const early = report === 'early' ? { usage: EARLY } : {};
  const toolCall = (delta: object) => chunk({ tool_calls: [{ index: 0, ...delta }] });
  return {
    text: [chunk({ role: 'assistant', content: '' }, early), textChunk(TEXT)],
    toolCall: [
      toolCall({ id: 'call_1', type: 'function', function: { name: 'look', arguments: '' } }),
      toolCall({ function: { arguments: ARGUMENTS } }),
    ],
    rest: [
      toolCall({ function: { arguments: ARGUMENTS } }),
      chunk({}, { finish_reason: 'tool_calls' }),
    ],
    end: report === 'never' ? [] : [usageChunk(FINAL)],
  };
}

/** With what the client saw, whose tokens are counted here where the vendor did not. */
const WHOLE = TEXT + ARGUMENTS + ARGUMENTS;
const MOMENTS = [
  { moment: 'before the first byte', parts: [], output: '' },
  { moment: 'mid text', parts: ['text'], output: TEXT },
  { moment: 'mid tool call', parts: ['text', 'toolCall'], output: TEXT + ARGUMENTS },
  { moment: 'after the last token', parts: ['text', 'toolCall', 'rest'], output: WHOLE },
] as const;

const PARTS = ['text', 'toolCall', 'rest', 'end'] as const;

const MATRIX = MOMENTS.flatMap((moment) =>
  (['early', 'late', 'never'] as const).map((report) => ({ ...moment, report })),
);

async function sendParts(
  call: SteeredCall,
  report: Report,
  parts: readonly (typeof PARTS)[number][],
): Promise<number> {
  const records = parts.flatMap((part) => answerOf(report)[part]);
  if (records.length > 0) await call.send(...records);
  return records.length;
}

function costOf(row: UsageRow): number {
  return row.input_tokens * INPUT_PRICE + row.output_tokens * OUTPUT_PRICE;
}

describe('a client that leaves a stream, policy cancel', () => {
  it.each(MATRIX)('$moment, usage told $report', async ({ report, parts, output }) => {
    const { client, call, requestId } = await ask('cancel/model', true);
    const sent = await sendParts(call, report, parts);
    // The early counts ride on the first chunk, so every record is one that the client sees.
    await client.waitForFrames(sent);
    await leave(client);
    await call.waitForAbort();

    const row = await settledRow(requestId);
    const wasTold = report === 'early' && parts.length > 0;
    expect(row).toMatchObject({
      status: 'client_aborted',
      error_code: 'client_aborted',
      http_status: 499,
      attempts: 1,
      provider: 'cancel',
      input_tokens: wasTold ? EARLY.prompt_tokens : ESTIMATED_INPUT,
      // What was relayed after the counts is estimated on top of them.
      output_tokens: countTokensInSlices(output) + (wasTold ? EARLY.completion_tokens : 0),
      estimated: true,
    });
    expect(row.cost_nano_usd).toBe(costOf(row));
    expect(row.cost_nano_usd).toBeGreaterThan(0);
    const legs = JSON.parse((await entriesOf(app, requestId))[1]?.legs ?? '[]') as object[];
    expect(legs).toMatchObject([{ provider: 'cancel', status: 'aborted' }]);
  });

  it('after the counts came with the last chunk: they hold', async () => {
    const { client, call, requestId } = await ask('cancel/model', true);
    await call.send(textChunk(TEXT), chunk({}, { finish_reason: 'stop', usage: FINAL }));
    await client.waitForFrames(1);
    // The last chunk waits for its cost, so the client has not seen it; the proxy may not have
    // either, unless something that comes after it has been relayed.
    await call.write(': seen\n\n');
    await call.send(textChunk(''));
    await client.waitForFrames(3);
    await leave(client);
    await call.waitForAbort();
    expect(await settledRow(requestId)).toMatchObject({
      status: 'client_aborted',
      input_tokens: FINAL.prompt_tokens,
      output_tokens: FINAL.completion_tokens,
      estimated: false,
    });
  });

  it('with counts on every chunk: the last ones hold', async () => {
    const { client, call, requestId } = await ask('cancel/model', true);
    await call.send(
      chunk({ role: 'assistant', content: TEXT }, { usage: vendorUsage(120, 9) }),
      chunk({ content: TEXT }, { usage: vendorUsage(120, 18) }),
    );
    await client.waitForFrames(2);
    await leave(client);
    await call.waitForAbort();
    expect(await settledRow(requestId)).toMatchObject({
      status: 'client_aborted',
      input_tokens: 120,
      output_tokens: 18,
      estimated: false,
    });
  });

  it('estimates the output when the counts were told before there was any', async () => {
    const { client, call, requestId } = await ask('cancel/model', true);
    await call.send(
      chunk({ role: 'assistant', content: '' }, { usage: vendorUsage(120, 0) }),
      textChunk(TEXT),
    );
    await client.waitForFrames(2);
    await leave(client);
    await call.waitForAbort();
    expect(await settledRow(requestId)).toMatchObject({
      input_tokens: 120,
      output_tokens: countTokensInSlices(TEXT),
      estimated: true,
    });
  });

  it('after the end: the answer stays whole', async () => {
    const { client, call, requestId } = await ask('cancel/model', true);
    await call.send(textChunk(TEXT), chunk({}, { finish_reason: 'stop' }), usageChunk(FINAL));
    await call.done();
    await waitUntil(() => client.isDone, 'the end of the stream');
    client.leave();
    expect(await settledRow(requestId)).toMatchObject({
      status: 'ok',
      output_tokens: FINAL.completion_tokens,
      estimated: false,
    });
  });
});

describe('a client that leaves a stream, policy drain', () => {
  it.each(MATRIX)('$moment, usage told $report', async ({ report, parts }) => {
    const { client, call, requestId } = await ask('drain/model', true);
    const sent = await sendParts(call, report, parts);
    await client.waitForFrames(sent);
    await leave(client);
    await sendParts(call, report, PARTS.slice(parts.length));
    await call.done();

    const row = await settledRow(requestId);
    const whole =
      report === 'never'
        ? { input: ESTIMATED_INPUT, output: countTokensInSlices(WHOLE) }
        : undefined;
    expect(row).toMatchObject({
      status: 'client_aborted',
      attempts: 1,
      input_tokens: whole?.input ?? FINAL.prompt_tokens,
      output_tokens: whole?.output ?? FINAL.completion_tokens,
      estimated: report === 'never',
    });
    expect(row.cost_nano_usd).toBe(costOf(row));
    expect(call.isAborted).toBe(false);
  });

  it('does not wait for longer than drainMs', async () => {
    const { client, call, requestId } = await ask('impatient/model', true);
    await call.send(textChunk(TEXT));
    await client.waitForFrames(1);
    await leave(client);
    await call.waitForAbort();
    expect(await settledRow(requestId)).toMatchObject({
      status: 'client_aborted',
      input_tokens: ESTIMATED_INPUT,
      output_tokens: countTokensInSlices(TEXT),
      estimated: true,
    });
  });

  it('does not call again for a client that is gone', async () => {
    const { client, call, requestId } = await ask('twice', true);
    const calls = upstream.calls.length;
    await leave(client);
    call.cut();
    expect(await settledRow(requestId)).toMatchObject({ status: 'client_aborted', attempts: 1 });
    expect(upstream.calls).toHaveLength(calls);
  });

  it('keeps the whole answer for its idempotency key', async () => {
    const headers = { 'idempotency-key': 'left-and-came-back' };
    const { client, call, requestId } = await ask('drain/model', true, headers);
    await call.send(textChunk('one '));
    await client.waitForFrames(1);
    await leave(client);
    await call.send(textChunk('two'), chunk({}, { finish_reason: 'stop' }), usageChunk(FINAL));
    await call.done();
    await settledRow(requestId);

    const body = { model: 'drain/model', stream: true };
    const again = await waitUntil(async () => {
      const messages = [{ role: 'user', content: PROMPT }];
      const repeated = new StreamClient({
        url: app.url,
        key: app.adminKey,
        body: { ...body, messages },
        headers,
      });
      await repeated.ended;
      return repeated.isDone && repeated;
    }, 'the answer to be kept');
    expect(again.text).toBe('one two');
    expect((await again.answered).headers['x-request-id']).toBe(requestId);
    expect(await settledRow(requestId)).toMatchObject({ status: 'client_aborted' });
  });
});

describe('a client that leaves before a whole answer', () => {
  it('cancels, and pays for the prompt', async () => {
    const { client, call, requestId } = await ask('cancel/model', false);
    await leave(client);
    await call.waitForAbort();
    const row = await settledRow(requestId);
    expect(row).toMatchObject({
      status: 'client_aborted',
      http_status: 499,
      input_tokens: ESTIMATED_INPUT,
      output_tokens: 0,
      cost_nano_usd: ESTIMATED_INPUT * INPUT_PRICE,
      estimated: true,
    });
  });

  it('drains to the real usage', async () => {
    const { client, call, requestId } = await ask('drain/model', false);
    await leave(client);
    call.json(completion(TEXT, FINAL));
    const row = await settledRow(requestId);
    expect(row).toMatchObject({
      status: 'client_aborted',
      input_tokens: FINAL.prompt_tokens,
      output_tokens: FINAL.completion_tokens,
      estimated: false,
    });
    expect(row.cost_nano_usd).toBe(costOf(row));
  });

  it('does not drain for longer than drainMs', async () => {
    const { client, call, requestId } = await ask('impatient/model', false);
    await leave(client);
    await call.waitForAbort();
    expect(await settledRow(requestId)).toMatchObject({
      status: 'client_aborted',
      input_tokens: ESTIMATED_INPUT,
      estimated: true,
    });
  });

  it('does not call again for a client that is gone', async () => {
    const { client, call, requestId } = await ask('twice', false);
    const calls = upstream.calls.length;
    await leave(client);
    call.cut();
    expect(await settledRow(requestId)).toMatchObject({ status: 'client_aborted', attempts: 1 });
    expect(upstream.calls).toHaveLength(calls);
  });
});

it('leaves books that agree with themselves', async () => {
  const checked = await app.app.get(LedgerCheck).run(Date.now() + 20_000);
  expect(checked.filter(({ violations }) => violations > 0)).toEqual([]);
});
