import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from './configuration-error.js';
import type { EnvironmentSource } from './environment.js';
import { loadConfigurationFile } from './load-configuration-file.js';
import { testEnvironment } from '../../test/support/test-environment.js';
import { Secret } from '../common/secret.js';

const CLIENT_KEY = 'client-key-0123456789-0123456789';

describe(loadConfigurationFile.name, () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llm-proxy-file-'));
    path = join(folder, 'llm-proxy.yaml');
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function load(text: string | Buffer, variables: EnvironmentSource = {}, mode = 0o600) {
    await writeFile(path, text);
    await chmod(path, mode);
    const environment = testEnvironment(variables);
    const loaded = await loadConfigurationFile({ path, variables, environment });
    if (loaded === undefined) throw new Error('The file is there');
    return loaded;
  }

  async function problemsOf(text: string | Buffer, variables?: EnvironmentSource, mode?: number) {
    try {
      await load(text, variables, mode);
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
    return [];
  }

  it('reads the whole form', async () => {
    const { file } = await load(
      `
providers:
  - name: openai
    type: openai
    baseUrl: http://10.0.0.1:8080/v1/
    apiKey: \${OPENAI}
    timeouts: { connectMs: 1, firstByteMs: 2, idleMs: 3, totalMs: 4 }
    retries: { maxAttempts: 1, baseMs: 0 }
    breaker: { enabled: false, windowMs: 5 }
    disconnect: drain
  - { name: spare, type: openai-compatible, apiKeys: [one, two], settings: { any: { thing: [1] } } }
models:
  - name: fast
    strategy: weighted
    affinity: user
    targets: [{ model: openai/gpt-4o-mini, weight: 99, tags: [eu] }, { model: spare/meta/llama }]
    fallbacks: [spare/other]
    contextFallbacks: [long, spare/long]
  - { name: long, targets: [{ model: spare/long }] }
prices:
  - { model: openai/gpt-4o-mini, input: 0.15, cachedInput: "0.075", output: 0.60, perRequest: 0.000000001 }
clients:
  - { name: ci, apiKeys: ["\${CI_KEY}"], models: [fast, "openai/*"] }
  - { name: old, isActive: false }
`,
      { OPENAI: 'sk-1', CI_KEY: CLIENT_KEY },
    );
    expect(file.providers[0]).toMatchObject({
      baseUrl: 'http://10.0.0.1:8080/v1',
      apiKeys: [new Secret('sk-1')],
      disconnect: 'drain',
      drainMs: 30_000,
      breaker: { enabled: false, windowMs: 5 },
    });
    expect(file.providers[0]?.apiKeys[0]?.reveal()).toBe('sk-1');
    expect(file.providers[1]?.apiKeys.map((key) => key.reveal())).toEqual(['one', 'two']);
    expect(file.providers[1]?.settings).toEqual({ any: { thing: [1] } });
    expect(file.models).toEqual([
      {
        name: 'fast',
        strategy: 'weighted',
        affinity: 'user',
        targets: [
          { model: 'openai/gpt-4o-mini', weight: 99, tags: ['eu'] },
          { model: 'spare/meta/llama', weight: 1, tags: [] },
        ],
        fallbacks: ['spare/other'],
        contextFallbacks: ['long', 'spare/long'],
        contentPolicyFallbacks: [],
      },
      expect.objectContaining({ name: 'long', strategy: 'priority', affinity: 'session' }),
    ]);
    expect(file.clients[0]?.apiKeys[0]?.key.reveal()).toBe(CLIENT_KEY);
    expect(file.clients[1]).toEqual({
      name: 'old',
      apiKeys: [],
      isActive: false,
      budget: [],
      onLimit: 'reject',
      queueMs: 10_000,
    });
    expect(Object.isFrozen(file.providers[1]?.settings.any)).toBe(true);
    expect(Object.isFrozen(file.models[0]?.targets)).toBe(true);
  });

  it('reads limits and budgets, amounts as they are written', async () => {
    const { file } = await load(
      `
limits: { endpoints: { chat: { requestsPerMinute: 0 } } }
budget: { usd: 9000000.000000000, period: total }
clients:
  - name: ci
    apiKeys: ["\${KEY}", { key: "\${OTHER}", limits: { maxConcurrent: 1 } }]
    budget: [{ usd: 0.1, period: day, alerts: [90, 10] }, { usd: "\${USD}", period: week }]
`,
      { KEY: CLIENT_KEY, OTHER: `other-${CLIENT_KEY}`, USD: '5.00' },
    );
    expect(file.limits).toEqual({
      endpoints: { chat: { requestsPerMinute: 0 } },
      models: {},
    });
    expect(file.budget).toEqual([
      { usd: '9000000.000000000', period: 'total', timeZone: 'UTC', alerts: [80, 100] },
    ]);
    expect(file.clients[0]?.budget).toEqual([
      { usd: '0.1', period: 'day', timeZone: 'UTC', alerts: [10, 90] },
      { usd: '5.00', period: 'week', timeZone: 'UTC', alerts: [80, 100] },
    ]);
    const [plain, limited] = file.clients[0]?.apiKeys ?? [];
    expect([plain?.key.reveal(), limited?.key.reveal()]).toEqual([
      CLIENT_KEY,
      `other-${CLIENT_KEY}`,
    ]);
    expect([plain?.limits, limited?.limits]).toEqual([
      undefined,
      { maxConcurrent: 1, endpoints: {} },
    ]);
  });

  it.each([[''], ['# nothing yet\n'], ['---\n'], ['{}']])(
    'takes %j as an empty file',
    async (text) => {
      const { file } = await load(text);
      expect(file).toEqual({ providers: [], models: [], prices: [], clients: [], budget: [] });
    },
  );

  it('finds nothing where there is no file', async () => {
    const environment = testEnvironment();
    const options = { path: join(folder, 'absent.yaml'), variables: {}, environment };
    expect(await loadConfigurationFile(options)).toBeUndefined();
  });

  describe('prices', () => {
    const priceOf = async (text: string, variables?: EnvironmentSource) => {
      const provider = 'providers: [{ name: a, type: openai }]';
      const { file } = await load(
        `${provider}\nprices: [{ model: a/b, input: ${text} }]`,
        variables,
      );
      return file.prices[0]?.input;
    };

    it.each([
      ['0.15', '0.15'],
      ['0.60', '0.60'],
      ['"0.1"', '0.1'],
      ['0', '0'],
      ['3', '3'],
      ['0.000001', '0.000001'],
      ['123456789.123456', '123456789.123456'],
    ])('keeps %s as %s', async (text, expected) => {
      expect(await priceOf(text)).toBe(expected);
    });

    const PRICED = (members: string) =>
      `providers: [{ name: a, type: openai }]\nprices: [{ model: a/b, ${members} }]`;

    it('takes every unit, tier, day and hour', async () => {
      const { file } = await load(
        PRICED(`from: 2026-12-01, to: 2027-01-01T16:30Z, between: 16:30-00:30, input: 1,
          above: [{ inputTokens: 200000, input: 2 }],
          tiers: { flex: { input: 0.5, above: [{ inputTokens: 9, output: 1 }] } },
          perImage: 0.04, images: [{ size: 1024x1024, quality: hd, usd: 0.08 }],
          perAudioSecond: 0.0001, perCharacter: 0.000015, perSearch: 0.002,
          webSearch: 0.01, fileSearch: 0.0025`),
      );
      expect(file.prices[0]).toEqual({
        model: 'a/b',
        from: '2026-12-01',
        to: '2027-01-01T16:30Z',
        between: '16:30-00:30',
        input: '1',
        above: [{ inputTokens: 200_000, input: '2' }],
        tiers: { flex: { input: '0.5', above: [{ inputTokens: 9, output: '1' }] } },
        perImage: '0.04',
        images: [{ size: '1024x1024', quality: 'hd', usd: '0.08' }],
        perAudioSecond: '0.0001',
        perCharacter: '0.000015',
        perSearch: '0.002',
        webSearch: '0.01',
        fileSearch: '0.0025',
      });
    });

    it.each([
      ['from: 2026-02-30', 'prices[0].from: must be a day'],
      ['from: 2026-2-3', 'prices[0].from: must be a day'],
      ['to: 2026-01-01T25:00Z', 'prices[0].to: must be a day'],
      ['to: 2026-01-01T12:00+02:00', 'prices[0].to: must be a day'],
      ['from: 2026-02-01, to: 2026-02-01', 'prices[0].to: must be later than from'],
      ['between: 16:30-16:30', 'prices[0].between: must be two different times'],
      ['between: 4pm-5pm', 'prices[0].between: must be two different times'],
      ['above: [{ input: 1 }]', 'prices[0].above[0].inputTokens: must be a whole number'],
      ['above: [{ inputTokens: 0.5 }]', 'prices[0].above[0].inputTokens: must be a whole number'],
      [
        'above: [{ inputTokens: 5 }, { inputTokens: 5 }]',
        'prices[0].above[1].inputTokens: is the same as [0].inputTokens',
      ],
      ['tiers: { turbo: {} }', 'prices[0].tiers.turbo'],
      ['images: [{ size: a }]', 'prices[0].images[0].usd: is required'],
      ['perCharacter: 0.0000000000001', 'prices[0].perCharacter: must be a decimal'],
    ])('refuses %s', async (members, problem) => {
      await expect(load(PRICED(members))).rejects.toThrow(problem);
    });

    it.each([
      ['{ from: 2026-01-01 }', '{}'],
      ['{ from: 2026-03-01 }', '{ from: 2026-02-01 }'],
      ['{ to: 2026-03-01 }', '{ to: 2026-03-01T00:00:01Z }'],
      ['{ between: 01:00-02:00 }', '{}'],
      ['{ between: 01:00-02:00 }', '{ between: 01:00-02:00 }'],
    ])('refuses, after %s, what hides it: %s', async (first, second) => {
      const entries = [first, second].map((entry) => entry.replace('{', '{ model: a/b, '));
      const text = `providers: [{ name: a, type: openai }]\nprices: [${entries.join(', ')}]`;
      await expect(load(text)).rejects.toThrow('prices[1].model: holds whenever prices[0] does');
    });

    it.each([
      ['{}', '{ from: 2026-01-01 }'],
      ['{ from: 2026-01-01 }', '{ from: 2026-02-01 }'],
      ['{ to: 2026-01-01 }', '{ from: 2026-01-01 }'],
      ['{ from: 2026-01-01 }', '{ between: 01:00-02:00 }'],
    ])('takes, after %s, %s', async (first, second) => {
      const entries = [first, second].map((entry) => entry.replace('{', '{ model: a/b, '));
      const text = `providers: [{ name: a, type: openai }]\nprices: [${entries.join(', ')}]`;
      expect((await load(text)).file.prices).toHaveLength(2);
    });

    it('takes a price from a variable', async () => {
      expect(await priceOf('"${PRICE}"', { PRICE: '0.15' })).toBe('0.15');
    });

    it.each([
      ['-1'],
      ['1e-1'],
      ['0x10'],
      ['.5'],
      ['0.1234567'],
      ['.inf'],
      ['free'],
      ['1,5'],
      ['true'],
    ])('refuses %s', async (text) => {
      await expect(priceOf(`"${text}"`)).rejects.toThrow('prices[0].input: must be a decimal');
      await expect(priceOf(text === '1,5' ? '[1]' : text)).rejects.toThrow(
        'prices[0].input: must be a decimal',
      );
    });
  });

  describe('substitution', () => {
    it('replaces variables and files anywhere in a text', async () => {
      await writeFile(join(folder, 'host'), 'example.test\n');
      const { file } = await load(
        'providers: [{ name: a, type: t, baseUrl: "http://${file:./host}:${PORT_OF}/v1", settings: { deep: [ "$${PORT_OF} costs $5" ] } }]',
        { PORT_OF: '8080' },
      );
      expect(file.providers[0]?.baseUrl).toBe('http://example.test:8080/v1');
      expect(file.providers[0]?.settings).toEqual({ deep: ['${PORT_OF} costs $5'] });
    });

    it('does not substitute in what was substituted', async () => {
      const { file } = await load('providers: [{ name: a, type: t, settings: { x: "${A}" } }]', {
        A: '${B}',
      });
      expect(file.providers[0]?.settings).toEqual({ x: '${B}' });
    });

    it('lists everything that cannot be substituted, by name, and nothing besides', async () => {
      const text = `
providers:
  - name: a
    type: t
    baseUrl: \${MISSING}
    apiKey: \${file:/nowhere/at/all}
  - name: b
    type: t
    apiKey: "\${EMPTY}"
    settings: { x: "\${not a name}", y: "open \${ end" }
`;
      expect((await problemsOf(text, { EMPTY: '' })).toSorted()).toEqual([
        'providers[0].apiKey: ${file:/nowhere/at/all}: cannot be read or written (ENOENT) (line 6)',
        'providers[0].baseUrl: ${MISSING}: the variable is not set (line 5)',
        'providers[1].apiKey: ${EMPTY}: the variable is not set (line 9)',
        expect.stringMatching(/^providers\[1\]\.settings\.x: has a \$\{…\} that is no variable/),
        expect.stringMatching(/^providers\[1\]\.settings\.y: has a \$\{…\} that is no variable/),
      ]);
    });
  });

  describe('wrong forms', () => {
    it.each([
      ['unknown member', 'provider: []', 'provider: unknown key (line 1)'],
      [
        'unknown nested member',
        'providers: [{ name: a, type: t, url: x }]',
        'providers[0].url: unknown key (line 1)',
      ],
      ['no map', '- a', 'must be a map'],
      ['no list', 'providers: { a: 1 }', 'providers: must be a list of providers (line 1)'],
      ['no name', 'providers: [{ type: t }]', 'providers[0].name: must be text (line 1)'],
      [
        'slash in a name',
        'providers: [{ name: a/b, type: t }]',
        expect.stringMatching(/^providers\[0\]\.name: must be 1 to 63/),
      ],
      [
        'no type',
        'providers: [{ name: a }]',
        'providers[0].type: must be the name of a provider type (line 1)',
      ],
      [
        'URL of another scheme',
        'providers: [{ name: a, type: t, baseUrl: "ftp://x" }]',
        expect.stringMatching(/^providers\[0\]\.baseUrl: must be an http/),
      ],
      [
        'URL with credentials',
        'providers: [{ name: a, type: t, baseUrl: "http://u:p@x" }]',
        expect.stringMatching(/^providers\[0\]\.baseUrl: must be an http/),
      ],
      [
        'URL with a query',
        'providers: [{ name: a, type: t, baseUrl: "http://x/?k=v" }]',
        expect.stringMatching(/^providers\[0\]\.baseUrl: must be an http/),
      ],
      [
        'both key forms',
        'providers: [{ name: a, type: t, apiKey: x, apiKeys: [y] }]',
        'providers[0].apiKeys: must not be set together with apiKey (line 1)',
      ],
      [
        'no keys',
        'providers: [{ name: a, type: t, apiKeys: [] }]',
        'providers[0].apiKeys: must have at least one key (line 1)',
      ],
      [
        'time of zero',
        'providers: [{ name: a, type: t, timeouts: { idleMs: 0 } }]',
        'providers[0].timeouts.idleMs: must be a whole number from 1 to 2147483647 (line 1)',
      ],
      [
        'time as text',
        'providers: [{ name: a, type: t, timeouts: { idleMs: "5" } }]',
        'providers[0].timeouts.idleMs: must be a whole number from 1 to 2147483647 (line 1)',
      ],
      [
        'half an attempt',
        'providers: [{ name: a, type: t, retries: { maxAttempts: 1.5 } }]',
        'providers[0].retries.maxAttempts: must be a whole number from 1 to 20 (line 1)',
      ],
      [
        'other disconnect',
        'providers: [{ name: a, type: t, disconnect: wait }]',
        'providers[0].disconnect: must be cancel or drain (line 1)',
      ],
      [
        'short client key',
        'clients: [{ name: a, apiKeys: [short] }]',
        'clients[0].apiKeys[0]: must have 32 to 512 characters, visible ASCII without spaces (line 1)',
      ],
      [
        'target without instance',
        'models: [{ name: a, targets: [{ model: gpt }] }]',
        'models[0].targets[0].model: must be instance/model (line 1)',
      ],
      [
        'no targets',
        'models: [{ name: a, targets: [] }]',
        'models[0].targets: must have at least one target (line 1)',
      ],
      [
        'unknown strategy',
        'models: [{ name: a, strategy: best, targets: [{ model: simulated/x }] }]',
        'models[0].strategy: must be one of priority, weighted, round-robin, least-busy, latency, cost (line 1)',
      ],
      [
        'unknown affinity',
        'models: [{ name: a, affinity: day, targets: [{ model: simulated/x }] }]',
        'models[0].affinity: must be one of session, user, client, none (line 1)',
      ],
      [
        'negative weight',
        'models: [{ name: a, targets: [{ model: simulated/x, weight: -1 }] }]',
        'models[0].targets[0].weight: must be a whole number from 0 to 1000000 (line 1)',
      ],
      [
        'a tag that no list of tags can name',
        'models: [{ name: a, targets: [{ model: simulated/x, tags: ["a,b"] }] }]',
        'models[0].targets[0].tags[0]: must be 1 to 63 letters, digits and . _ -, starting with a letter or digit (line 1)',
      ],
    ])('refuses %s', async (_, text, problem) => {
      expect(await problemsOf(text)).toEqual([problem]);
    });

    it.each([['cache: { enabled: false }', 'cache']])(
      'says that %s is not supported',
      async (text, path) => {
        expect(await problemsOf(text)).toEqual([`${path}: not supported by this version (line 1)`]);
      },
    );

    it.each([
      ['limits: { requestsPerMinute: -1 }', 'limits.requestsPerMinute: must be a whole number'],
      ['limits: { tokensPerMinute: 1.5 }', 'limits.tokensPerMinute: must be a whole number'],
      ['limits: { perMinute: 1 }', 'limits.perMinute: unknown key'],
      ['limits: { endpoints: { chats: {} } }', 'limits.endpoints.chats: unknown key'],
      [
        'limits: { endpoints: { chat: { maxConcurrent: all } } }',
        'limits.endpoints.chat.maxConcurrent: must be a whole number',
      ],
      ['limits: { models: { "a b": {} } }', 'limits.models.a b: must be 1 to 255 characters'],
      [
        'limits: { models: { a: {} } }\nmodels: [{ name: a, targets: [{ model: simulated/x }], limits: {} }]',
        'models[0].limits: are given in limits.models too',
      ],
      ['clients: [{ name: a, limits: { models: {} } }]', 'clients[0].limits.models: unknown key'],
      [
        'models: [{ name: a, targets: [{ model: simulated/x }], hedge: { afterMs: p50 } }]',
        'models[0].hedge.afterMs: must be a number of milliseconds or one of p90, p95, p99',
      ],
      [
        'models: [{ name: a, targets: [{ model: simulated/x }], hedge: { afterMs: 1, maxExtraPercent: 0 } }]',
        'models[0].hedge.maxExtraPercent: must be a whole number',
      ],
      [
        'clients: [{ name: a, limits: { adaptive: { factor: 0.5 } } }]',
        'clients[0].limits.adaptive.factor: must be a number, 1 or more',
      ],
      [
        'clients: [{ name: a, limits: { adaptive: true } }]',
        'clients[0].limits.adaptive: must be a map',
      ],
      [
        'providers: [{ name: a, type: t, limits: { endpoints: {} } }]',
        'providers[0].limits.endpoints: unknown key',
      ],
      [
        'providers: [{ name: a, type: t, limits: { adaptive: 1 } }]',
        'providers[0].limits.adaptive: must be true or false',
      ],
      ['budget: 5', 'budget: must be a budget or a list of budgets'],
      ['budget: { usd: 5 }', 'budget.period: must be total, day, week or month'],
      ['budget: { period: day }', 'budget.usd: must be an amount such as 5.00'],
      ['budget: { usd: -5, period: day }', 'budget.usd: must be an amount'],
      ['budget: { usd: 9000000.000000001, period: day }', 'budget.usd: must be an amount'],
      ['budget: { usd: 0.0000000001, period: day }', 'budget.usd: must be an amount'],
      ['budget: { usd: 1e3, period: day }', 'budget.usd: must be an amount'],
      ['budget: { usd: 5, period: day, timeZone: +02:00 }', 'budget.timeZone: must be the name'],
      ['budget: { usd: 5, period: day, alerts: [0] }', 'budget.alerts[0]: must be a whole number'],
      ['budget: [{ usd: 5, period: year }]', 'budget[0].period: must be total, day, week or month'],
      [
        'budget: [{ usd: 5, period: day }, { usd: 6, period: day }]',
        'budget[1].period: has the period of budget [0]',
      ],
      ['clients: [{ name: a, onLimit: wait }]', 'clients[0].onLimit: must be reject or queue'],
      ['clients: [{ name: a, queueMs: 0 }]', 'clients[0].queueMs: must be a whole number'],
      ['clients: [{ name: a, apiKeys: [short] }]', 'clients[0].apiKeys[0]: must have 32 to 512'],
      ['clients: [{ name: a, apiKeys: [5] }]', 'clients[0].apiKeys[0]: must be a key or a map'],
      [
        'clients: [{ name: a, apiKeys: [{ key: short }] }]',
        'clients[0].apiKeys[0].key: must have 32 to 512',
      ],
      [
        'clients: [{ name: a, apiKeys: [{ limits: {} }] }]',
        'clients[0].apiKeys[0].key: must have 32 to 512',
      ],
      [
        `clients: [{ name: a, apiKeys: [{ key: ${CLIENT_KEY}, limits: { maxConcurrent: x } }] }]`,
        'clients[0].apiKeys[0].limits.maxConcurrent: must be a whole number',
      ],
    ])('refuses %s', async (text, problem) => {
      const problems = await problemsOf(text);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(problem);
    });

    it('lists every problem at once, with its line', async () => {
      const text = `providers:
  - name: A
    type: t
    oops: 1
clients:
  - name: x
    models: no
`;
      expect(
        (await problemsOf(text))
          .map((problem) => problem.replace(/ must.*\(/, ' must ('))
          .toSorted(),
      ).toEqual([
        'clients[0].models: must (line 7)',
        'providers[0].name: must (line 2)',
        'providers[0].oops: unknown key (line 4)',
      ]);
    });

    it('finds names given twice and names that lead nowhere', async () => {
      const text = `
providers: [{ name: a, type: t }, { name: a, type: t }]
models:
  - { name: m, targets: [{ model: a/x }, { model: b/x }], fallbacks: [c/x], contextFallbacks: [m, c/y, n] }
  - { name: m, targets: [{ model: a/x }] }
prices: [{ model: a/x, input: 1 }, { model: a/x, input: 2 }, { model: d/x }]
clients:
  - { name: k, apiKeys: ["${CLIENT_KEY}"] }
  - { name: k, apiKeys: ["${CLIENT_KEY}"] }
`;
      const problems = (await problemsOf(text)).map((problem) => problem.replace(/ \(line.*/, ''));
      expect(problems).toEqual([
        'providers[1].name: is the same as providers[0].name',
        'models[1].name: is the same as models[0].name',
        'prices[1].model: holds whenever prices[0] does, which has no effect',
        'clients[1].name: is the same as clients[0].name',
        'clients[1].apiKeys[0]: is the same key as clients[0].apiKeys[0]',
        'models[0].targets[1].model: no provider is called b',
        'models[0].fallbacks[0]: no provider is called c',
        'models[0].contextFallbacks[1]: no provider is called c',
        'models[0].contextFallbacks[2]: no provider is called n',
        'prices[2].model: no provider is called d',
      ]);
      expect(problems.join()).not.toContain(CLIENT_KEY);
    });

    it('knows the instances that the environment makes', async () => {
      const text = 'models: [{ name: m, targets: [{ model: openai/x }] }]';
      expect(await problemsOf(text, { OPENAI_API_KEY: 'sk-1' })).toEqual([]);
      expect(await problemsOf(text)).toEqual([
        'models[0].targets[0].model: no provider is called openai (line 1)',
      ]);
      expect(await problemsOf(text.replace('openai', 'simulated'))).toEqual([]);
    });
  });

  describe('unreadable text', () => {
    const canary = 'canary0123456789';

    it.each([
      ['indentation', `providers:\n  - name: a\n type: ${canary}`, 3],
      ['open quote', `providers:\n  - name: "${canary}`, 2],
      ['same key twice', `providers: []\nproviders: [${canary}]`, 2],
      ['text after a text', `a: "b" ${canary}`, 1],
      ['tag', `a: !${canary} x`, 1],
      ['two documents', `a: 1\n---\nb: ${canary}`, 2],
    ])('names the line and quotes nothing: %s', async (_, text, line) => {
      const problems = await problemsOf(text);
      expect(problems[0]).toMatch(new RegExp(`^line ${line}: \\S`));
      expect(problems.join()).not.toContain(canary);
    });

    it('refuses aliases that lead nowhere or multiply without measure', async () => {
      const problems = await problemsOf(`clients: *${canary}`);
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain(canary);
      const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
      for (const [from, to] of ['ab', 'bc', 'cd', 'de']) {
        bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join()}]`);
      }
      expect(await problemsOf(bomb.join('\n'))).toEqual(['its aliases cannot be resolved']);
    });

    it('refuses bytes that are not UTF-8', async () => {
      expect(await problemsOf(Buffer.from([0x61, 0x3a, 0xff]))).toEqual(['is not UTF-8']);
    });

    it('refuses a folder', async () => {
      const environment = testEnvironment();
      await expect(
        loadConfigurationFile({ path: folder, variables: {}, environment }),
      ).rejects.toMatchObject({ problems: ['cannot be read or written (EISDIR)'] });
    });
  });

  describe('a file that others can read', () => {
    const literal = 'providers: [{ name: a, type: t, apiKey: sk-1 }]';
    const production = { NODE_ENV: 'production', KEY: CLIENT_KEY };

    it('is refused in production when it holds keys', async () => {
      expect(await problemsOf(literal, production, 0o644)).toEqual([
        expect.stringMatching(/^the file holds keys and other users can read or write it/),
      ]);
      expect(await problemsOf(literal, production, 0o640)).toEqual([]);
    });

    it('is warned about otherwise', async () => {
      expect((await load(literal, {}, 0o644)).warnings).toHaveLength(1);
      const client = `clients: [{ name: a, apiKeys: ["${CLIENT_KEY}"] }]`;
      expect((await load(client, {}, 0o644)).warnings).toHaveLength(1);
      const limited = `clients: [{ name: a, apiKeys: [{ key: "${CLIENT_KEY}" }] }]`;
      expect((await load(limited, {}, 0o644)).warnings).toHaveLength(1);
    });

    it('is fine when its keys come from elsewhere', async () => {
      const text =
        'providers: [{ name: a, type: t, apiKey: "${KEY}" }]\nclients: [{ name: a, apiKeys: ["${KEY}"] }]';
      expect((await load(text, production, 0o644)).warnings).toEqual([]);
    });
  });

  it('shows no key in errors or when printed', async () => {
    const canary = 'canary-0123456789-0123456789-0123456789';
    const good = `providers: [{ name: a, type: t, apiKey: ${canary} }]\nclients: [{ name: a, apiKeys: [${canary}] }]`;
    const loaded = await load(good);
    expect(inspect(loaded, { depth: 9 }) + JSON.stringify(loaded)).not.toContain(canary);
    const wrong = `providers: [{ name: a, type: t, apiKey: "${canary} x", baseUrl: ${canary} }]\nmodels: [${canary}]`;
    const problems = await problemsOf(wrong);
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain(canary);
  });

  it('has a fingerprint that changes with the text and with what is substituted', async () => {
    const text = 'providers: [{ name: a, type: t, apiKey: "${KEY}" }]';
    const { fingerprint } = await load(text, { KEY: 'one' });
    expect((await load(text, { KEY: 'one' })).fingerprint).toBe(fingerprint);
    expect((await load(text, { KEY: 'two' })).fingerprint).not.toBe(fingerprint);
  });
});
