import { describe, expect, it } from 'vitest';
import { testEnvironment } from '../../test/support/test-environment.js';
import { Secret } from '../common/secret.js';
import { configurationFileSchema, type ConfigurationFile } from './configuration-file.js';
import { layerConfiguration } from './layered-configuration.js';
import type { StoredKind, StoredObject } from './stored-object.js';

const stored = (
  kind: StoredKind,
  name: string,
  value: StoredObject['value'] = {},
  apiKeys: readonly string[] = [],
): StoredObject => ({ kind, name, value, apiKeys: apiKeys.map((key) => new Secret(key)) });

const provider = (name: string, more: object = {}) =>
  stored('provider', name, { type: 'simulated', ...more });

function layer(
  objects: readonly StoredObject[],
  file: object = {},
  check: (file: ConfigurationFile) => readonly string[] = () => [],
) {
  const { file: whole, ...rest } = layerConfiguration({
    file: configurationFileSchema.parse(file),
    environment: testEnvironment({ OPENAI_API_KEY: 'sk-of-the-environment' }),
    stored: objects,
    check,
  });
  return {
    providers: whole.providers.map(({ name }) => name),
    models: whole.models.map(({ name }) => name),
    prices: whole.prices.map(({ model, input }) => `${model} ${input}`),
    file: whole,
    ...rest,
  };
}

describe(layerConfiguration.name, () => {
  it('puts what was set beside what the file says', () => {
    const { providers, models, prices, problems } = layer(
      [
        provider('b'),
        stored('model', 'fast', { targets: [{ model: 'b/x' }], fallbacks: ['openai/y'] }),
        stored('price', 'b/x', { prices: [{ input: '2' }] }),
      ],
      { providers: [{ name: 'a', type: 'simulated' }] },
    );
    expect({ providers, models, prices }).toEqual({
      providers: ['a', 'b'],
      models: ['fast'],
      prices: ['b/x 2'],
    });
    expect(problems.size).toBe(0);
  });

  it('lets the file and the environment win by name', () => {
    const { providers, models, prices, problems } = layer(
      [
        provider('a', { maxConnections: 1 }),
        provider('openai'),
        stored('model', 'fast', { targets: [{ model: 'openai/x' }] }),
        stored('price', 'a/x', { prices: [{ input: '2' }] }),
      ],
      {
        providers: [{ name: 'a', type: 'simulated' }],
        models: [{ name: 'fast', targets: [{ model: 'a/x' }] }],
        prices: [{ model: 'a/x', input: '1' }],
      },
    );
    expect({ providers, models, prices }).toEqual({
      providers: ['a'],
      models: ['fast'],
      prices: ['a/x 1'],
    });
    expect(problems.size).toBe(0);
  });

  it('leaves out what is wrong, and only that', () => {
    const { providers, models, problems } = layer([
      provider('good'),
      provider('Wrong'),
      provider('odd', { timeouts: { totalMs: 0 } }),
      stored('model', 'leads', { targets: [{ model: 'good/x' }] }),
      stored('model', 'astray', { targets: [{ model: 'nobody/x' }] }),
      stored('price', 'nobody/x', { prices: [{ input: '1' }] }),
      stored('price', 'good/x', { prices: 'much' }),
    ]);
    expect(providers).toEqual(['good']);
    expect(models).toEqual(['leads']);
    expect(Object.fromEntries(problems)).toEqual({
      'provider Wrong': [expect.stringMatching(/^name: must be/)],
      'provider odd': [expect.stringMatching(/^timeouts.totalMs: must be/)],
      'model astray': ['no provider is called nobody'],
      'price nobody/x': ['no provider is called nobody'],
      'price good/x': ['prices: must be a list of prices'],
    });
  });

  it('leaves out what others find wrong with it', () => {
    const check = (file: ConfigurationFile) =>
      file.providers.some(({ type }) => type === 'odd') ? ['providers.b.type: is odd'] : [];
    const { providers, problems } = layer(
      [provider('b', { type: 'odd' }), provider('c')],
      {},
      check,
    );
    expect(providers).toEqual(['c']);
    expect([...problems]).toEqual([['provider b', ['providers.b.type: is odd']]]);
  });

  it('takes names that lead to each other, in whatever order beside one that is wrong', () => {
    const targets = [{ model: 'openai/x' }];
    const { models, problems } = layer([
      stored('model', 'one', { targets, contextFallbacks: ['two'] }),
      stored('model', 'astray', { targets: [{ model: 'nobody/x' }] }),
      stored('model', 'two', { targets }),
    ]);
    expect(models).toEqual(['two', 'one']);
    expect([...problems.keys()]).toEqual(['model astray']);
  });

  it('takes out what is not enabled, and knows what is turned off', () => {
    const { providers, disabledModels, providerModes } = layer([
      provider('b', { enabled: false }),
      stored('model_switch', 'openai/x', { enabled: false }),
      stored('provider_switch', 'openai', { mode: 'off' }),
    ]);
    expect(providers).toEqual([]);
    expect([...disabledModels]).toEqual(['openai/x']);
    expect([...providerModes]).toEqual([['openai', 'off']]);
  });

  it('wraps keys, and marks what was set as such', () => {
    const { file } = layer([stored('provider', 'b', { type: 'openai' }, ['canary-key'])]);
    expect(file.providers[0]).toMatchObject({ name: 'b', isStored: true });
    expect(JSON.stringify(file)).not.toContain('canary-key');
  });
});
