import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UsageRow } from '../src/usage/usage-export.js';
import { countTokensInSlices } from '../src/usage/estimation/token-worker.js';
import { FaultUpstream } from './support/fault-upstream.js';
import type { FaultScript } from './support/fault-script.js';
import { SteeredUpstream } from './support/steered-upstream.js';
import { StreamClient } from './support/stream-client.js';
import { TestApp } from './support/test-app.js';
import {
  chunk,
  stream,
  streamEvents,
  textChunk,
  usageChunk,
  vendorUsage,
} from './support/vendor-answers.js';
import { waitUntil } from './support/wait-until.js';

const MESSAGES = [{ role: 'user', content: 'Tell me.' }];
const MEBIBYTE = 1024 * 1024;

let upstream: FaultUpstream;
let steered: SteeredUpstream;
let app: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  steered = await SteeredUpstream.start();
  const shared = { apiKey: 'vendor-key', breaker: { enabled: false }, retries: { maxAttempts: 1 } };
  app = await TestApp.start({
    env: { STREAM_KEEP_ALIVE_MS: '20', STREAM_STALL_TIMEOUT_MS: '20000' },
    yaml: JSON.stringify({
      providers: [
        { ...shared, name: 'vendor', type: 'openai', baseUrl: upstream.url },
        {
          ...shared,
          name: 'steered',
          type: 'openai',
          baseUrl: steered.url,
          timeouts: { idleMs: 20_000 },
        },
        {
          ...shared,
          name: 'hasty',
          type: 'openai',
          baseUrl: steered.url,
          timeouts: { idleMs: 40 },
        },
      ],
    }),
  });
});

afterAll(async () => {
  await app.close();
  await upstream.close();
  await steered.close();
});

function open(model: string, body: object = {}, reads = true): StreamClient {
  return new StreamClient({
    url: app.url,
    key: app.adminKey,
    body: { model, messages: MESSAGES, stream: true, ...body },
    reads,
  });
}

async function rowOf(client: StreamClient, from = app): Promise<UsageRow> {
  const requestId = (await client.answered).headers['x-request-id'];
  return waitUntil(async () => {
    const rows = (await from.rows()).filter((row) => row.request_id === requestId);
    expect(rows.length).toBeLessThan(2);
    return rows[0];
  }, 'the row of a stream');
}

describe('usage in a stream', () => {
  const ASKED = { stream_options: { include_usage: true } };
  const requested = () => JSON.parse(upstream.requests.at(-1)?.body as string) as object;

  it('is asked for always and shown to those who asked', async () => {
    upstream.next(stream(['Hi.'], vendorUsage(5, 2)), stream(['Hi.'], vendorUsage(5, 2)));
    const asking = open('vendor/model', ASKED);
    await asking.ended;
    expect(requested()).toMatchObject(ASKED);
    expect(asking.values.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 2 } });

    const silent = open('vendor/model');
    await silent.ended;
    expect(requested()).toMatchObject(ASKED);
    expect(silent.values).toEqual(asking.values.slice(0, -1));
    expect(silent.values.some((value) => 'usage' in value)).toBe(false);
    expect(await rowOf(silent)).toMatchObject({ input_tokens: 5, output_tokens: 2 });
  });

  describe('that its vendor tells with the finish reason', () => {
    const usage = vendorUsage(5, 2);
    const told = { ...usage, cost: null };
    const finish = (counts: object) => ({ ...chunk({}, { finish_reason: 'stop' }), ...counts });

    it.each([
      [
        'has a chunk of its own for those who asked',
        ASKED,
        finish({ usage }),
        [finish({ usage: null }), { ...finish({ usage: told }), choices: [] }],
      ],
      ['is left there for those who did not ask', {}, finish({ usage }), [finish({ usage: told })]],
      [
        'is left where only its vendor looks for it',
        ASKED,
        finish({ x_groq: { usage } }),
        [finish({ x_groq: { usage } })],
      ],
    ])('%s', async (_what, body, last, expected) => {
      upstream.next({ events: [textChunk('Hi.'), last], done: true });
      const client = open('vendor/model', body);
      await client.ended;
      expect(client.isDone).toBe(true);
      expect(client.values.slice(1)).toEqual(expected);
      expect(await rowOf(client)).toMatchObject({ output_tokens: 2, estimated: false });
    });
  });

  it('is the last one of a vendor that counts on every chunk', async () => {
    upstream.next({
      events: [
        chunk({ content: 'a' }, { usage: vendorUsage(5, 1) }),
        chunk({ content: 'b' }, { usage: vendorUsage(5, 2) }),
        chunk({}, { finish_reason: 'stop', usage: vendorUsage(5, 3) }),
      ],
      done: true,
    });
    const client = open('vendor/model');
    await client.ended;
    expect(client.text).toBe('ab');
    expect(await rowOf(client)).toMatchObject({ input_tokens: 5, output_tokens: 3 });
  });
});

describe('the bytes of a stream', () => {
  const TEXTS = ['Grüße, ', '世界 ', '👩‍👩‍👧‍👦', ' "quoted" \\ and \u2028', ' '].concat(
    Array.from({ length: 40 }, (_, index) => `${index} é`),
  );
  const EVENTS = [
    ...streamEvents(TEXTS).slice(0, -1),
    chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"city":"Zürich 🏔"' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: ',"n":1}' } }] }),
    chunk({}, { finish_reason: 'tool_calls' }),
    usageChunk(vendorUsage(50, 60)),
  ];
  const FRAMES = [...EVENTS.slice(0, -1).map((event) => JSON.stringify(event)), '[DONE]'];

  it.each<[string, Pick<FaultScript, 'cut' | 'gzip'>]>([
    ['in one piece', { cut: 'whole' }],
    ['record by record', { cut: 'per-event' }],
    ['with comments between', { cut: 'with-comments' }],
    ['byte by byte', { cut: 1 }],
    ['in odd pieces', { cut: [3, 1, 17, 5, 2, 64, 1, 1, 7] }],
    ['compressed', { cut: 'per-event', gzip: true }],
    ['compressed, in small pieces', { cut: 11, gzip: true }],
  ])('are the same when they come %s', async (_, how) => {
    upstream.next({ events: EVENTS, done: true, ...how });
    const client = open('vendor/model');
    expect(await client.ended).toBe('whole');
    expect(client.frames).toEqual(FRAMES);
    expect(client.raw).not.toContain('\ufffd');
    expect(await rowOf(client)).toMatchObject({ input_tokens: 50, output_tokens: 60 });
  });

  it('are those of the vendor, unknown members and all', async () => {
    const odd =
      '{ "id":"x","choices":[ {"delta":{"content":"a","zeta":1.0,"alpha":12345678901234567890},"index":0,"finish_reason":null}],"created":1,"x_vendor":{"b":[ ]}}';
    const end = '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"id":"x"}';
    upstream.next({ events: [odd, odd, end], done: true });
    const client = open('vendor/model');
    await client.ended;
    expect(client.frames).toEqual([odd, odd, end, '[DONE]']);
  });

  it('may be a record of 16 MiB', async () => {
    const envelope = JSON.stringify(textChunk('')).length;
    const text = 'x'.repeat(16 * MEBIBYTE - envelope);
    upstream.next(stream([text], vendorUsage(1, 1)));
    const client = open('vendor/model');
    expect(await client.ended).toBe('whole');
    expect(client.isDone).toBe(true);
    expect(client.text.length).toBe(text.length);
  });

  it('end in an error when a record is longer than that', async () => {
    upstream.next(stream(['first', 'x'.repeat(17 * MEBIBYTE)], vendorUsage(1, 1)));
    const client = open('vendor/model');
    await client.ended;
    expect(client.text).toBe('first');
    expect(client.isDone).toBe(false);
    expect(client.values.at(-1)).toMatchObject({
      error: { type: 'upstream_error', code: 'upstream_invalid_response' },
    });
    expect(await rowOf(client)).toMatchObject({
      status: 'error',
      error_code: 'upstream_invalid_response',
    });
  });
});

describe('the pace of a stream', () => {
  it('gives each chunk to the client before the next one exists', async () => {
    const index = steered.calls.length;
    const client = open('steered/model');
    const call = await steered.waitForCall(index);
    for (let sent = 1; sent <= 5; sent += 1) {
      await call.send(textChunk(`${sent} `));
      await client.waitForFrames(sent);
    }
    // A vendor that counts as it goes must not be a chunk behind either.
    await call.send(chunk({ content: '6 ' }, { usage: vendorUsage(1, 6) }));
    await client.waitForFrames(6);
    await call.send(chunk({}, { finish_reason: 'stop' }));
    await call.done();
    expect(await client.ended).toBe('whole');
    expect(client.text).toBe('1 2 3 4 5 6 ');
  });

  it('fills silence with comments once it has begun, and only then', async () => {
    const index = steered.calls.length;
    const client = open('steered/model');
    const call = await steered.waitForCall(index);
    let begun = false;
    void client.answered.then(() => (begun = true));
    // A stream beside it has a dozen silences long enough for a comment.
    const other = open('steered/model');
    const otherCall = await steered.waitForCall(index + 1);
    await otherCall.send(textChunk('Hm'));
    await waitUntil(() => other.comments >= 12, 'comments in a silent stream');
    expect(begun).toBe(false);

    await call.send(textChunk('Well'));
    await waitUntil(() => client.comments >= 3, 'comments in a stream that has begun');
    for (const each of [call, otherCall]) {
      await each.send(chunk({}, { finish_reason: 'stop' }));
      await each.done();
    }
    await Promise.all([client.ended, other.ended]);
    expect(client.text).toBe('Well');
    expect(client.isDone).toBe(true);
    expect(other.isDone).toBe(true);
  });

  it('tells a vendor that fell silent from one that thinks', async () => {
    const index = steered.calls.length;
    const client = open('hasty/model');
    const call = await steered.waitForCall(index);
    await call.send(textChunk('x'.repeat(40)));
    await client.ended;
    expect(client.values.at(-1)).toMatchObject({
      error: { type: 'upstream_error', code: 'upstream_timeout' },
    });
    await call.waitForAbort();
    expect(await rowOf(client)).toMatchObject({
      status: 'error',
      error_code: 'upstream_timeout',
      http_status: 504,
      output_tokens: countTokensInSlices('x'.repeat(40)),
      estimated: true,
    });
  });
});

describe('a stream whose client does not read', () => {
  /** 64 KiB each, and 50 MB of them. */
  const offer: FaultScript = {
    events: [textChunk('x'.repeat(65_536))],
    repeat: 763,
    cut: 'per-event',
    ending: 'stall',
  };

  it('waits for it with a few megabytes under way, and closes it in the end', async () => {
    const hasty = await TestApp.start({
      env: { STREAM_STALL_TIMEOUT_MS: '300' },
      yaml: JSON.stringify({
        providers: [{ name: 'vendor', type: 'openai-compatible', baseUrl: upstream.url }],
      }),
    });
    try {
      upstream.next(offer);
      const index = upstream.requests.length;
      const client = new StreamClient({
        url: hasty.url,
        key: hasty.adminKey,
        body: { model: 'vendor/model', messages: MESSAGES, stream: true },
        reads: false,
      });
      await upstream.waitForAbort(index);
      expect(upstream.requests[index]?.bytesSent).toBeLessThan(16 * MEBIBYTE);
      const row = await rowOf(client, hasty);
      expect(row).toMatchObject({ status: 'client_aborted', estimated: true });
      expect(row.output_tokens).toBeGreaterThan(0);
      client.read();
      expect(await client.ended).toBe('broken');
      expect(client.isDone).toBe(false);
      expect(await hasty.rows()).toHaveLength(1);
    } finally {
      await hasty.close();
    }
  });

  it('is whole when it reads on in time', async () => {
    const texts = Array.from({ length: 400 }, (_, index) => `${index}:${'x'.repeat(65_536)};`);
    upstream.next(stream(texts, vendorUsage(1, 400)));
    const index = upstream.requests.length;
    const client = open('vendor/model', {}, false);
    // It stands still when nothing more arrives at the proxy for as long as we look.
    let sent = -1;
    await waitUntil(() => {
      const before = sent;
      sent = upstream.requests[index]?.bytesSent ?? 0;
      return sent > MEBIBYTE && sent === before;
    }, 'the upstream to stand still');
    client.read();
    expect(await client.ended).toBe('whole');
    expect(client.text === texts.join('')).toBe(true);
    expect(client.isDone).toBe(true);
    expect(await rowOf(client)).toMatchObject({ status: 'ok', output_tokens: 400 });
  });
});

describe('the end of a stream', () => {
  const TEXT = 'x'.repeat(40);
  const whole = streamEvents([TEXT], vendorUsage(5, 9));

  it('is whole without [DONE] when the vendor said why it stopped', async () => {
    upstream.next({ events: whole, cut: 'per-event' });
    const client = open('vendor/model');
    expect(await client.ended).toBe('whole');
    expect(client.isDone).toBe(true);
    expect(await rowOf(client)).toMatchObject({ status: 'ok', output_tokens: 9 });
  });

  it.each<[string, FaultScript, string]>([
    [
      'ends without [DONE] and without a reason',
      { events: whole, cut: 'per-event', afterEvents: 2, ending: 'end' },
      'upstream_invalid_response',
    ],
    [
      'is cut off',
      { events: whole, cut: 'per-event', afterEvents: 2, ending: 'truncate' },
      'upstream_error',
    ],
    [
      'is reset',
      { events: whole, cut: 'per-event', afterEvents: 2, ending: 'reset' },
      'upstream_error',
    ],
    [
      'turns into an error',
      { events: whole, cut: 'per-event', afterEvents: 2, ending: 'error' },
      'upstream_error',
    ],
    [
      'turns into something unreadable',
      { events: [...whole.slice(0, 2), 'not json', ...whole.slice(2)], cut: 'per-event' },
      'upstream_invalid_response',
    ],
  ])('is a typed error when the answer %s', async (_, script, code) => {
    upstream.next(script);
    const client = open('vendor/model');
    expect((await client.answered).statusCode).toBe(200);
    await client.ended;
    expect(client.text).toBe(TEXT);
    expect(client.values.at(-1)).toMatchObject({ error: { type: 'upstream_error', code } });
    // Exactly one error, and it is the last thing that was said.
    expect(client.values.filter((value) => 'error' in value)).toHaveLength(1);
    expect(client.frames).not.toContain('[DONE]');
    expect(await rowOf(client)).toMatchObject({
      status: 'error',
      error_code: code,
      http_status: 502,
      output_tokens: countTokensInSlices('x'.repeat(40)),
      estimated: true,
    });
  });

  it('has nothing after it', async () => {
    upstream.next({
      body: [
        ...whole.map((event) => JSON.stringify(event)),
        '[DONE]',
        JSON.stringify(textChunk('more')),
      ]
        .map((data) => `data: ${data}\n\n`)
        .join(''),
    });
    const client = open('vendor/model');
    expect(await client.ended).toBe('whole');
    expect(client.text).toBe(TEXT);
    expect(client.raw.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(client.frames.filter((frame) => frame === '[DONE]')).toHaveLength(1);
  });

  it('keeps the counts that were told before it broke', async () => {
    const usage = vendorUsage(5, 10);
    upstream.next({
      events: [chunk({ content: TEXT }, { usage }), textChunk('y'.repeat(8))],
      cut: 'per-event',
      afterEvents: 2,
      ending: 'truncate',
    });
    const client = open('vendor/model');
    await client.ended;
    expect(await rowOf(client)).toMatchObject({
      status: 'error',
      input_tokens: 5,
      output_tokens: 10 + 2,
      estimated: true,
    });
  });

  it.each<[string, FaultScript]>([
    ['an empty body', { body: '', headers: { 'content-type': 'text/event-stream' } }],
    ['nothing but comments', { body: ': a\n\n: b\n\n' }],
    ['nothing but [DONE]', { body: 'data: [DONE]\n\n' }],
    ['compressed and cut before anything could be read', { events: whole, gzip: 'truncated' }],
  ])('is a 502, not an empty 200, when the answer is %s', async (_, script) => {
    upstream.next(script);
    const client = open('vendor/model');
    expect((await client.answered).statusCode).toBe(502);
    expect(await rowOf(client)).toMatchObject({
      status: 'error',
      error_code: 'upstream_invalid_response',
      input_tokens: 0,
      output_tokens: 0,
    });
  });
});
