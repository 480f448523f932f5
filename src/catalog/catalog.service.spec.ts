import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigModule } from '../config/config.module.js';
import { Configuration } from '../config/configuration.js';
import { MOST_MODELS } from './bound-models.js';
import { CatalogModule } from './catalog.module.js';
import { Catalog } from './catalog.service.js';

const FILE = `
providers:
  - { name: openai, type: openai, apiKey: sk-test-test-test }
  - { name: local, type: openai-compatible, baseUrl: "http://127.0.0.1:8000/v1" }
  - { name: simulated, type: simulated }
models:
  - { name: fast, targets: [ { model: openai/gpt-4o-mini } ], fallbacks: [ local/llama ] }
  - { name: nowhere, targets: [ { model: simulated/nothing } ] }
prices:
  - { model: local/llama, input: 0.10, output: 0.2 }
`;

describe(Catalog.name, () => {
  let folder: string;
  let path: string;
  let configuration: Configuration;
  let sut: Catalog;

  async function open(text: string): Promise<void> {
    await writeFile(path, text, { mode: 0o600 });
    configuration = await Configuration.open({ LLM_PROXY_CONFIG: path, DATA_DIR: folder });
    sut = new Catalog(configuration);
  }

  async function change(text: string): Promise<boolean> {
    await writeFile(path, text, { mode: 0o600 });
    return configuration.reload();
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catalog-'));
    path = join(folder, 'llm-proxy.yaml');
    await open(FILE);
  });

  afterEach(async () => {
    sut.onModuleDestroy();
    configuration.onModuleDestroy();
    await rm(folder, { recursive: true });
  });

  it('resolves names of the file, addresses and bare models', () => {
    expect(sut.resolve('fast')).toEqual([
      { instance: 'openai', model: 'gpt-4o-mini' },
      { instance: 'local', model: 'llama' },
    ]);
    expect(sut.resolve('local/anything')).toEqual([{ instance: 'local', model: 'anything' }]);
    expect(sut.resolve('gpt-4o')).toEqual([{ instance: 'openai', model: 'gpt-4o' }]);
    expect(sut.resolve('gpt-4o-mini-2024-07-18')).toEqual([
      { instance: 'openai', model: 'gpt-4o-mini-2024-07-18' },
    ]);
  });

  it('lists public names first, then what the instances offer', () => {
    const ids = sut.list().map((model) => model.id);
    expect(ids.slice(0, 2)).toEqual(['fast', 'nowhere']);
    expect(ids).toContain('openai/gpt-4o');
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes a model by what the data says of it', () => {
    expect(sut.find('openai/gpt-4o')).toMatchObject({
      id: 'openai/gpt-4o',
      instance: 'openai',
      model: 'gpt-4o',
      created: 0,
      ownedBy: 'openai',
      price: { source: 'imported' },
      facts: { contextTokens: 128_000 },
    });
    expect(sut.find('fast')).toMatchObject({ id: 'fast', model: 'gpt-4o-mini' });
    expect(sut.find('nowhere')).toMatchObject({ id: 'nowhere', ownedBy: 'llm-proxy' });
    expect(sut.find('openai/gpt-99')).toBeUndefined();
  });

  it('finds prices by address, overrides first', () => {
    expect(sut.findPrice({ instance: 'local', model: 'llama' })).toMatchObject({
      source: 'override',
      rates: { inputUncached: 100_000, outputText: 200_000 },
    });
    expect(sut.findPrice({ instance: 'openai', model: 'gpt-4o' })?.source).toBe('imported');
    expect(sut.findPrice({ instance: 'local', model: 'other' })).toBeUndefined();
    expect(sut.findPrice({ instance: 'nobody', model: 'gpt-4o' })).toBeUndefined();
  });

  it('offers of the simulated provider what it lists, at made-up prices', () => {
    expect(sut.resolve('echo')).toEqual([{ instance: 'simulated', model: 'echo' }]);
    expect(sut.resolve('simulated/slow-500ms-20cps')).toEqual([
      { instance: 'simulated', model: 'slow-500ms-20cps' },
    ]);
    expect(sut.find('simulated/echo')?.price?.source).toBe('simulated');
    expect(() => sut.resolve('simulated/gpt-4o')).toThrow();
  });

  it('adds what a vendor lists', () => {
    sut.registerModels('local', [{ id: 'llama' }, { id: 'qwen', ownedBy: 'somebody' }]);
    sut.registerModels('nobody', [{ id: 'ghost' }]);

    expect(sut.resolve('qwen')).toEqual([{ instance: 'local', model: 'qwen' }]);
    expect(sut.find('local/qwen')).toMatchObject({ ownedBy: 'somebody' });
    expect(sut.find('local/llama')).toMatchObject({ created: 0, ownedBy: 'local' });
    expect(() => sut.resolve('ghost')).toThrow();
  });

  it('describes a model as its vendor does, and adds what the price data knows', () => {
    const facts = { displayName: 'Qwen', contextTokens: 32_000, tools: true };
    sut.registerModels('local', [{ id: 'qwen', created: 7, ...facts }]);
    sut.registerModels('openai', [{ id: 'gpt-4o-mini', reasoning: false }]);
    expect(sut.find('local/qwen')).toMatchObject({ created: 7, facts });
    const mini = { reasoning: false, contextTokens: 128_000 };
    expect(sut.find('openai/gpt-4o-mini')?.facts).toEqual(mini);
    expect(sut.find('fast')?.facts).toEqual(mini);
    expect(sut.find('nowhere')?.facts).toEqual({});
  });

  it('keeps so much of a list, and no more', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({ id: `m-${index}` }));
    expect(sut.registerModels('local', many)).toBe(MOST_MODELS);
    const odd = [
      { id: '' },
      { id: 'x'.repeat(257) },
      { id: 'twice' },
      { id: 'twice', ownedBy: 'second' },
      { id: 'long', ownedBy: 'o'.repeat(9999), displayName: 'n'.repeat(9999) },
    ];
    expect(sut.registerModels('local', odd)).toBe(2);
    expect(sut.find('local/m-1')).toBeUndefined();
    expect(sut.find('local/long')?.ownedBy).toHaveLength(256);
    expect(sut.find('local/long')?.facts.displayName).toHaveLength(256);
  });

  it('follows a change of the file, and keeps what the vendor of an unchanged instance listed', async () => {
    sut.registerModels('local', [{ id: 'qwen' }]);
    expect(await change(FILE.replace('local/llama, input: 0.10', 'local/llama, input: 0.30'))).toBe(
      true,
    );
    expect(sut.findPrice({ instance: 'local', model: 'llama' })?.rates.inputUncached).toBe(300_000);
    expect(sut.resolve('qwen')).toEqual([{ instance: 'local', model: 'qwen' }]);

    expect(await change(FILE.replace('127.0.0.1:8000', '127.0.0.1:9000'))).toBe(true);
    expect(() => sut.resolve('qwen')).toThrow();
  });

  it('refuses a file whose prices cannot be charged, and keeps the old ones', async () => {
    const price = 'local/llama, perRequest: 999999999, input: 0.10';
    expect(await change(FILE.replace('local/llama, input: 0.10', price))).toBe(false);
    expect(sut.findPrice({ instance: 'local', model: 'llama' })?.perRequestNanoUsd).toBe(0);
  });
});

describe(CatalogModule.name, () => {
  it('gives the catalogue of the configuration, and lets go of it at the end', async () => {
    const module = await Test.createTestingModule({
      imports: [ConfigModule.forRoot({ env: {} }), CatalogModule],
    }).compile();
    expect(module.get(Catalog).resolve('echo')).toEqual([{ instance: 'simulated', model: 'echo' }]);
    await module.close();
  });
});
