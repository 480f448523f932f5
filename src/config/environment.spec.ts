import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from './configuration-error.js';
import { ENVIRONMENT_VARIABLES, VARIABLE_NAMES } from './environment-variables.js';
import { parseEnvironment, type EnvironmentSource } from './environment.js';

function problemsOf(source: EnvironmentSource): readonly string[] {
  try {
    parseEnvironment(source);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe(parseEnvironment.name, () => {
  it('has a default for what is not set', () => {
    expect(parseEnvironment({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      basePath: '',
      trustProxy: false,
      dataDir: './data',
      logLevel: 'info',
      shutdownDrainSeconds: 600,
      sqliteSynchronous: 'NORMAL',
      ledgerMaxQueuedWrites: 10_000,
      maxBodyBytes: 33_554_432,
      maxJsonDepth: 64,
      upstreamConnectTimeoutMs: 5_000,
      breakerErrorThresholdPercentage: 50,
      streamStallTimeoutMs: 60_000,
      idempotencyTtlSeconds: 86_400,
      nodeEnv: 'development',
    });
  });

  it('takes an empty value as unset, for every variable', () => {
    const empty = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, '']));
    expect(parseEnvironment(empty)).toEqual(parseEnvironment({}));
  });

  it('gives the written defaults their own meaning', () => {
    const defaults = Object.fromEntries(
      VARIABLE_NAMES.map((name) => {
        const declaration: { default?: string } = ENVIRONMENT_VARIABLES[name];
        return [name, declaration.default];
      }),
    );
    expect(parseEnvironment(defaults)).toEqual(parseEnvironment({}));
  });

  it('is frozen', () => {
    expect(Object.isFrozen(parseEnvironment({}))).toBe(true);
  });

  it.each([
    ['PORT', '12abc'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '1e3'],
    ['PORT', '0x10'],
    ['PORT', '80.0'],
    ['PORT', ' 80'],
    ['PORT', '99999999999999999999'],
    ['HOST', 'a b'],
    ['HOST', '1.2.3'],
    ['HOST', 'http://localhost'],
    ['BASE_PATH', 'llm'],
    ['BASE_PATH', '/a//b'],
    ['BASE_PATH', '/a b'],
    ['TRUST_PROXY', 'yes'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', 'loopback,example.com'],
    ['LOG_LEVEL', 'verbose'],
    ['NODE_ENV', 'staging'],
    ['SQLITE_SYNCHRONOUS', 'OFF'],
    ['DATABASE_URL', 'mysql://somewhere/db'],
    ['DATABASE_URL', 'somewhere'],
    ['REDIS_URL', 'http://somewhere'],
    ['KEY_PEPPER', 'too-short'],
    ['JWT_SECRET', 'too-short'],
    ['OIDC_CLIENT_SECRET', 'has space'],
    ['OIDC_LABEL', 'two\nlines'],
    ['OIDC_DEFAULT_ROLE', 'owner'],
    ['OIDC_ALLOWED_DOMAINS', 'example.com, b c'],
    ['OPENAI_API_KEY', 'sk with space'],
    ['OPENAI_API_KEY', 'sk-line\nbreak'],
    ['UPSTREAM_CONNECT_TIMEOUT_MS', '0'],
    ['UPSTREAM_TOTAL_TIMEOUT_MS', '2147483648'],
    ['RETRY_MAX_ATTEMPTS', '0'],
    ['BREAKER_ERROR_THRESHOLD_PERCENTAGE', '101'],
    ['MAX_BODY_BYTES', '0'],
    ['ALLOWED_PRIVATE_UPSTREAMS', 'media.internal'],
    ['ALLOWED_PRIVATE_UPSTREAMS', 'media.internal:0'],
    ['ALLOWED_PRIVATE_UPSTREAMS', 'media.internal:65536'],
    ['ALLOWED_PRIVATE_UPSTREAMS', 'http://media.internal:80'],
    ['ALLOWED_PRIVATE_UPSTREAMS', 'user@media.internal:80'],
    ['ALLOWED_PRIVATE_UPSTREAMS', 'media.internal:80/images'],
    ['ALLOWED_PRIVATE_UPSTREAMS', '::1:80'],
  ])('refuses %s=%j, naming the variable and not the value', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: must `));
    if (value.length > 3) expect(problems[0]).not.toContain(value);
  });

  it.each([
    ['ADMIN_EMAIL', 'nobody', 'ADMIN_PASSWORD', 'long enough for anybody'],
    ['ADMIN_PASSWORD', 'too-short', 'ADMIN_EMAIL', 'a@example.com'],
    ['OIDC_ISSUER', 'http://login.example.com', 'OIDC_CLIENT_ID', 'llm-proxy'],
    ['OIDC_ISSUER', 'https://login.example.com/?tenant=1', 'OIDC_CLIENT_ID', 'llm-proxy'],
    ['OIDC_CLIENT_ID', ' ', 'OIDC_ISSUER', 'https://login.example.com'],
  ])('refuses %s=%j, and either of the two without the other', (name, value, other, good) => {
    expect(problemsOf({ [name]: value, [other]: good })).toEqual([
      expect.stringMatching(new RegExp(`^${name}: must `)),
    ]);
    expect(problemsOf({ [other]: good })).toEqual([`${name}: must be set together with ${other}`]);
  });

  it('takes an issuer without TLS on this machine only', () => {
    const OIDC_CLIENT_ID = 'llm-proxy';
    const environment = parseEnvironment({ OIDC_ISSUER: 'http://localhost:8080', OIDC_CLIENT_ID });
    expect(environment).toMatchObject({
      oidcIssuer: 'http://localhost:8080',
      oidcDefaultRole: 'viewer',
      oidcAllowedDomains: [],
    });
  });

  it('lists every problem at once', () => {
    const problems = problemsOf({
      PORT: 'x',
      LOG_LEVEL: 'loud',
      KEY_PEPPER: 'short',
      MAX_JSON_DEPTH: '0',
    });
    expect(new Set(problems.map((problem) => problem.split(':')[0]))).toEqual(
      new Set(['KEY_PEPPER', 'LOG_LEVEL', 'MAX_JSON_DEPTH', 'PORT']),
    );
  });

  it.each([
    ['SHUTDOWN_DRAIN_SECONDS', 'shutdownDrainSeconds'],
    ['RETRY_BASE_MS', 'retryBaseMs'],
    ['STREAM_KEEP_ALIVE_MS', 'streamKeepAliveMs'],
    ['PORT', 'port'],
  ] as const)('takes 0 where it has a meaning: %s', (name, member) => {
    expect(parseEnvironment({ [name]: '0' })[member]).toBe(0);
  });

  it.each([
    ['true', true],
    ['false', false],
    ['0', 0],
    ['2', 2],
    ['loopback', ['loopback']],
    ['10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
  ])('takes TRUST_PROXY=%s as Express does', (text, expected) => {
    expect(parseEnvironment({ TRUST_PROXY: text }).trustProxy).toEqual(expected);
  });

  it.each([
    ['/', ''],
    ['/llm/', '/llm'],
    ['/a/b', '/a/b'],
  ])('takes BASE_PATH=%s as %j', (text, expected) => {
    expect(parseEnvironment({ BASE_PATH: text }).basePath).toBe(expected);
  });

  it.each([
    ['', []],
    ['Media.Internal:80', ['media.internal:80']],
    ['10.0.0.5:8080, [FD00::1]:443,', ['10.0.0.5:8080', '[fd00::1]:443']],
  ])('takes ALLOWED_PRIVATE_UPSTREAMS=%s as %j', (text, expected) => {
    const { allowedPrivateUpstreams } = parseEnvironment({ ALLOWED_PRIVATE_UPSTREAMS: text });
    expect([...allowedPrivateUpstreams]).toEqual(expected);
  });

  it.each([['::1'], ['0.0.0.0'], ['localhost'], ['gateway-1.internal']])(
    'listens on %s',
    (host) => {
      expect(parseEnvironment({ HOST: host }).host).toBe(host);
    },
  );

  it('wants both TLS files or none', () => {
    expect(problemsOf({ TLS_CERT_FILE: '/cert.pem' })).toEqual([
      'TLS_KEY_FILE: must be set together with TLS_CERT_FILE',
    ]);
    expect(problemsOf({ TLS_KEY_FILE: '/key.pem' })).toEqual([
      'TLS_CERT_FILE: must be set together with TLS_KEY_FILE',
    ]);
  });

  it('wants the endpoint of Azure together with its key', () => {
    expect(problemsOf({ AZURE_OPENAI_ENDPOINT: 'https://one.example' })).toEqual([
      'AZURE_OPENAI_API_KEY: must be set together with AZURE_OPENAI_ENDPOINT',
    ]);
    expect(problemsOf({ AZURE_OPENAI_API_KEY: 'sk-1' })).toEqual([
      'AZURE_OPENAI_ENDPOINT: must be set together with AZURE_OPENAI_API_KEY',
    ]);
  });

  it.each(['ollama:11434', 'ftp://ollama', 'http://me:pw@ollama', 'http://ollama?a=1'])(
    'refuses the base URL %s',
    (url) => {
      expect(problemsOf({ OLLAMA_BASE_URL: url })).toEqual([
        'OLLAMA_BASE_URL: must be an http or https URL without credentials, query or fragment',
      ]);
    },
  );

  it('wants a target to be well at fewer errors than it is disabled at', () => {
    expect(problemsOf({ HEALTH_ENABLE_BELOW_ERROR_PERCENT: '51' })).toEqual([
      'HEALTH_ENABLE_BELOW_ERROR_PERCENT: must not exceed HEALTH_DISABLE_ABOVE_ERROR_PERCENT',
    ]);
  });

  it('wants the headers within the time of the request', () => {
    expect(problemsOf({ HEADERS_TIMEOUT_MS: '2000', REQUEST_TIMEOUT_MS: '1000' })).toEqual([
      'HEADERS_TIMEOUT_MS: must not exceed REQUEST_TIMEOUT_MS',
    ]);
  });

  it('wraps secrets, so that they cannot be printed', () => {
    const canary = 'canary-0123456789-0123456789-0123456789';
    const environment = parseEnvironment({
      KEY_PEPPER: canary,
      OPENAI_API_KEY: canary,
      DATABASE_URL: `postgres://user:${canary}@host/db`,
      REDIS_URL: `rediss://:${canary}@host`,
    });
    expect(environment.keyPepper?.reveal()).toBe(canary);
    expect(environment.databaseUrl?.reveal()).toBe(`postgres://user:${canary}@host/db`);
    expect(inspect(environment, { depth: 9 }) + JSON.stringify(environment)).not.toContain(canary);
  });
});
