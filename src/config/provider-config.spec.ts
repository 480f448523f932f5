import { describe, expect, it } from 'vitest';
import { testEnvironment } from '../../test/support/test-environment.js';
import { configurationFileSchema } from './configuration-file.js';
import type { EnvironmentSource } from './environment.js';
import { isDemo, resolveProviders } from './provider-config.js';

function resolve(providers: readonly object[], variables: EnvironmentSource = {}) {
  const file = configurationFileSchema.parse({ providers });
  const environment = testEnvironment(variables);
  return { configs: resolveProviders(file, environment), isDemo: isDemo(file, environment) };
}

describe(resolveProviders.name, () => {
  it('simulates when there is nothing else', () => {
    const { configs, isDemo } = resolve([]);
    expect(configs).toMatchObject([{ name: 'simulated', type: 'simulated', apiKeys: [] }]);
    expect(isDemo).toBe(true);
  });

  it('makes openai from its key', () => {
    const { configs, isDemo } = resolve([], { OPENAI_API_KEY: 'sk-1' });
    expect(configs.map(({ name, type, baseUrl }) => ({ name, type, baseUrl }))).toEqual([
      { name: 'openai', type: 'openai', baseUrl: undefined },
    ]);
    expect(configs[0]?.apiKeys[0]?.reveal()).toBe('sk-1');
    expect(isDemo).toBe(false);
  });

  it('leaves openai to the file when that names it', () => {
    const { configs } = resolve([{ name: 'openai', type: 'openai-compatible', apiKey: 'sk-2' }], {
      OPENAI_API_KEY: 'sk-1',
    });
    expect(configs.map(({ type, apiKeys }) => [type, apiKeys[0]?.reveal()])).toEqual([
      ['openai-compatible', 'sk-2'],
    ]);
  });

  it('adds openai to the other instances of the file', () => {
    const { configs } = resolve([{ name: 'own', type: 'simulated' }], { OPENAI_API_KEY: 'sk-1' });
    expect(configs.map(({ name }) => name)).toEqual(['own', 'openai']);
  });

  it.each([
    ['anthropic', { ANTHROPIC_API_KEY: 'sk-1' }, undefined, ['sk-1']],
    ['gemini', { GEMINI_API_KEY: 'sk-1' }, undefined, ['sk-1']],
    ['deepseek', { DEEPSEEK_API_KEY: 'sk-1' }, undefined, ['sk-1']],
    ['xai', { XAI_API_KEY: 'sk-1' }, undefined, ['sk-1']],
    ['openrouter', { OPENROUTER_API_KEY: 'sk-1' }, undefined, ['sk-1']],
    ['blackbox', { BLACKBOX_API_KEY: 'sk-1' }, undefined, ['sk-1']],
    ['ollama', { OLLAMA_BASE_URL: 'http://ollama:11434/' }, 'http://ollama:11434', []],
    [
      'azure',
      { AZURE_OPENAI_ENDPOINT: 'https://one.example', AZURE_OPENAI_API_KEY: 'sk-1' },
      'https://one.example',
      ['sk-1'],
    ],
  ])('makes %s from its variables', (name, variables, url, keys) => {
    const { configs, isDemo } = resolve([], variables);
    expect(
      configs.map(({ name, type, baseUrl, apiKeys }) => [
        name,
        type,
        baseUrl,
        apiKeys.map((key) => key.reveal()),
      ]),
    ).toEqual([[name, name, url, keys]]);
    expect(isDemo).toBe(false);
  });

  it('makes one of each that the environment has', () => {
    const { configs } = resolve([{ name: 'xai', type: 'openai-compatible', apiKey: 'sk-9' }], {
      OLLAMA_BASE_URL: 'http://ollama:11434',
      OPENAI_API_KEY: 'sk-1',
      XAI_API_KEY: 'sk-2',
    });
    expect(configs.map(({ name }) => name)).toEqual(['xai', 'openai', 'ollama']);
  });

  it('is no demo when the file asks for the simulated provider', () => {
    const { configs, isDemo } = resolve([{ name: 'sim', type: 'simulated' }]);
    expect(configs).toHaveLength(1);
    expect(isDemo).toBe(false);
  });

  it('leaves no gap the wrong way round between what the file and the environment say of health', () => {
    const health = { disableAboveErrorPercent: 10 };
    const { configs } = resolve([{ name: 'a', type: 't', health }]);
    expect(configs[0]?.health).toMatchObject({ ...health, enableBelowErrorPercent: 10 });
  });

  it('takes from the environment what the file does not say, member by member', () => {
    const { configs } = resolve(
      [
        {
          name: 'a',
          type: 't',
          timeouts: { idleMs: 7 },
          retries: { maxAttempts: 1 },
          breaker: { windowMs: 9 },
          health: { minCalls: 14, probe: { model: 'm', maxTokens: 1 } },
        },
      ],
      {
        UPSTREAM_CONNECT_TIMEOUT_MS: '1',
        UPSTREAM_FIRST_BYTE_TIMEOUT_MS: '2',
        UPSTREAM_IDLE_TIMEOUT_MS: '3',
        UPSTREAM_TOTAL_TIMEOUT_MS: '4',
        UPSTREAM_MAX_CONNECTIONS: '5',
        RETRY_MAX_ATTEMPTS: '6',
        RETRY_BASE_MS: '8',
        BREAKER_ERROR_THRESHOLD_PERCENTAGE: '10',
        BREAKER_VOLUME_THRESHOLD: '11',
        BREAKER_WINDOW_MS: '12',
        BREAKER_RESET_TIMEOUT_MS: '13',
        HEALTH_DISABLE_ABOVE_ERROR_PERCENT: '16',
        HEALTH_ENABLE_BELOW_ERROR_PERCENT: '15',
        HEALTH_MIN_CALLS: '17',
        HEALTH_WINDOW_MS: '18',
        HEALTH_PROBE_INTERVAL_MS: '19',
      },
    );
    expect(configs).toEqual([
      {
        name: 'a',
        type: 't',
        source: 'file',
        apiKeys: [],
        timeouts: { connectMs: 1, firstByteMs: 2, idleMs: 7, totalMs: 4 },
        retries: { maxAttempts: 1, baseMs: 8 },
        breaker: {
          enabled: true,
          errorThresholdPercentage: 10,
          volumeThreshold: 11,
          windowMs: 9,
          resetTimeoutMs: 13,
          maxResetMs: 60_000,
          perModel: false,
        },
        breakerInFile: { windowMs: 9 },
        health: {
          disableAboveErrorPercent: 16,
          enableBelowErrorPercent: 15,
          minCalls: 14,
          windowMs: 18,
          probe: { model: 'm', maxTokens: 1 },
          probeIntervalMs: 19,
        },
        maxConnections: 5,
        disconnect: 'cancel',
        drainMs: 30_000,
        settings: {},
      },
    ]);
  });
});
