import { z } from 'zod';
import type { Secret } from '../common/secret.js';
import { LONGEST_TIMER_MS } from './environment-schemas.js';
import { providerHealth } from './file-health.js';
import { fileModel } from './file-models.js';

import { filePrice } from './file-prices.js';
import {
  baseUrl,
  clientKey,
  duration,
  instanceName,
  notSupported,
  providerKey,
  publicName,
  text,
  wholeNumber,
} from './file-values.js';
import {
  budget,
  callerLimits,
  clientLimits,
  globalLimits,
  onLimit,
  providerLimits,
  queueMs,
} from './limit-values.js';

/** Milliseconds that `drain` reads on when nothing else is said. */
export const DEFAULT_DRAIN_MS = 30_000;

const timeouts = z
  .strictObject({
    connectMs: duration().optional().meta({ description: 'TCP and TLS.' }),
    firstByteMs: duration().optional().meta({
      description: 'From the sent request to the first byte of the answer.',
    }),
    idleMs: duration().optional().meta({ description: 'Longest silence between two chunks.' }),
    totalMs: duration().optional().meta({ description: 'The whole call.' }),
  })
  .meta({ description: 'Milliseconds; what is absent comes from UPSTREAM_*_TIMEOUT_MS.' });

const retries = z
  .strictObject({
    maxAttempts: wholeNumber(1, 20).optional().meta({
      description: 'Calls that one request may make to this instance; 1 means no retry.',
    }),
    baseMs: wholeNumber(0, LONGEST_TIMER_MS).optional().meta({
      description: 'Mean delay before the first retry, doubled for each next one.',
    }),
  })
  .meta({ description: 'What is absent comes from RETRY_*.' });

const breaker = z
  .strictObject({
    enabled: z.boolean({ error: 'must be true or false' }).optional().meta({
      description: 'false lets every call through.',
    }),
    errorThresholdPercentage: wholeNumber(1, 100).optional().meta({
      description: 'Share of failed calls within the window at which the breaker opens.',
    }),
    volumeThreshold: wholeNumber(1, 1_000_000).optional().meta({
      description: 'Calls within the window below which it never opens.',
    }),
    windowMs: duration().optional().meta({ description: 'Length of the window.' }),
    resetTimeoutMs: duration().optional().meta({
      description: 'Time after which an open breaker lets one call probe.',
    }),
    maxResetMs: duration().optional().meta({
      description: 'What that time grows to, doubled with each probe that fails.',
    }),
    perModel: z.boolean({ error: 'must be true or false' }).optional().meta({
      description: 'true gives each model of the instance a breaker of its own.',
    }),
  })
  .meta({ description: 'What is absent comes from the provider type, or else from BREAKER_*.' });

export const fileProvider = z
  .strictObject({
    name: instanceName.meta({ description: 'Instance; its models are addressed name/model.' }),
    type: z
      .string({ error: 'must be the name of a provider type' })
      .min(1, { error: 'must be the name of a provider type' })
      .meta({
        description:
          'Provider type: openai, anthropic, gemini, deepseek, xai, ollama, openrouter, blackbox, azure, openai-compatible or simulated.',
      }),
    baseUrl: baseUrl.optional().meta({
      description: 'http or https, without credentials or query; may be private.',
    }),
    apiKey: providerKey.optional().meta({ description: 'Key of the account.' }),
    apiKeys: z
      .array(providerKey, { error: 'must be a list of keys' })
      .min(1, { error: 'must have at least one key' })
      .optional()
      .meta({ description: 'Several keys in place of apiKey, rotated on 401, 402, 403 and 429.' }),
    timeouts: timeouts.optional(),
    retries: retries.optional(),
    breaker: breaker.optional(),
    health: providerHealth.optional(),
    maxConnections: wholeNumber(1, 65_535).optional().meta({
      description: 'Connections that may be open; UPSTREAM_MAX_CONNECTIONS when absent.',
    }),
    disconnect: z
      .enum(['cancel', 'drain'], { error: 'must be cancel or drain' })
      .default('cancel')
      .meta({
        description:
          'What happens upstream when a client leaves: close at once, or read on to the usage.',
      }),
    drainMs: duration()
      .default(DEFAULT_DRAIN_MS)
      .meta({ description: 'Longest time to read on under drain.' }),
    settings: z
      .record(z.string(), z.unknown(), { error: 'must be a map' })
      .default({})
      .meta({ description: 'Settings of the provider type.' }),
    preset: z.string({ error: 'must be the name of a preset' }).optional().meta({
      description:
        'A known vendor, for the type openai-compatible: groq, mistral, together, fireworks, perplexity, moonshot, vllm or lmstudio.',
    }),
    limits: providerLimits.optional(),
    budget,
  })
  .superRefine((value, context) => {
    if (value.apiKey === undefined || value.apiKeys === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['apiKeys'],
      message: 'must not be set together with apiKey',
    });
  })
  .transform(({ apiKey, apiKeys, ...rest }) => ({
    ...rest,
    apiKeys: apiKeys ?? (apiKey === undefined ? [] : [apiKey]),
  }));

/** A key by itself, or with what holds for this one beside what holds for its client. */
const clientKeyEntry = z.union(
  [
    clientKey.transform((key) => ({ key, limits: undefined, budget: budget.parse(undefined) })),
    z.strictObject(
      {
        key: clientKey.meta({ description: 'Any form, at least 32 characters.' }),
        limits: callerLimits.optional(),
        budget,
      },
      { error: 'must be a map' },
    ),
  ],
  { error: 'must be a key or a map with a key' },
);

const client = z.strictObject({
  name: text('must be 1 to 100 characters', (value) => /^[^\p{Cc}]{1,100}$/u.test(value)).meta({
    description: 'Name in the ledger and the dashboard.',
  }),
  apiKeys: z
    .array(clientKeyEntry, { error: 'must be a list of keys' })
    .default([])
    .meta({ description: 'Keys of any form, at least 32 characters each.' }),
  models: z
    .array(publicName, { error: 'must be a list of models' })
    .optional()
    .meta({ description: 'Models the client may use, * as wildcard; all when absent.' }),
  isActive: z
    .boolean({ error: 'must be true or false' })
    .default(true)
    .meta({ description: 'false refuses all keys of the client.' }),
  limits: clientLimits.optional(),
  budget,
  onLimit,
  queueMs,
});

/** The whole file. Strict: what is not in here is a problem. */
export const configurationFileSchema = z
  .strictObject(
    {
      providers: z.array(fileProvider, { error: 'must be a list of providers' }).default([]).meta({
        description: 'Accounts at vendors.',
      }),
      models: z.array(fileModel, { error: 'must be a list of models' }).default([]).meta({
        description: 'Public model names and where they lead.',
      }),
      prices: z.array(filePrice, { error: 'must be a list of prices' }).default([]).meta({
        description:
          'Prices that override the catalogue; of those of a model that hold the last one.',
      }),
      clients: z.array(client, { error: 'must be a list of clients' }).default([]).meta({
        description: 'Clients and their keys.',
      }),
      limits: globalLimits.optional(),
      budget,
      cache: notSupported(),
    },
    { error: 'must be a map' },
  )
  .meta({ title: 'LLM Proxy configuration file' });

type Frozen<T> = T extends Secret
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Frozen<T[Key]> }
      : T;

type Parsed = z.output<typeof configurationFileSchema>;

/** As the file says it, or as somebody set it in the dashboard. */
type ParsedProvider = Parsed['providers'][number] & { isStored?: true };

/**
 * A checked snapshot of the file; deeply frozen, keys wrapped as `Secret`. What was set in the
 * dashboard has the same form, and stands among what the file says.
 */
export type ConfigurationFile = Frozen<Omit<Parsed, 'providers'> & { providers: ParsedProvider[] }>;
export type FileProvider = ConfigurationFile['providers'][number];
export type FileModel = ConfigurationFile['models'][number];
export type FilePrice = ConfigurationFile['prices'][number];
export type FileClient = ConfigurationFile['clients'][number];
export type FileLimits = NonNullable<FileModel['limits']>;
export type FileBudget = ConfigurationFile['budget'][number];
