import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Configuration } from '../src/config/configuration.js';
import type { Provider } from '../src/providers/contract/provider.js';
import { OpenAiCompatibleProvider } from '../src/providers/openai-compatible/openai-compatible.provider.js';
import { ModelRefresh } from '../src/routing/model-refresh.service.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { TestApp } from './support/test-app.js';
import { waitUntil } from './support/wait-until.js';

interface ListedModel {
  id: string;
  [member: string]: unknown;
}

let first: FaultUpstream;
let second: FaultUpstream;
let app: TestApp;

const list = (...ids: string[]): FaultScript => ({ body: { data: ids.map((id) => ({ id })) } });
const type = 'openai-compatible';
const yamlOf = (...upstreams: readonly [string, FaultUpstream][]) =>
  JSON.stringify({
    providers: upstreams.map(([name, { url }]) => ({ name, type, baseUrl: url })),
  });

async function start(everySeconds: number): Promise<void> {
  app = await TestApp.start({
    yaml: yamlOf(['first', first], ['second', second]),
    env: { MODEL_REFRESH_SECONDS: String(everySeconds) },
  });
}

async function models(): Promise<ListedModel[]> {
  const headers = { 'x-api-key': app.adminKey };
  const answer = await fetch(`${app.url}/v1/models`, { headers });
  return ((await answer.json()) as { data: ListedModel[] }).data;
}

const ids = async () => (await models()).map(({ id }) => id).toSorted();

/** Resolves when exactly these are listed. */
const waitForIds = (...expected: string[]) =>
  waitUntil(
    async () => JSON.stringify(await ids()) === JSON.stringify(expected.toSorted()),
    `the models ${expected.join(', ')}`,
  );

beforeEach(async () => {
  [first, second] = await Promise.all([FaultUpstream.start(), FaultUpstream.start()]);
});
afterEach(async () => {
  await app.close();
  await Promise.all([first.close(), second.close()]);
});

describe(ModelRefresh.name, () => {
  it('lists what the vendors offer', async () => {
    first.always(list('a', 'b'));
    second.always(list('c'));
    await start(3600);
    await waitForIds('first/a', 'first/b', 'second/c');
    expect(first.requests).toHaveLength(1);
    expect(first.requests[0]).toMatchObject({ method: 'GET', path: '/models' });
  });

  it('asks nobody when it is off', async () => {
    await start(0);
    expect(await ids()).toEqual([]);
    expect(first.requests).toEqual([]);
  });

  it('lets nobody wait for a list that is late', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    first.always({ ...list('a'), gate });
    second.always(list('c'));
    await start(3600);
    await waitForIds('second/c');
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
    open();
    await waitForIds('first/a', 'second/c');
  });

  it.each<[string, FaultScript]>([
    ['an error', { status: 500, body: { error: { message: 'Oops' } } }],
    ['no list', { body: { object: 'list' } }],
    ['HTML', { body: '<html></html>' }],
    ['half a list', { body: '{"data":[{"id":"a"' }],
  ])('asks again after %s, having said so once', async (_what, fault) => {
    first.next(fault, fault).always(list('a'));
    second.always(list('c'));
    await start(1);
    await waitForIds('first/a', 'second/c');
    expect(first.requests.length).toBeGreaterThanOrEqual(3);
    const warnings = app.logLines.filter((line) => line.includes('models could not be listed'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('"provider":"first"');
  });

  it('takes over what is new, and keeps the last list while there is none', async () => {
    first.next(list('old'), { beforeHeaders: 'reset' }).always(list('new'));
    second.always(list());
    await start(1);
    await waitForIds('first/old');
    await first.waitForRequest(1);
    expect(await ids()).toEqual(['first/old']);
    await waitForIds('first/new');
  });

  it('keeps so much of a list, and says that there was more', async () => {
    first.always(list(...Array.from({ length: 3000 }, (_, index) => `m${index}`)));
    second.always(list());
    await start(3600);
    expect(await waitUntil(async () => (await ids()).length, 'a list')).toBe(1000);
    expect(app.logLines.join('')).toContain('longer than is kept');
  });

  it('asks instances that are new or changed, and no others', async () => {
    first.always(list('a'));
    second.always(list('c'));
    await start(3600);
    await waitForIds('first/a', 'second/c');

    const text = yamlOf(['first', first], ['second', first], ['third', second]);
    await writeFile(join(app.dataDir, 'llm-proxy.yaml'), text);
    expect(await app.app.get(Configuration).reload()).toBe(true);
    await waitForIds('first/a', 'second/a', 'third/c');
    expect(first.requests).toHaveLength(2);
    expect(second.requests).toHaveLength(2);
  });
});

describe('GET /v1/models', () => {
  it('shows what is known of a model, beside what the SDK reads', async () => {
    first.always(list());
    second.always(list());
    await start(1);
    const vendor: Provider = app.app.get(OpenAiCompatibleProvider, { strict: false });
    vendor.listModels = async () => [
      {
        id: 'whole',
        created: 7,
        ownedBy: 'somebody',
        displayName: 'The whole one',
        contextTokens: 32_000,
        maxOutputTokens: 4000,
        inputs: ['text', 'image'],
        outputs: ['text'],
        tools: true,
        reasoning: false,
      },
      { id: 'bare' },
    ];
    await waitUntil(async () => (await models()).length > 0, 'the list');

    const client = new OpenAI({ apiKey: app.adminKey, baseURL: `${app.url}/v1` });
    expect(await client.models.retrieve('first/whole')).toEqual({
      id: 'first/whole',
      object: 'model',
      type: 'model',
      created: 7,
      created_at: '1970-01-01T00:00:07.000Z',
      owned_by: 'somebody',
      display_name: 'The whole one',
      context_length: 32_000,
      max_output_tokens: 4000,
      max_input_tokens: 32_000,
      max_tokens: 4000,
      modalities: { input: ['text', 'image'], output: ['text'] },
      capabilities: {
        tools: true,
        reasoning: false,
        thinking: { supported: false },
        image_input: { supported: true },
        pdf_input: { supported: false },
      },
    });
    expect(await client.models.retrieve('first/bare')).toEqual({
      id: 'first/bare',
      object: 'model',
      type: 'model',
      created: 0,
      created_at: '1970-01-01T00:00:00.000Z',
      owned_by: 'first',
      display_name: 'first/bare',
    });
  });
});
