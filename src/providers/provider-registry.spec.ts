import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { FaultUpstream } from '../../test/support/fault-upstream.js';
import { createCall, createInstance, createTarget } from '../../test/support/provider-fixtures.js';
import { ConfigModule } from '../config/config.module.js';
import type { ConfigurationError } from '../config/configuration-error.js';
import { Configuration } from '../config/configuration.js';
import { DatabaseModule } from '../database/database.module.js';
import { DatabaseSettingsModule } from '../database/database-settings.module.js';
import type { Provider } from './contract/provider.js';
import { OpenAiCompatibleProvider } from './openai-compatible/openai-compatible.provider.js';
import { OpenAiProvider } from './openai/openai.provider.js';
import { findInstanceProblems } from './find-instance-problems.js';
import { ProviderRegistry, RETIRE_AFTER_MS } from './provider-registry.js';
import { ProvidersModule } from './providers.module.js';
import { SimulatedProvider } from './simulated/simulated.provider.js';
import { Upstream } from './upstream/upstream.js';

describe(ProviderRegistry, () => {
  let folder: string;
  let upstream: Upstream;

  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['log', 'warn', 'error']));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llm-proxy-registry-'));
    upstream = new Upstream();
  });
  afterEach(async () => {
    await upstream.onApplicationShutdown();
    await rm(folder, { recursive: true });
  });

  const write = (yaml: string) => writeFile(join(folder, 'llm-proxy.yaml'), yaml, { mode: 0o600 });

  async function configure(yaml?: string): Promise<Configuration> {
    if (yaml === undefined) return Configuration.open({ DATA_DIR: folder });
    await write(yaml);
    return Configuration.open({
      DATA_DIR: folder,
      LLM_PROXY_CONFIG: join(folder, 'llm-proxy.yaml'),
    });
  }

  const types = (): Provider[] => [
    new OpenAiProvider(upstream),
    new OpenAiCompatibleProvider(upstream),
    new SimulatedProvider(),
  ];

  async function createRegistry(yaml?: string) {
    const configuration = await configure(yaml);
    return { configuration, sut: new ProviderRegistry(types(), configuration, upstream) };
  }

  async function problemsOf(yaml: string): Promise<readonly string[]> {
    const error = await createRegistry(yaml).catch((reason: unknown) => reason);
    return (error as ConfigurationError).problems;
  }

  it('offers the simulated instance when nothing is configured', async () => {
    const { sut } = await createRegistry();
    expect(sut.all().map(({ instance }) => instance.name)).toEqual(['simulated']);
    expect(sut.find('simulated')?.provider.type).toBe('simulated');
    expect(sut.find('simulated')?.instance.breaker.enabled).toBe(false);
    expect(sut.find('other')).toBeUndefined();
  });

  it('adds what the type brings to what is configured', async () => {
    const { sut } = await createRegistry(`providers:
  - { name: eu, type: openai, apiKey: sk-eu, breaker: { volumeThreshold: 3 } }
  - { name: local, type: openai-compatible, baseUrl: "http://127.0.0.1:8000/v1/" }`);
    expect(sut.find('eu')?.instance).toMatchObject({
      type: 'openai',
      baseUrl: 'https://api.openai.com/v1',
      authentication: { header: 'authorization', prefix: 'Bearer ' },
      breaker: { enabled: true, volumeThreshold: 3 },
    });
    expect(sut.find('eu')?.instance.apiKeys[0]?.reveal()).toBe('sk-eu');
    expect(sut.find('local')?.instance).toMatchObject({
      baseUrl: 'http://127.0.0.1:8000/v1',
      apiKeys: [],
    });
    expect(sut.types().map(({ type }) => type)).toEqual([
      'openai',
      'openai-compatible',
      'simulated',
    ]);
  });

  it('lets the file overrule the breaker of a type', async () => {
    const { sut } = await createRegistry(`providers:
  - { name: s, type: simulated, breaker: { enabled: true } }`);
    expect(sut.find('s')?.instance.breaker.enabled).toBe(true);
  });

  it('refuses to start, with every problem at once and no key among them', async () => {
    const problems = await problemsOf(`providers:
  - { name: a, type: nobody, apiKey: sk-secret-of-a }
  - { name: b, type: openai }
  - { name: c, type: openai-compatible }
  - { name: d, type: openai, apiKey: sk-secret-of-d, settings: { x: 1 } }
  - { name: e, type: simulated, settings: { slowFirstChunkMs: never, colour: blue } }`);
    expect(problems).toEqual([
      expect.stringMatching(
        /^providers\.a\.type: 'nobody' .* openai, openai-compatible, simulated$/,
      ),
      'providers.b.apiKey: the type openai needs a key',
      'providers.c.baseUrl: the type openai-compatible needs one',
      'providers.d.settings.x: the type openai has no such setting',
      expect.stringMatching(/^providers\.e\.settings\.slowFirstChunkMs: /),
      expect.stringMatching(/^providers\.e\.settings: .*colour/),
    ]);
    expect(problems.join()).not.toContain('sk-secret');
  });

  it('finds two instances of one name', async () => {
    const configuration = await configure();
    const [config] = configuration.providers();
    const known = new Map([['simulated', new SimulatedProvider()]]);
    expect(findInstanceProblems([config!, config!], known)).toEqual([
      'providers.simulated: there are two instances of this name',
    ]);
  });

  it('refuses two types of one name', async () => {
    const configuration = await configure();
    const twins = [new SimulatedProvider(), new SimulatedProvider()];
    expect(() => new ProviderRegistry(twins, configuration, upstream)).toThrow(
      'The provider type simulated is registered twice',
    );
  });

  it('gives a type its settings with their defaults', async () => {
    const configuration = await configure(`providers:
  - { name: s, type: simulated, settings: { slowFirstChunkMs: 5 } }`);
    const provider = new SimulatedProvider();
    expect(provider.settings).toBeInstanceOf(z.ZodType);
    const sut = new ProviderRegistry([provider], configuration, upstream);
    expect(sut.find('s')?.instance.settings).toEqual({
      slowFirstChunkMs: 5,
      slowChunksPerSecond: 10,
    });
  });

  describe('when the configuration changes', () => {
    const two = (key: string, local: string) => `providers:
  - { name: eu, type: openai, apiKey: ${key} }
  - { name: local, type: openai-compatible, baseUrl: ${local} }`;

    it('keeps what did not change and replaces what did', async () => {
      const { sut, configuration } = await createRegistry(two('sk-one', 'http://127.0.0.1:1/v1'));
      const [eu, local] = [sut.find('eu'), sut.find('local')];
      expect(sut.find('eu')?.instance).toBe(eu?.instance);
      const close = vi.spyOn(upstream, 'close');

      await write(two('sk-two', 'http://127.0.0.1:1/v1'));
      await reloadAndRetire(configuration, () => expect(close).not.toHaveBeenCalled());
      expect(sut.find('local')?.instance).toBe(local?.instance);
      expect(sut.find('eu')?.instance).not.toBe(eu?.instance);
      expect(sut.find('eu')?.instance.apiKeys[0]?.reveal()).toBe('sk-two');
      expect(close.mock.calls).toEqual([[eu?.instance]]);
    });

    it('keeps an instance whose retries alone changed', async () => {
      const yaml = (attempts: number) =>
        `providers: [{ name: s, type: simulated, retries: { maxAttempts: ${attempts} } }]`;
      const { sut, configuration } = await createRegistry(yaml(2));
      const before = sut.find('s')?.instance;
      await write(yaml(5));
      expect(await configuration.reload()).toBe(true);
      expect(configuration.providers()[0]?.retries.maxAttempts).toBe(5);
      expect(sut.find('s')?.instance).toBe(before);
    });

    it('closes what was used and is gone, and only that', async () => {
      const { sut, configuration } = await createRegistry(two('sk-one', 'http://127.0.0.1:1/v1'));
      const close = vi.spyOn(upstream, 'close');
      const used = sut.find('local')?.instance;
      await write('providers: [{ name: s, type: simulated }]');
      await reloadAndRetire(configuration);
      expect(close.mock.calls).toEqual([[used]]);
      expect(sut.find('local')).toBeUndefined();
      expect(sut.find('s')).toBeDefined();
    });

    it('lets the calls of a closed instance end first', async () => {
      const fault = await FaultUpstream.start();
      const yaml = `providers: [{ name: local, type: openai-compatible, baseUrl: "${fault.url}" }]`;
      const { sut, configuration } = await createRegistry(yaml);
      const instance = sut.find('local')!.instance;
      const answered = Promise.withResolvers<void>();
      fault.always(() => ({ delayMs: 30, body: { choices: [] } }));
      const call = upstream.json(createCall(instance)).then(() => answered.resolve());
      await fault.waitForRequest(0);

      await write('providers: [{ name: s, type: simulated }]');
      await reloadAndRetire(configuration);
      await call;
      await answered.promise;
      await expect(upstream.json(createCall(instance))).rejects.toMatchObject({
        kind: 'unavailable',
      });
      await fault.close();
    });

    it('refuses a file with problems and keeps what there is', async () => {
      const { sut, configuration } = await createRegistry(
        'providers: [{ name: s, type: simulated }]',
      );
      const before = sut.find('s')?.instance;
      await write('providers: [{ name: s, type: nobody }]');
      expect(await configuration.reload()).toBe(false);
      expect(sut.find('s')?.instance).toBe(before);
    });

    it('stops listening when the application closes', async () => {
      const { sut, configuration } = await createRegistry(
        'providers: [{ name: s, type: simulated }]',
      );
      sut.onModuleDestroy();
      await write('providers: [{ name: t, type: nobody }]');
      expect(await configuration.reload()).toBe(true);
      expect(sut.find('s')).toBeDefined();
    });
  });

  it('takes from a preset what the file does not say', async () => {
    const { sut } = await createRegistry(`providers:
  - { name: groq, type: openai-compatible, preset: groq, apiKey: sk-groq }
  - { name: vllm, type: openai-compatible, preset: vllm }
  - { name: far, type: openai-compatible, preset: vllm, baseUrl: "https://far.example/v1" }`);
    expect(sut.all().map(({ instance }) => [instance.baseUrl, instance.settings])).toEqual([
      ['https://api.groq.com/openai/v1', { preset: 'groq' }],
      ['http://127.0.0.1:8000/v1', { preset: 'vllm' }],
      ['https://far.example/v1', { preset: 'vllm' }],
    ]);
  });

  it('says what is wrong with a preset', async () => {
    const problems = await problemsOf(`providers:
  - { name: a, type: openai-compatible, preset: mistral }
  - { name: b, type: openai-compatible, preset: grok, baseUrl: "http://b" }
  - { name: c, type: openai, preset: groq, apiKey: sk-c }`);
    expect(problems).toEqual([
      'providers.a.apiKey: the type openai-compatible needs a key',
      expect.stringMatching(/^providers\.b\.preset: must be one of groq, mistral, /),
      'providers.c.preset: the type openai has no such setting',
    ]);
  });

  it('is wired up by its module', async () => {
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.forRoot({ env: { DATA_DIR: folder } }),
        DatabaseModule.forRoot({ entities: [], imports: [DatabaseSettingsModule.forRoot()] }),
        ProvidersModule,
      ],
    }).compile();
    const registry = module.get(ProviderRegistry);
    expect(registry.types().map(({ type }) => type)).toEqual([
      'openai',
      'azure',
      'anthropic',
      'gemini',
      'deepseek',
      'xai',
      'ollama',
      'openrouter',
      'blackbox',
      'openai-compatible',
      'simulated',
    ]);
    expect(registry.find('simulated')?.instance.baseUrl).toBe('http://simulated.invalid');
    const target = createTarget(createInstance('http://127.0.0.1:1'));
    await expect(module.get(OpenAiProvider).listModels(target)).rejects.toMatchObject({
      kind: 'failed',
    });
    await module.close();
  });
});

/** Reloads, looks, and lets the time pass after which old instances are closed. */
async function reloadAndRetire(
  configuration: Configuration,
  inBetween: () => void = () => undefined,
): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    expect(await configuration.reload()).toBe(true);
    inBetween();
    vi.advanceTimersByTime(RETIRE_AFTER_MS);
  } finally {
    vi.useRealTimers();
  }
}
