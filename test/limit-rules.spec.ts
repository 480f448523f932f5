import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../src/app.module.js';
import { configureApp, createHttpAdapter } from '../src/configure-app.js';
import { ClientsService } from '../src/clients/clients.service.js';
import { Configuration } from '../src/config/configuration.js';
import { LimitRules } from '../src/limits/rules/limit-rules.js';
import { NO_RULES, type RuleSet } from '../src/limits/rules/rule-set.js';
import { RuleSources } from '../src/limits/rules/rule-sources.js';
import { RulesRefresh } from '../src/limits/rules/rules-refresh.js';
import { temporaryInstallation } from './support/client-application.js';
import { TestApp } from './support/test-app.js';

const PLAIN_KEY = 'key-of-the-configuration-file-0123456789';
const LIMITED_KEY = 'another-key-of-the-configuration-file-01';

const SOON = { timeout: 5_000 };

const FILE = `
limits:
  requestsPerMinute: 1000
  endpoints: { chat: { tokensPerMinute: 500 } }
  models: { one/model: { maxConcurrent: 4 } }
budget: { usd: 100, period: month, timeZone: Europe/Berlin }
providers:
  - name: one
    type: simulated
    limits: { requestsPerMinute: 60, adaptive: false }
    budget: { usd: 0.000000001, period: total, alerts: [90, 50, 90] }
models:
  - { name: fast, targets: [{ model: one/model }], limits: { requestsPerMinute: 7 } }
clients:
  - name: ci
    apiKeys:
      - "${PLAIN_KEY}"
      - key: "${LIMITED_KEY}"
        limits: { requestsPerMinute: 0, endpoints: { embeddings: { requestsPerMinute: 3 } } }
        budget: { usd: 0, period: day }
    limits: { requestsPerMinute: 600, tokensPerMinute: 200000, maxConcurrent: 20, endpoints: { embeddings: { requestsPerMinute: 60 } } }
    budget: [{ usd: 5.00, period: month }, { usd: 1.25, period: day }]
    onLimit: queue
    queueMs: 1500
`;

let app: TestApp;

const rules = () => app.app.get(LimitRules, { strict: false });

async function clientId(name: string): Promise<string> {
  const client = await app.app.get(ClientsService, { strict: false }).findByName(name);
  return client?.id ?? 'none';
}

async function reload(text: string): Promise<boolean> {
  await writeFile(join(app.dataDir, 'llm-proxy.yaml'), text);
  return app.app.get(Configuration).reload();
}

describe(LimitRules.name, () => {
  afterEach(async () => {
    vi.restoreAllMocks();
    await app.close();
  });

  it('has the rules of the file when the server listens', async () => {
    app = await TestApp.start({ yaml: FILE });
    const ci = await clientId('ci');
    const all = rules().all;
    const [key] = all.limits.filter(({ scope }) => scope === 'key');

    expect(rules().limitsOf('global', '')).toMatchObject([
      { requestsPerMinute: 1000, source: 'config' },
      { endpoint: 'chat', tokensPerMinute: 500 },
    ]);
    expect(rules().limitsOf('model', 'one/model')).toMatchObject([{ maxConcurrent: 4 }]);
    expect(rules().limitsOf('model', 'fast')).toMatchObject([{ requestsPerMinute: 7 }]);
    expect(rules().limitsOf('provider', 'one')).toMatchObject([{ requestsPerMinute: 60 }]);
    expect(rules().limitsOf('client', ci)).toMatchObject([
      { requestsPerMinute: 600, tokensPerMinute: 200_000, maxConcurrent: 20 },
      { endpoint: 'embeddings', requestsPerMinute: 60 },
    ]);
    expect(rules().limitsOf('key', key?.scopeId ?? '')).toMatchObject([
      { requestsPerMinute: 0 },
      { endpoint: 'embeddings', requestsPerMinute: 3 },
    ]);
    expect(rules().budgetsOf('global', '')).toMatchObject([
      { limitNanoUsd: 100e9, period: 'month', timeZone: 'Europe/Berlin', alertPercents: [80, 100] },
    ]);
    expect(rules().budgetsOf('provider', 'one')).toMatchObject([
      { limitNanoUsd: 1, period: 'total', alertPercents: [50, 90] },
    ]);
    expect(rules().budgetsOf('client', ci)).toMatchObject([
      { limitNanoUsd: 5e9, period: 'month', timeZone: 'UTC' },
      { limitNanoUsd: 1.25e9, period: 'day' },
    ]);
    expect(rules().budgetsOf('key', key?.scopeId ?? '')).toMatchObject([{ limitNanoUsd: 0 }]);
    expect(rules().onLimitOf(ci)).toEqual({ queueMs: 1500 });
    expect(new Set([...all.limits, ...all.budgets].map(({ id }) => id)).size).toBe(
      all.limits.length + all.budgets.length,
    );
  });

  it('follows the file', async () => {
    app = await TestApp.start({ yaml: FILE });
    const changed = FILE.replace('requestsPerMinute: 600', 'requestsPerMinute: 601').replace(
      'name: ci',
      'name: cd',
    );
    expect(await reload(changed)).toBe(true);
    const figures = async () => rules().limitsOf('client', await clientId('cd'))[0];
    await expect.poll(figures, SOON).toMatchObject({ requestsPerMinute: 601 });
    expect(rules().limitsOf('client', await clientId('ci'))).toEqual([]);
    expect(rules().all.limits.filter(({ scope }) => scope === 'key')).toHaveLength(2);
    expect(rules().onLimitOf(await clientId('cd'))).toEqual({ queueMs: 1500 });

    expect(await reload('{}')).toBe(true);
    await expect.poll(() => rules().all.limits, SOON).toEqual([]);
    expect(rules().all.budgets).toEqual([]);
  });

  it('tells once that the rules changed, and not when only something else did', async () => {
    app = await TestApp.start({ yaml: FILE });
    let told = 0;
    rules().changes.subscribe(() => (told += 1));
    await reload(FILE.replace('requestsPerMinute: 600', 'requestsPerMinute: 601'));
    await expect.poll(() => told, SOON).toBe(1);
    await reload(
      FILE.replace('requestsPerMinute: 600', 'requestsPerMinute: 601') + '    isActive: false\n',
    );
    await app.app.get(RulesRefresh, { strict: false }).refresh();
    expect(told).toBe(1);
  });

  it('keeps the earlier rules while the database does not answer, and reads again', async () => {
    app = await TestApp.start({ yaml: FILE });
    const sources = app.app.get(RuleSources, { strict: false });
    vi.spyOn(sources, 'read').mockRejectedValueOnce(new Error('the database is away'));
    await reload(FILE.replace('requestsPerMinute: 1000', 'requestsPerMinute: 1001'));
    const figures = () => rules().limitsOf('global', '')[0];
    await expect.poll(() => app.logLines.join(''), SOON).toContain('the earlier ones hold');
    expect(figures()).toMatchObject({ requestsPerMinute: 1000 });
    await expect.poll(figures, SOON).toMatchObject({ requestsPerMinute: 1001 });
  });

  it('never lets an earlier reading replace a later one', async () => {
    app = await TestApp.start({ yaml: FILE });
    const sources = app.app.get(RuleSources, { strict: false });
    const refresh = app.app.get(RulesRefresh, { strict: false });
    const slow = Promise.withResolvers<RuleSet>();
    const budgets = rules().all.budgets;
    vi.spyOn(sources, 'read')
      .mockImplementationOnce(() => slow.promise)
      .mockImplementationOnce(() => Promise.resolve({ ...NO_RULES, budgets }));
    const both = [refresh.refresh(), refresh.refresh()];
    slow.resolve(NO_RULES);
    await Promise.all(both);
    expect(rules().all.budgets).toEqual(budgets);
  });
});

describe('the start', () => {
  it('has read the clients of the file, and then their rules, before anything listens', async () => {
    const { env, remove } = await temporaryInstallation();
    const path = join(env['DATA_DIR'] as string, 'llm-proxy.yaml');
    await writeFile(path, FILE, { mode: 0o600 });
    const configuration = await Configuration.open({ ...env, LLM_PROXY_CONFIG: path });
    const starting = await NestFactory.create<NestExpressApplication>(
      AppModule.forRoot({ configuration }),
      createHttpAdapter(configuration.environment),
      { logger: false, bodyParser: false, abortOnError: false },
    );
    configureApp(starting);
    await starting.init();
    const { limits } = starting.get(LimitRules, { strict: false }).all;
    await starting.close();
    await remove();
    expect(limits.filter(({ scope }) => scope === 'client')).toHaveLength(2);
  });
});
