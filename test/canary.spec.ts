import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { Configuration } from '../src/config/configuration.js';
import { partsOf } from './support/expect-refusal.js';
import type { FaultScript } from './support/fault-script.js';
import { FaultUpstream, type RecordedRequest } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { sendRaw } from './support/raw-request.js';
import { TestApp } from './support/test-app.js';
import { chunk, completion, streamEvents, USAGE } from './support/vendor-answers.js';

/** Nothing takes this one for a key by its looks, so only who knows it can keep it back. */
const PLAIN_KEY = 'canary-a';
const PROVIDER_KEY = 'sk-canary-provider-0123456789abcdefghijklmnop';
const ENVIRONMENT_KEY = 'canary-of-the-environment-0123456789';
const FILE_KEY = 'canary-client-of-the-file-0123456789';
const REJECTED_FILE_KEY = 'canary-too-short';
const METRICS_TOKEN = 'canary-of-the-metrics-0123456789';
const PEPPER = 'canary-pepper-that-hashes-all-keys-0123456789';

const CONFIG_FILE = 'llm-proxy.yaml';

let upstream: FaultUpstream;
let proxy: TestApp;
let clientKey: string;
let revokedKey: string;
let secrets: string[];
/** Everything that anybody was answered when something was wrong. */
const refusals: string[] = [];

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  proxy = await TestApp.start({
    yaml: configuration(upstream.url),
    env: {
      KEY_PEPPER: PEPPER,
      METRICS_TOKEN,
      OPENAI_API_KEY: ENVIRONMENT_KEY,
      LOG_LEVEL: 'trace',
      MAX_BODY_BYTES: '65536',
      MAX_JSON_DEPTH: '8',
    },
  });
  const keys = proxy.app.get(ApiKeysService);
  clientKey = (await keys.createForClientName('caller')).key.reveal();
  const revoked = await keys.createForClientName('revoked');
  revokedKey = revoked.key.reveal();
  await keys.revoke(revoked.id);
  secrets = [
    PLAIN_KEY,
    PROVIDER_KEY,
    ENVIRONMENT_KEY,
    FILE_KEY,
    REJECTED_FILE_KEY,
    METRICS_TOKEN,
    PEPPER,
    clientKey,
    revokedKey,
    proxy.adminKey,
  ];
});

afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

function configuration(url: string, clientFileKey = FILE_KEY): string {
  const instance = (name: string, key: string, more = 'breaker: { enabled: false }') =>
    `  - { name: ${name}, type: openai, baseUrl: "${url}/v1", apiKey: "${key}", retries: { maxAttempts: 2, baseMs: 0 }, timeouts: { firstByteMs: 300, idleMs: 300 }, ${more} }`;
  return [
    'providers:',
    instance('plain', PLAIN_KEY),
    instance('usual', PROVIDER_KEY),
    instance('breaking', PROVIDER_KEY, 'breaker: { volumeThreshold: 1 }'),
    'clients:',
    `  - { name: from-file, apiKeys: ["${clientFileKey}"] }`,
  ].join('\n');
}

/** What an upstream may say that was given our key: everything that it was given. */
function echoes(): ((request: RecordedRequest) => FaultScript)[] {
  const said = ({ headers, path }: RecordedRequest) =>
    `${headers.authorization} at ${headers.host}${path}: ${headers.authorization?.slice('Bearer '.length)}`;
  const told = (status: number) => (request: RecordedRequest) => ({
    status,
    headers: { 'x-echo': said(request), 'www-authenticate': said(request) },
    body: { error: { message: said(request), type: said(request), code: said(request) } },
  });
  const key = (request: RecordedRequest) => request.headers.authorization!.slice('Bearer '.length);
  return [
    ...[200, 302, 400, 401, 402, 403, 404, 408, 409, 422, 429, 500, 503, 529].map(told),
    (request) => ({ status: 400, body: key(request) }),
    (request) => ({ status: 500, body: `<html>${said(request)}</html>` }),
    (request) => ({ body: key(request), headers: { 'content-type': 'application/json' } }),
    (request) => ({
      body: `{"a":${key(request)}`,
      headers: { 'content-type': 'application/json' },
    }),
    (request) => ({ body: `<html>${said(request)}</html>` }),
    (request) => ({
      events: [chunk({ content: 'Hi' }), { error: { message: said(request) } }],
    }),
    (request) => ({ events: [chunk({ content: 'Hi' }), key(request)], done: true }),
    (request) => ({ events: [chunk({ content: 'Hi' }), `{"usage":${key(request)}}`] }),
    () => ({ beforeHeaders: 'reset' }),
    () => ({ beforeHeaders: 'stall' }),
    () => ({ body: completion('Hi', USAGE), gzip: 'broken' }),
    () => ({
      events: streamEvents(['One'], USAGE),
      cut: 'per-event',
      afterEvents: 2,
      ending: 'reset',
    }),
  ];
}

async function note(answer: Response): Promise<void> {
  refusals.push(JSON.stringify(await partsOf(answer)));
}

function chat(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${proxy.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': clientKey, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function failUpstream(): Promise<void> {
  for (const script of echoes()) {
    for (const stream of [false, true]) {
      upstream.always(script);
      for (const instance of ['plain', 'usual', 'breaking']) {
        await note(await chat({ model: `${instance}/gpt-4o`, messages: HELLO, stream }));
      }
    }
  }
}

async function refuseRequests(): Promise<void> {
  const request = { model: 'usual/gpt-4o', messages: HELLO };
  await note(await chat('no JSON'));
  await note(await chat(`{"model":"usual/gpt-4o","messages":[${'['.repeat(20)}`));
  await note(await chat({ ...request, temperature: clientKey }));
  await note(await chat({ ...request, model: 'nothing' }));
  await note(await chat({ ...request, model: 'gpt-4o' }));
  await note(await chat('a'.repeat(70_000)));
  await note(await chat(request, { 'content-type': 'text/plain' }));
  await note(await chat(request, { 'x-api-key': revokedKey }));
  await note(await chat(request, { 'x-api-key': `${clientKey.slice(0, -1)}!` }));
  await note(await chat(request, { authorization: `Bearer ${proxy.adminKey}` }));
  for (const authorization of [`Bearer ${METRICS_TOKEN}!`, METRICS_TOKEN]) {
    const headers = { 'x-forwarded-for': '203.0.113.9', authorization };
    await note(await fetch(`${proxy.url}/metrics`, { headers }));
  }
  for (const secret of [clientKey, FILE_KEY, revokedKey]) {
    await note(await fetch(`${proxy.url}/v1/models?api_key=${secret}`));
    await note(await fetch(`${proxy.url}/nothing?key=${secret}`, { headers: { cookie: secret } }));
    await note(await fetch(`${proxy.url}/api/usage/export`, { headers: { 'api-key': secret } }));
    const head = `GET /v1/models HTTP/1.1\r\nx-api-key: ${secret}\r\n`;
    refusals.push(
      JSON.stringify(await sendRaw(proxy.url, `${head}padding: ${'a'.repeat(20_000)}`)),
    );
    refusals.push(JSON.stringify(await sendRaw(proxy.url, `${head}\r\n\r\n`)));
  }
}

async function refuseConfigurations(): Promise<void> {
  const reload = async (text: string) => {
    await writeFile(join(proxy.dataDir, CONFIG_FILE), text);
    return proxy.app.get(Configuration).reload();
  };
  const good = configuration(upstream.url);
  expect(await reload(configuration(upstream.url, REJECTED_FILE_KEY))).toBe(false);
  expect(await reload(`${good}\n    - "${PROVIDER_KEY}`)).toBe(false);
  expect(await reload(good.replaceAll('type: openai', 'type: x'))).toBe(false);
  expect(await reload(good.replaceAll('apiKey:', 'apiKee:'))).toBe(false);
  expect(await reload(`${good}\nproviders: "${PROVIDER_KEY}"`)).toBe(false);
  expect(await reload(`${good}\n# changed\nmodels: []`)).toBe(true);
}

function expectNoSecret(what: string, text: string): void {
  for (const secret of secrets) {
    expect(text.includes(secret), `${secret} is in ${what}: ${excerpt(text, secret)}`).toBe(false);
  }
}

function excerpt(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return at < 0 ? '' : text.slice(Math.max(0, at - 200), at + 200);
}

it('keeps every secret to itself, whatever goes wrong', { timeout: 120_000 }, async () => {
  upstream.always({ body: completion('Hi', USAGE) });
  for (const key of [clientKey, FILE_KEY, proxy.adminKey]) {
    const answer = await chat({ model: 'usual/gpt-4o', messages: HELLO }, { 'x-api-key': key });
    expect(answer.status).toBe(200);
    await note(answer);
  }
  await failUpstream();
  await refuseRequests();
  await refuseConfigurations();

  expect(refusals.length).toBeGreaterThan(150);
  for (const refusal of refusals) expectNoSecret('an answer', refusal);

  expect(proxy.logLines.length).toBeGreaterThan(150);
  for (const line of proxy.logLines) expectNoSecret('a log line', line);

  for (const format of ['ndjson', 'csv']) {
    const answer = await fetch(`${proxy.url}/api/usage/export?format=${format}`, {
      headers: { authorization: `Bearer ${proxy.adminKey}` },
    });
    const text = await answer.text();
    expect(text.split('\n').length).toBeGreaterThan(100);
    expectNoSecret('the export', text);
  }

  const metrics = await (await fetch(`${proxy.url}/metrics`)).text();
  expect(metrics).toContain('llm_proxy_requests_total');
  expectNoSecret('the metrics', metrics);

  const files = (await readdir(proxy.dataDir)).filter((file) => file !== CONFIG_FILE);
  expect(files).toContain('llm-proxy.sqlite');
  for (const file of files) {
    expectNoSecret(file, await readFile(join(proxy.dataDir, file), 'latin1'));
  }
});
