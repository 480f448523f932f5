import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../src/app.module.js';
import { AdminAccess, Public } from '../src/auth/access.decorators.js';
import { RouteDecisionError } from '../src/auth/route-decisions.js';
import { ApiKeysService } from '../src/clients/api-keys.service.js';
import { ClientsService } from '../src/clients/clients.service.js';
import { Configuration } from '../src/config/configuration.js';
import { configureApp } from '../src/configure-app.js';
import { FaultUpstream } from './support/fault-upstream.js';
import { HELLO } from './support/prompts.js';
import { sendRaw } from './support/raw-request.js';
import { TestApp } from './support/test-app.js';
import { completion, USAGE } from './support/vendor-answers.js';

/** Far more than the second that is promised, so that only a change that is never seen fails. */
const SOON = { timeout: 10_000 };
const CONFIG_KEY = 'key-of-the-configuration-file-0123456789';

let upstream: FaultUpstream;
let proxy: TestApp;

beforeAll(async () => {
  upstream = await FaultUpstream.start();
  upstream.always({ body: completion('Hi', USAGE) });
  const provider = (name: string) =>
    `  - { name: ${name}, type: openai, baseUrl: "${upstream.url}/v1", apiKey: provider-key }`;
  proxy = await TestApp.start({
    yaml: [
      'providers:',
      provider('openai'),
      provider('other'),
      'models:',
      '  - { name: fast, targets: [{ model: openai/gpt-4o-mini }] }',
      '  - { name: twice, targets: [{ model: openai/gpt-4o }], fallbacks: [other/gpt-4o] }',
      'clients:',
      `  - { name: from-file, apiKeys: ["${CONFIG_KEY}"], models: [fast] }`,
    ].join('\n'),
  });
});

afterAll(async () => {
  await proxy.close();
  await upstream.close();
});

const keys = () => proxy.app.get(ApiKeysService);

async function createKey(client: string, options: object = {}) {
  const { key, ...view } = await keys().createForClientName(client, options);
  return { ...view, key: key.reveal() };
}

async function statusWith(headers: Record<string, string>, app = proxy): Promise<number> {
  const answer = await fetch(`${app.url}/v1/models`, { headers });
  await answer.text();
  return answer.status;
}

const statusOf = (key: string, app = proxy) => statusWith({ 'x-api-key': key }, app);

describe('an API key', () => {
  it('is taken from each of its headers, and from several that agree', async () => {
    const { key } = await createKey('forms');
    expect(await statusWith({ authorization: `Bearer ${key}` })).toBe(200);
    expect(await statusWith({ authorization: `bearer ${key}` })).toBe(200);
    expect(await statusWith({ authorization: `BEARER   ${key}` })).toBe(200);
    expect(await statusWith({ 'x-api-key': key })).toBe(200);
    expect(await statusWith({ 'api-key': key })).toBe(200);
    expect(
      await statusWith({ authorization: `Bearer ${key}`, 'x-api-key': key, 'api-key': key }),
    ).toBe(200);
  });

  it('is not taken from anywhere else', async () => {
    const { key } = await createKey('elsewhere');
    expect(await statusWith({ authorization: key })).toBe(401);
    expect(await statusWith({ authorization: `Basic ${btoa(`user:${key}`)}` })).toBe(401);
    expect(await statusWith({ cookie: `api-key=${key}` })).toBe(401);
    for (const name of ['key', 'api_key', 'api-key', 'access_token', 'token']) {
      const answer = await fetch(`${proxy.url}/v1/models?${name}=${key}`);
      expect(answer.status).toBe(401);
    }
    expect(proxy.logLines.join('')).not.toContain(key);
  });

  it('is refused beside a different one, whatever headers carry the two', async () => {
    const [one, two] = [await createKey('one'), await createKey('two')];
    const head = (...headers: string[]) =>
      ['GET /v1/models HTTP/1.1', 'host: proxy', 'connection: close', ...headers, '\r\n'].join(
        '\r\n',
      );
    for (const headers of [
      [`authorization: Bearer ${one.key}`, `x-api-key: ${two.key}`],
      [`x-api-key: ${one.key}`, `x-api-key: ${two.key}`],
      [`authorization: Bearer ${one.key}`, `authorization: Bearer ${two.key}`],
      [`authorization: Bearer ${one.key}`, 'api-key: something-else'],
    ]) {
      const answer = await sendRaw(proxy.url, head(...headers));
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body).error.code).toBe('conflicting_credentials');
    }
    const same = await sendRaw(proxy.url, head(`x-api-key: ${one.key}`, `x-api-key: ${one.key}`));
    expect(same.status).toBe(200);
  });

  it('ends when it is revoked, also when it is known already', async () => {
    const created = await createKey('revoked');
    expect(await statusOf(created.key)).toBe(200);
    await keys().revoke(created.id);
    expect(await statusOf(created.key)).toBe(401);
  });

  it('ends when another process revokes it', async () => {
    const created = await createKey('revoked elsewhere');
    expect(await statusOf(created.key)).toBe(200);
    const other = await TestApp.start({
      dataDir: proxy.dataDir,
      env: { LLM_PROXY_CONFIG: join(proxy.dataDir, 'llm-proxy.yaml') },
    });
    try {
      expect(await statusOf(created.key, other)).toBe(200);
      await other.app.get(ApiKeysService).revoke(created.id);
      expect(await statusOf(created.key, other)).toBe(401);
      await expect.poll(() => statusOf(created.key), SOON).toBe(401);

      const fresh = await other.app.get(ApiKeysService).createForClientName('made elsewhere');
      expect(await statusOf(fresh.key.reveal())).toBe(200);
    } finally {
      await other.close();
    }
  });

  it('ends at its end, also when it is known already', async () => {
    const expiresAt = Date.now() + 60_000;
    const { key } = await createKey('short', { expiresAt });
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      vi.setSystemTime(expiresAt - 1);
      expect(await statusOf(key)).toBe(200);
      vi.setSystemTime(expiresAt);
      expect(await statusOf(key)).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it('rests while its client is inactive', async () => {
    const { key, clientId } = await createKey('resting');
    const clients = proxy.app.get(ClientsService);
    expect(await statusOf(key)).toBe(200);
    await clients.update(clientId, { isActive: false });
    expect(await statusOf(key)).toBe(401);
    await clients.update(clientId, { isActive: true });
    expect(await statusOf(key)).toBe(200);
  });

  it('stays good beside its successor as long as was said', async () => {
    const old = await createKey('rotating');
    const { key } = await keys().rotate(old.id, { overlapMs: 60_000 });
    expect([await statusOf(old.key), await statusOf(key.reveal())]).toEqual([200, 200]);

    const sudden = await createKey('rotating at once');
    const next = await keys().rotate(sudden.id, { overlapMs: 0 });
    expect([await statusOf(sudden.key), await statusOf(next.key.reveal())]).toEqual([401, 200]);
  });

  it('opens /api only with the role admin', async () => {
    const open = async (key: string) => {
      const answer = await fetch(`${proxy.url}/api/usage/export`, {
        headers: { 'x-api-key': key },
      });
      await answer.text();
      return answer.status;
    };
    expect(await open((await createKey('plain')).key)).toBe(403);
    expect(await open((await createKey('automation', { role: 'admin' })).key)).toBe(200);
  });

  it('of 100 requests at once with a new key is looked at for each of them', async () => {
    const good = await createKey('crowd');
    const bad = `${good.key.slice(0, -8)}AAAAAAAA`;
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, index) => statusOf(index % 2 === 0 ? good.key : bad)),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
  });
});

describe('the models of a key', () => {
  async function listed(key: string): Promise<string[]> {
    const answer = await fetch(`${proxy.url}/v1/models`, { headers: { 'x-api-key': key } });
    const body = (await answer.json()) as { data: { id: string }[] };
    return body.data.map(({ id }) => id);
  }

  async function chatStatus(key: string, model: string): Promise<number> {
    const answer = await fetch(`${proxy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: HELLO }),
    });
    await answer.text();
    return answer.status;
  }

  it('are all without a list, and none with an empty one', async () => {
    const everything = await createKey('everything');
    const all = await listed(everything.key);
    expect(all.slice(0, 2)).toEqual(['fast', 'twice']);
    expect(all).toContain('openai/gpt-4o');
    expect(all).toContain('other/gpt-4o');
    expect(await listed((await createKey('nothing', { allowedModels: [] })).key)).toEqual([]);
  });

  it.each([
    { allowed: ['openai/gpt-4o'], yes: ['openai/gpt-4o'], no: ['other/gpt-4o', 'fast', 'twice'] },
    {
      allowed: ['openai/*'],
      yes: ['openai/gpt-4o', 'openai/gpt-4o-mini', 'openai/of-tomorrow'],
      no: ['other/gpt-4o', 'twice', 'gpt-4o'],
    },
    { allowed: ['*/gpt-4o'], yes: ['openai/gpt-4o', 'other/gpt-4o'], no: ['openai/gpt-4o-mini'] },
    { allowed: ['fast'], yes: ['fast'], no: ['openai/gpt-4o-mini', 'twice'] },
    { allowed: ['tw*', 'nothing'], yes: ['twice'], no: ['fast', 'openai/gpt-4o'] },
  ])('with $allowed', async ({ allowed, yes, no }) => {
    const { key } = await createKey(`models ${allowed.join()}`, { allowedModels: allowed });
    for (const model of yes) expect([model, await chatStatus(key, model)]).toEqual([model, 200]);
    for (const model of no) expect([model, await chatStatus(key, model)]).toEqual([model, 404]);

    const shown = await listed(key);
    for (const model of no) expect(shown).not.toContain(model);
    for (const model of shown) {
      const answer = await fetch(`${proxy.url}/v1/models/${model}`, {
        headers: { 'x-api-key': key },
      });
      expect([model, answer.status]).toEqual([model, 200]);
      await answer.text();
    }
  });

  it('follow the client of the configuration file, and its changes made by hand', async () => {
    expect(await listed(CONFIG_KEY)).toEqual(['fast']);
    const { key, clientId } = await createKey('changing', { allowedModels: ['fast'] });
    expect(await listed(key)).toEqual(['fast']);
    await proxy.app.get(ClientsService).update(clientId, { allowedModels: ['twice'] });
    expect(await listed(key)).toEqual(['twice']);
  });
});

describe('the demo key', () => {
  it('is good only as long as no real provider is configured', async () => {
    const demo = await TestApp.start({ yaml: '{}' });
    try {
      const key = demo.demoKey!;
      expect(await statusOf(key, demo)).toBe(200);
      const file = join(demo.dataDir, 'llm-proxy.yaml');
      await writeFile(
        file,
        `providers: [{ name: openai, type: openai, baseUrl: "${upstream.url}/v1", apiKey: k }]`,
      );
      expect(await demo.app.get(Configuration).reload()).toBe(true);
      expect(await statusOf(key, demo)).toBe(401);

      await writeFile(file, '{}');
      expect(await demo.app.get(Configuration).reload()).toBe(true);
      await expect.poll(() => statusOf(key, demo), SOON).toBe(200);
    } finally {
      await demo.close();
    }
  });

  it('is of no use to an installation with a real provider', async () => {
    const env = { KEY_PEPPER: 'one pepper for both installations'.replaceAll(' ', '-') };
    const demo = await TestApp.start({ env });
    const real = await TestApp.start({ env: { ...env, OPENAI_API_KEY: 'provider-key' } });
    try {
      expect(real.demoKey).toBeUndefined();
      expect(await statusOf(demo.demoKey!, demo)).toBe(200);
      expect(await statusOf(demo.demoKey!, real)).toBe(401);
    } finally {
      await Promise.all([demo.close(), real.close()]);
    }
  });
});

@Controller('forgotten')
class ForgottenController {
  @Get('one')
  one(): string {
    return 'open to everybody?';
  }

  @Post('two')
  @Public()
  two(): string {
    return 'decided';
  }
}

@Controller('contradicted')
@AdminAccess()
class ContradictedController {
  @Get()
  @Public()
  one(): string {
    return 'admin or public?';
  }
}

@Module({ controllers: [ForgottenController, ContradictedController] })
class CarelessModule {}

describe('a route that nobody decided about', () => {
  it('stops the boot, which names every one of them', async () => {
    @Module({
      imports: [
        AppModule.forRoot({ env: { DATA_DIR: join(proxy.dataDir, 'careless') } }),
        CarelessModule,
      ],
    })
    class CarelessAppModule {}

    const app = await NestFactory.create<NestExpressApplication>(CarelessAppModule, {
      logger: false,
      abortOnError: false,
    });
    configureApp(app);
    const error: unknown = await app.init().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    await app.close();
    expect(error).toBeInstanceOf(RouteDecisionError);
    expect((error as RouteDecisionError).routes).toEqual([
      'ForgottenController.one (forgotten/one): none',
      expect.stringMatching(/^ContradictedController\.one .*: admin and public$/),
    ]);
  });
});
