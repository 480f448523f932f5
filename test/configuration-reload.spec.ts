import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { Configuration } from '../src/config/configuration.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { TestApp } from './support/test-app.js';
import { completion, streamEvents, USAGE } from './support/vendor-answers.js';

/** Far more than it takes, so that only a change that is never seen fails. */
const SOON = { timeout: 10_000 };
const FILE_KEY = 'key-of-the-configuration-file-0123456789';
const OTHER_KEY = 'another-key-of-the-configuration-file-01';

interface Settings {
  baseUrl: string;
  type?: string;
  providerKey?: string;
  price?: string;
  clientKeys?: readonly string[];
  tries?: number;
  more?: string;
}

function yaml({
  baseUrl,
  type = 'openai',
  providerKey,
  price,
  clientKeys,
  tries = 1,
  more,
}: Settings): string {
  return [
    'providers:',
    `  - { name: one, type: ${type}, baseUrl: "${baseUrl}", apiKey: ${providerKey ?? 'provider-key'}, retries: { maxAttempts: ${tries}, baseMs: 0 } }`,
    'prices:',
    `  - { model: one/gpt-test, ${price ?? 'input: 1, output: 1'} }`,
    'clients:',
    ...(clientKeys ?? [FILE_KEY]).map(
      (key, index) => `  - { name: client-${index}, apiKeys: ["${key}"] }`,
    ),
    more ?? '',
  ].join('\n');
}

let first: FaultUpstream;
let second: FaultUpstream;
let proxy: TestApp;

beforeEach(async () => {
  [first, second] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
  first.always({ body: completion('first', USAGE) });
  second.always({ body: completion('second', USAGE) });
  proxy = await TestApp.start({ yaml: yaml({ baseUrl: first.url }) });
});

afterEach(async () => {
  await proxy.close();
  await Promise.all([first.close(), second.close()]);
});

const configuration = () => proxy.app.get(Configuration);

async function write(text: string): Promise<void> {
  await writeFile(join(proxy.dataDir, 'llm-proxy.yaml'), text);
}

async function reload(settings: Settings): Promise<boolean> {
  await write(yaml(settings));
  return configuration().reload();
}

function ask(more: object = {}, key = FILE_KEY): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'one/gpt-test', messages: HELLO, ...more }),
  });
}

async function statusOf(key: string): Promise<number> {
  const answer = await fetch(`${proxy.url}/v1/models`, { headers: { 'x-api-key': key } });
  await answer.text();
  return answer.status;
}

/** What the upstream said, or the whole body of an error. */
async function content(answer: Response): Promise<string> {
  const text = await answer.text();
  if (answer.status !== 200) return text;
  const body = JSON.parse(text) as { choices: [{ message: { content: string } }] };
  return body.choices[0].message.content;
}

const lastError = () => proxy.logLines.findLast((line) => line.includes('"level":"error"')) ?? '';

describe('a changed base URL', () => {
  it('holds for the next request, while a stream goes on where it began', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    first.next({
      events: streamEvents(['One', ' two'], USAGE),
      done: true,
      cut: 'per-event',
      gate,
    });
    const stream = await ask({ stream: true });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? '';

    expect(await reload({ baseUrl: second.url })).toBe(true);
    expect(await content(await ask())).toBe('second');
    expect(first.requests).toHaveLength(1);

    open();
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
    expect(text).toContain('" two"');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(first.requests[0]!.aborted).toBe(false);
    expect(await proxy.rows()).toMatchObject([
      { status: 'ok', stream: true },
      { status: 'ok', stream: false },
    ]);
  });

  it('does not lose a request of many that come while it changes', async () => {
    const answers: Promise<string>[] = [];
    for (let round = 0; round < 10; round += 1) {
      for (let index = 0; index < 10; index += 1) answers.push(ask().then(content));
      const baseUrl = round % 2 === 0 ? second.url : first.url;
      expect(await reload({ baseUrl })).toBe(true);
    }
    const contents = await Promise.all(answers);
    expect(contents.filter((text) => text !== 'first' && text !== 'second')).toEqual([]);
    expect(first.requests.length + second.requests.length).toBe(100);
    expect((await proxy.rows()).filter((row) => row.status === 'ok')).toHaveLength(100);
  });

  it('holds for the second try of a request that was under way', async () => {
    expect(await reload({ baseUrl: first.url, tries: 2 })).toBe(true);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    first.next({ status: 500, body: { error: { message: 'Oops' } }, gate });
    const underWay = ask();
    await first.waitForRequest(0);
    expect(await reload({ baseUrl: second.url, tries: 2, providerKey: 'next-key' })).toBe(true);
    open();
    expect(await content(await underWay)).toBe('second');
    expect(first.requests).toHaveLength(1);
    expect(second.requests).toHaveLength(1);
    expect(second.requests[0]!.headers.authorization).toBe('Bearer next-key');
    expect(await proxy.rows()).toMatchObject([{ status: 'ok', attempts: 2 }]);
  });

  it('comes with its key', async () => {
    expect(await reload({ baseUrl: second.url, providerKey: 'next-provider-key' })).toBe(true);
    await ask();
    expect(second.requests[0]!.headers.authorization).toBe('Bearer next-provider-key');
  });
});

describe('a file that is wrong', () => {
  it.each<[string, (url: string) => string, string]>([
    ['is no YAML', () => 'providers: [', 'llm-proxy.yaml'],
    ['is empty', () => '', 'is empty'],
    ['has an unknown member', (url) => yaml({ baseUrl: url, more: 'porviders: []' }), 'porviders'],
    [
      'has an unknown provider type',
      (url) => yaml({ baseUrl: url, type: 'opneai' }),
      "'opneai' is not a provider type",
    ],
    [
      'has a client key that is cut short',
      (url) => yaml({ baseUrl: url, clientKeys: [`sk-lp_${'a'.repeat(40)}`] }),
      'clients[0].apiKeys[0]',
    ],
    [
      'has a price that cannot be charged exactly',
      (url) => yaml({ baseUrl: url, price: 'input: 0.00000001' }),
      'prices[0].input',
    ],
    [
      'names a variable that is not set',
      (url) => yaml({ baseUrl: url, providerKey: '"${NOT_SET}"' }),
      'NOT_SET',
    ],
    [
      'leads to an instance that is not there',
      (url) => yaml({ baseUrl: url, more: 'models: [{ name: m, targets: [{ model: no/m }] }]' }),
      'no provider is called no',
    ],
  ])('changes nothing when it %s', async (_, text, named) => {
    await write(text(second.url));
    expect(await configuration().reload()).toBe(false);
    expect(lastError()).toContain('The earlier configuration stays in force');
    expect(lastError()).toContain(named);
    expect(await content(await ask())).toBe('first');
    expect(second.requests).toEqual([]);

    expect(await reload({ baseUrl: second.url })).toBe(true);
    expect(await content(await ask())).toBe('second');
  });

  it('never says what a key is', async () => {
    const clientKeys = ['too-short-to-be-a-key'];
    expect(await reload({ baseUrl: first.url, clientKeys })).toBe(false);
    expect(lastError()).toContain('clients[0].apiKeys[0]');
    expect(proxy.logLines.join('')).not.toContain('too-short');
  });
});

describe('a changed client', () => {
  it('loses a key that is taken out, and gets one that is put in', async () => {
    const made = await proxy.app.get(ApiKeysService).createForClientName('made by hand');
    expect([await statusOf(FILE_KEY), await statusOf(OTHER_KEY)]).toEqual([200, 401]);
    expect(await reload({ baseUrl: first.url, clientKeys: [OTHER_KEY] })).toBe(true);
    await expect.poll(() => statusOf(FILE_KEY), SOON).toBe(401);
    expect(await statusOf(OTHER_KEY)).toBe(200);
    expect(await statusOf(made.key.reveal())).toBe(200);
  });

  it('that is taken out is refused', async () => {
    expect(await reload({ baseUrl: first.url, clientKeys: [FILE_KEY, OTHER_KEY] })).toBe(true);
    await expect.poll(() => statusOf(OTHER_KEY), SOON).toBe(200);
    expect(await reload({ baseUrl: first.url, clientKeys: [FILE_KEY] })).toBe(true);
    await expect.poll(() => statusOf(OTHER_KEY), SOON).toBe(401);
    expect(await statusOf(FILE_KEY)).toBe(200);
  });
});

describe('a changed price', () => {
  it('holds for what is admitted from then on', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    first.next({ body: completion('Hi', USAGE), gate });
    const underWay = ask();
    await first.waitForRequest(0);
    expect(await reload({ baseUrl: first.url, price: 'input: 100, output: 1000' })).toBe(true);
    const after = await ask();
    open();
    expect((await underWay).headers.get('x-llm-proxy-cost')).toBe('0.000013');
    expect(after.headers.get('x-llm-proxy-cost')).toBe('0.0049');
    expect((await proxy.rows()).map((row) => row.cost_nano_usd)).toEqual([13_000, 4_900_000]);
  });

  it('does not hold for a stream that was admitted before', async () => {
    const gate = Promise.withResolvers<void>();
    const events = streamEvents(['One', ' two'], USAGE);
    first.next({ events, done: true, cut: 'per-event', gate: gate.promise });
    const begun = await ask({ stream: true });
    expect(await reload({ baseUrl: first.url, price: 'input: 1000, output: 1000' })).toBe(true);
    await (await ask()).text();
    gate.resolve();
    await begun.text();
    const rows = await proxy.rows();
    expect(rows.find((row) => row.stream)).toMatchObject({ cost_nano_usd: 13_000 });
    expect(rows.find((row) => !row.stream)).toMatchObject({ cost_nano_usd: 13_000_000 });
  });
});

describe('a watched file', () => {
  it('is read again when it changes', async () => {
    configuration().watch();
    await write(yaml({ baseUrl: second.url }));
    await expect.poll(() => configuration().revision, SOON).toBe(2);
    expect(await content(await ask())).toBe('second');
  });
});
