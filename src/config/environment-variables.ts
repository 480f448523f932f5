import {
  basePath,
  domains,
  emailAddress,
  host,
  hostPorts,
  integer,
  issuerUrl,
  line,
  masterKey,
  milliseconds,
  oneOf,
  path,
  secretLine,
  secretText,
  secretUrl,
  trustProxy,
} from './environment-schemas.js';
import { adminKey, providerVariables } from './provider-variables.js';
import { optional, secret, withDefault, type VariableDeclaration } from './variable-declaration.js';

/** Everything the environment can set. What is not in here does not work in this version. */
export const ENVIRONMENT_VARIABLES = {
  NODE_ENV: withDefault('development', {
    group: 'process',
    explanation: 'production turns warnings about unsafe files into refusals.',
    schema: oneOf('production', 'development', 'test'),
  }),
  HOST: withDefault('127.0.0.1', {
    group: 'process',
    explanation: 'Address to listen on; 0.0.0.0 or :: for all.',
    schema: host(),
  }),
  PORT: withDefault('3000', {
    group: 'process',
    explanation: 'Port to listen on; 0 takes a free one.',
    schema: integer({ min: 0, max: 65_535 }),
  }),
  BASE_PATH: withDefault('', {
    group: 'process',
    explanation: 'Path in front of every route, such as /llm, when served below another site.',
    schema: basePath(),
  }),
  TRUST_PROXY: withDefault('false', {
    group: 'process',
    explanation:
      'Whose X-Forwarded-* headers are believed: true, false, a number of hops, or a list of addresses and subnets.',
    schema: trustProxy(),
  }),
  TLS_CERT_FILE: optional('plain HTTP', {
    group: 'process',
    explanation: 'PEM file with the certificate chain; needs TLS_KEY_FILE.',
    schema: path(),
  }),
  TLS_KEY_FILE: optional('plain HTTP', {
    group: 'process',
    explanation: 'PEM file with the private key; needs TLS_CERT_FILE.',
    schema: path(),
  }),
  DATA_DIR: withDefault('./data', {
    group: 'process',
    explanation: 'Folder of the SQLite database and of generated secrets.',
    schema: path(),
  }),
  LOG_LEVEL: withDefault('info', {
    group: 'process',
    explanation:
      'Least severe level that is logged: fatal, error, warn, info, debug, trace or silent.',
    schema: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  }),
  SHUTDOWN_DRAIN_SECONDS: withDefault('600', {
    group: 'process',
    explanation:
      'Longest time that open requests may take to finish at shutdown; 0 ends them at once.',
    schema: integer({ min: 0, max: 2_147_483 }),
  }),

  DATABASE_URL: secret('SQLite in DATA_DIR', {
    group: 'storage',
    explanation: 'PostgreSQL to keep everything in, as postgres://user:password@host/database.',
    schema: secretUrl('postgres:', 'postgresql:'),
  }),
  REDIS_URL: secret('this process stands alone', {
    group: 'storage',
    explanation:
      'Redis that counts limits over all replicas and tells them of changes at once, as redis:// or rediss://.',
    schema: secretUrl('redis:', 'rediss:'),
  }),
  SQLITE_SYNCHRONOUS: withDefault('NORMAL', {
    group: 'storage',
    explanation:
      'NORMAL survives a killed process; FULL also survives a loss of power, and is slower.',
    schema: oneOf('NORMAL', 'FULL'),
  }),
  LEDGER_MAX_QUEUED_WRITES: withDefault('10000', {
    group: 'storage',
    explanation: 'Ledger rows that may wait for the database before requests are refused with 503.',
    schema: integer({ min: 1, max: 10_000_000 }),
  }),
  LEDGER_RETENTION_DAYS: withDefault('0', {
    group: 'storage',
    explanation:
      'Days that requests stay in the ledger, after which only totals by hour and day remain; 0 keeps all.',
    schema: integer({ min: 0, max: 36_500 }),
  }),
  LEDGER_MINUTES_RETENTION_DAYS: withDefault('7', {
    group: 'storage',
    explanation: 'Days that totals by the minute are kept; 0 keeps all.',
    schema: integer({ min: 0, max: 36_500 }),
  }),
  LEDGER_ESTIMATE_TIMEOUT_MS: withDefault('1000', {
    group: 'storage',
    explanation:
      'Longest wait for a tokenizer where a provider counts no tokens; 0 and what takes longer goes by characters.',
    schema: milliseconds({ min: 0 }),
  }),
  IDEMPOTENCY_TTL_SECONDS: withDefault('86400', {
    group: 'storage',
    explanation: 'How long the answer to an idempotency key is kept.',
    schema: integer({ min: 1, max: 31_536_000 }),
  }),
  IDEMPOTENCY_MAX_BYTES: withDefault('1048576', {
    group: 'storage',
    explanation: 'Largest answer that is kept for an idempotency key.',
    schema: integer({ min: 1, max: 1_073_741_824 }),
  }),
  RESPONSES_RETENTION_SECONDS: withDefault('2592000', {
    group: 'storage',
    explanation: 'How long responses of the Responses API can be referred to; 0 stores none.',
    schema: integer({ min: 0, max: 3_153_600_000 }),
  }),
  RESPONSES_MAX_BYTES: withDefault('8388608', {
    group: 'storage',
    explanation: 'Largest input whose response is stored.',
    schema: integer({ min: 1, max: 268_435_456 }),
  }),
  RESPONSES_CLIENT_MAX_BYTES: withDefault('268435456', {
    group: 'storage',
    explanation: 'Sum of the stored responses of a client, beyond which its oldest are removed.',
    schema: integer({ min: 1, max: 1_099_511_627_776 }),
  }),

  ENCRYPTION_KEY: secret('generated to DATA_DIR/secret.key', {
    group: 'secrets',
    explanation:
      'Master key that seals the keys of providers in the database: 32 bytes in base64, as openssl rand -base64 32 makes them; all replicas need the same.',
    schema: masterKey(),
  }),
  KEY_PEPPER: secret('generated to DATA_DIR/key-pepper.key', {
    group: 'secrets',
    explanation:
      'Key of the hash that API keys are stored as, at least 32 characters; all replicas need the same.',
    schema: secretText({ minLength: 32 }),
  }),
  JWT_SECRET: secret('generated to DATA_DIR/jwt.key', {
    group: 'secrets',
    explanation:
      'Key that the sessions of people are signed with, at least 32 characters; all replicas need the same.',
    schema: secretText({ minLength: 32 }),
  }),
  ADMIN_EMAIL: optional('the first administrator is made with the set-up link', {
    group: 'secrets',
    explanation:
      'E-mail address of the first administrator, made when there is nobody; needs ADMIN_PASSWORD.',
    schema: emailAddress(),
  }),
  ADMIN_PASSWORD: secret('the first administrator is made with the set-up link', {
    group: 'secrets',
    explanation: 'Password of the first administrator, at least 12 characters; needs ADMIN_EMAIL.',
    schema: secretLine({ minLength: 12 }),
  }),

  OIDC_ISSUER: optional('people sign in with passwords only', {
    group: 'sign-in',
    explanation:
      'OpenID Connect provider to sign in with, as the URL of its issuer; needs OIDC_CLIENT_ID.',
    schema: issuerUrl(),
  }),
  OIDC_CLIENT_ID: optional('people sign in with passwords only', {
    group: 'sign-in',
    explanation: 'What the provider knows this installation as; needs OIDC_ISSUER.',
    schema: line(),
  }),
  OIDC_CLIENT_SECRET: secret('this is a public client, which has PKCE only', {
    group: 'sign-in',
    explanation: 'Secret of the client at the provider.',
    schema: secretText({ minLength: 1 }),
  }),
  OIDC_LABEL: withDefault('SSO', {
    group: 'sign-in',
    explanation: 'Name of the provider on the button that signs in with it.',
    schema: line(),
  }),
  OIDC_ROLE_CLAIM: optional('roles are given here', {
    group: 'sign-in',
    explanation:
      'Claim with the role viewer, operator or admin, or a list that has it, such as groups or realm_access.roles; it then decides at each sign-in.',
    schema: line(),
  }),
  OIDC_DEFAULT_ROLE: withDefault('viewer', {
    group: 'sign-in',
    explanation:
      'Role of whom the claim gives none: viewer, operator, admin, or none to let only those in who are known or have the claim.',
    schema: oneOf('viewer', 'operator', 'admin', 'none'),
  }),
  OIDC_ALLOWED_DOMAINS: withDefault('', {
    group: 'sign-in',
    explanation:
      'Domains of the verified e-mail addresses that may sign in, as example.com,example.org; empty for all.',
    schema: domains(),
  }),

  ...providerVariables(),

  OPENAI_ADMIN_KEY: adminKey('openai'),
  ANTHROPIC_ADMIN_KEY: adminKey('anthropic'),
  OPENROUTER_ADMIN_KEY: adminKey('openrouter'),

  MODEL_REFRESH_SECONDS: withDefault('3600', {
    group: 'providers',
    explanation: 'How often providers are asked which models they offer; 0 never asks.',
    schema: integer({ min: 0, max: 2_147_483 }),
  }),

  BUDGET_WAIT_MS: withDefault('10000', {
    group: 'input',
    explanation:
      'Longest time that a request waits for money that other requests hold, before it is refused with 429; 0 refuses at the next look.',
    schema: integer({ min: 0, max: 600_000 }),
  }),
  MAX_BODY_BYTES: withDefault('33554432', {
    group: 'input',
    explanation: 'Largest request body.',
    schema: integer({ min: 1, max: 536_870_000 }),
  }),
  MAX_JSON_DEPTH: withDefault('64', {
    group: 'input',
    explanation: 'Deepest nesting of a request body.',
    schema: integer({ min: 1, max: 1_000 }),
  }),
  MAX_HEADER_BYTES: withDefault('16384', {
    group: 'input',
    explanation: 'Largest sum of the headers of a request.',
    schema: integer({ min: 1_024, max: 1_048_576 }),
  }),
  HEADERS_TIMEOUT_MS: withDefault('15000', {
    group: 'input',
    explanation: 'Longest time a client may take to send its headers; at most REQUEST_TIMEOUT_MS.',
    schema: milliseconds({ min: 1 }),
  }),
  REQUEST_TIMEOUT_MS: withDefault('120000', {
    group: 'input',
    explanation: 'Longest time a client may take to send its whole request.',
    schema: milliseconds({ min: 1 }),
  }),

  QUEUE_MAX_WAITING: withDefault('1000', {
    group: 'limits',
    explanation:
      'Requests that may wait for room within a limit, over all clients; 0 lets none wait.',
    schema: integer({ min: 0, max: 1_000_000 }),
  }),

  UPSTREAM_CONNECT_TIMEOUT_MS: withDefault('5000', {
    group: 'upstream',
    explanation: 'Longest time for TCP and TLS to a provider.',
    schema: milliseconds({ min: 1 }),
  }),
  UPSTREAM_FIRST_BYTE_TIMEOUT_MS: withDefault('60000', {
    group: 'upstream',
    explanation: 'Longest time from the sent request to the first byte of the answer.',
    schema: milliseconds({ min: 1 }),
  }),
  UPSTREAM_IDLE_TIMEOUT_MS: withDefault('60000', {
    group: 'upstream',
    explanation: 'Longest silence between two chunks of an answer.',
    schema: milliseconds({ min: 1 }),
  }),
  UPSTREAM_TOTAL_TIMEOUT_MS: withDefault('600000', {
    group: 'upstream',
    explanation: 'Longest time a whole call may take.',
    schema: milliseconds({ min: 1 }),
  }),
  UPSTREAM_MAX_CONNECTIONS: withDefault('512', {
    group: 'upstream',
    explanation: 'Connections that may be open to one provider instance.',
    schema: integer({ min: 1, max: 65_535 }),
  }),
  RETRY_MAX_ATTEMPTS: withDefault('3', {
    group: 'upstream',
    explanation: 'Calls that one request may make to one target; 1 means no retry.',
    schema: integer({ min: 1, max: 20 }),
  }),
  RETRY_BASE_MS: withDefault('200', {
    group: 'upstream',
    explanation: 'Mean delay before the first retry, doubled for each next one; 0 retries at once.',
    schema: milliseconds({ min: 0 }),
  }),
  RETRY_MAX_CALLS: withDefault('10', {
    group: 'upstream',
    explanation: 'Calls that one request may make over all its targets.',
    schema: integer({ min: 1, max: 1_000 }),
  }),
  RETRY_BUDGET_PERCENT: withDefault('20', {
    group: 'upstream',
    explanation:
      'Retries and fallbacks per hundred requests of the last ten seconds, of which ten may always be made; 0 allows none.',
    schema: integer({ min: 0, max: 1_000 }),
  }),
  BREAKER_ERROR_THRESHOLD_PERCENTAGE: withDefault('50', {
    group: 'upstream',
    explanation:
      'Share of failed calls within the window at which the breaker of an instance opens.',
    schema: integer({ min: 1, max: 100 }),
  }),
  BREAKER_VOLUME_THRESHOLD: withDefault('10', {
    group: 'upstream',
    explanation: 'Calls within the window below which a breaker never opens.',
    schema: integer({ min: 1, max: 1_000_000 }),
  }),
  BREAKER_WINDOW_MS: withDefault('10000', {
    group: 'upstream',
    explanation: 'Length of the window that a breaker looks back on.',
    schema: milliseconds({ min: 1 }),
  }),
  BREAKER_RESET_TIMEOUT_MS: withDefault('10000', {
    group: 'upstream',
    explanation: 'Time after which an open breaker lets one call probe.',
    schema: milliseconds({ min: 1 }),
  }),
  BREAKER_MAX_RESET_MS: withDefault('60000', {
    group: 'upstream',
    explanation:
      'What that time grows to, doubled with each probe that fails; never below BREAKER_RESET_TIMEOUT_MS.',
    schema: milliseconds({ min: 1 }),
  }),

  HEALTH_DISABLE_ABOVE_ERROR_PERCENT: withDefault('50', {
    group: 'upstream',
    explanation:
      'Share of failed calls above which a model of an instance is called only when nobody else can answer; 100 never.',
    schema: integer({ min: 1, max: 100 }),
  }),
  HEALTH_ENABLE_BELOW_ERROR_PERCENT: withDefault('20', {
    group: 'upstream',
    explanation:
      'Share of failed calls below which it is well again; at most HEALTH_DISABLE_ABOVE_ERROR_PERCENT.',
    schema: integer({ min: 1, max: 100 }),
  }),
  HEALTH_MIN_CALLS: withDefault('20', {
    group: 'upstream',
    explanation: 'Calls within a window below which nothing is concluded of health.',
    schema: integer({ min: 1, max: 1_000_000 }),
  }),
  HEALTH_WINDOW_MS: withDefault('30000', {
    group: 'upstream',
    explanation: 'Length of the window that health looks back on.',
    schema: milliseconds({ min: 1 }),
  }),
  HEALTH_PROBE_INTERVAL_MS: withDefault('60000', {
    group: 'upstream',
    explanation:
      'Time between two probes of an instance that nobody calls or that is not well; 0 sends none.',
    schema: milliseconds({ min: 0 }),
  }),

  ALLOWED_PRIVATE_UPSTREAMS: withDefault('', {
    group: 'network',
    explanation:
      'Hosts inside the own network that providers set in the dashboard may be at and files named in messages may be fetched from, also over plain http, as host:port,host:port.',
    schema: hostPorts(),
  }),
  MEDIA_MAX_BYTES: withDefault('20971520', {
    group: 'network',
    explanation:
      'Largest sum of the files that are fetched for one call to a provider that takes no URLs.',
    schema: integer({ min: 1, max: 536_870_000 }),
  }),
  MEDIA_TIMEOUT_MS: withDefault('15000', {
    group: 'network',
    explanation: 'Longest time to fetch one such file.',
    schema: milliseconds({ min: 1 }),
  }),

  STREAM_KEEP_ALIVE_MS: withDefault('15000', {
    group: 'streams',
    explanation: 'Silence after which a stream gets a keep-alive comment; 0 sends none.',
    schema: milliseconds({ min: 0 }),
  }),
  STREAM_STALL_TIMEOUT_MS: withDefault('60000', {
    group: 'streams',
    explanation: 'A client that reads nothing of its stream for so long is disconnected.',
    schema: milliseconds({ min: 1 }),
  }),

  REASONING_MEMORY_BYTES: withDefault('67108864', {
    group: 'streams',
    explanation:
      'Memory for reasoning that a provider wants back and clients lose in tool loops; 0 keeps none.',
    schema: integer({ min: 0, max: 17_179_869_184 }),
  }),
  REASONING_MEMORY_TTL_SECONDS: withDefault('3600', {
    group: 'streams',
    explanation: 'How long such reasoning is kept after its last use.',
    schema: integer({ min: 1, max: 2_147_483 }),
  }),

  SHED_EVENT_LOOP_LAG_MS: withDefault('1000', {
    group: 'overload',
    explanation:
      'Mean wait for a turn of the event loop at which new requests are refused with 503; 0 never refuses.',
    schema: milliseconds({ min: 0 }),
  }),
  SHED_MEMORY_PERCENT: withDefault('90', {
    group: 'overload',
    explanation: 'Share of its memory at which the process refuses new requests; 0 never refuses.',
    schema: integer({ min: 0, max: 100 }),
  }),
  MEMORY_LIMIT_MB: optional('the limit of the container, or else all of the machine', {
    group: 'overload',
    explanation: 'Memory that the process may have, in MiB.',
    schema: integer({ min: 1, max: 16_777_216 }),
  }),
  LOG_BODIES: withDefault('off', {
    group: 'observability',
    explanation: 'on keeps what is said in each request, for operators and administrators to read.',
    schema: oneOf('off', 'on'),
  }),
  LOG_BODIES_MAX_BYTES: withDefault('65536', {
    group: 'observability',
    explanation: 'How much of each body is kept, from its beginning.',
    schema: integer({ min: 1, max: 262_144 }),
  }),
  LOG_BODIES_RETENTION_DAYS: withDefault('7', {
    group: 'observability',
    explanation: 'Days that bodies are kept, and no longer than the ledger keeps their requests.',
    schema: integer({ min: 1, max: 36_500 }),
  }),
  METRICS_TOKEN: secret('only this machine can read the metrics', {
    group: 'observability',
    explanation:
      'What others send as "Authorization: Bearer" to read /metrics, at least 16 characters.',
    schema: secretText({ minLength: 16 }),
  }),

  LLM_PROXY_CONFIG: optional('./llm-proxy.yaml when there is one', {
    group: 'file',
    explanation: 'Path of the configuration file.',
    schema: path(),
  }),
} as const satisfies Record<string, VariableDeclaration>;

export type VariableName = keyof typeof ENVIRONMENT_VARIABLES;

export const VARIABLE_NAMES = Object.keys(ENVIRONMENT_VARIABLES) as VariableName[];
