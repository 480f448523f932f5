import { z } from 'zod';
import { isTimeZone } from '../common/time/time-zone.js';
import { ENDPOINTS } from './endpoints.js';
import { decimalText, LONGEST_QUEUE_MS, publicName, text, wholeNumber } from './file-values.js';

/** More than any provider lets through; small enough that sums of them stay exact. */
export const MAX_PER_MINUTE = 1_000_000_000_000;
export const MAX_CONCURRENT = 1_000_000;

/** Whole nano-USD of it are a safe integer. */
export const MAX_BUDGET_USD = 9_000_000;

/** Percentages of a budget that are told when nothing else is said. */
export const DEFAULT_ALERT_PERCENTS: readonly number[] = [80, 100];
const MAX_ALERTS = 20;

export const DEFAULT_QUEUE_MS = 10_000;

const figures = {
  requestsPerMinute: wholeNumber(0, MAX_PER_MINUTE)
    .optional()
    .meta({ description: 'Requests in any 60 seconds; 0 lets none through.' }),
  tokensPerMinute: wholeNumber(0, MAX_PER_MINUTE)
    .optional()
    .meta({ description: 'Input and output tokens in any 60 seconds.' }),
  maxConcurrent: wholeNumber(0, MAX_CONCURRENT)
    .optional()
    .meta({ description: 'Requests in flight at once.' }),
};

const mapOfFigures = () => z.strictObject(figures, { error: 'must be a map' });

const endpoints = z
  .partialRecord(z.enum(ENDPOINTS), mapOfFigures(), { error: 'must be a map' })
  .default({})
  .meta({ description: 'Limits of single endpoints, beside the ones above.' });

/** Of one model, whoever asks for it. */
export const modelLimits = mapOfFigures().meta({
  description: 'Limits of this name, over all clients.',
});

export const providerLimits = z
  .strictObject(
    {
      ...figures,
      adaptive: z
        .boolean({ error: 'must be true or false' })
        .default(true)
        .meta({ description: "false never lowers our own rate after the provider's 429s." }),
    },
    { error: 'must be a map' },
  )
  .meta({ description: 'Limits of what is sent to this instance.' });

/** Of a client or of a key. */
export const callerLimits = z
  .strictObject({ ...figures, endpoints }, { error: 'must be a map' })
  .meta({ description: 'Absent figures are unlimited, 0 lets nothing through.' });

export const clientLimits = callerLimits
  .extend({
    adaptive: z
      .strictObject(
        {
          factor: z
            .number({ error: 'must be a number, 1 or more' })
            .min(1, { error: 'must be a number, 1 or more' })
            .default(5)
            .meta({ description: 'How many times its usual requests per minute it may make.' }),
          minRequestsPerMinute: wholeNumber(1, MAX_PER_MINUTE)
            .default(30)
            .meta({ description: 'So many it may always make.' }),
        },
        { error: 'must be a map' },
      )
      .optional()
      .meta({ description: 'Holds the client back when its use is unusual; off when absent.' }),
  })
  .meta({ description: 'Absent figures are unlimited, 0 lets nothing through.' });

export const globalLimits = z
  .strictObject(
    {
      ...figures,
      endpoints,
      models: z
        .record(publicName, mapOfFigures(), { error: 'must be a map' })
        .default({})
        .meta({ description: 'Limits of single models, by public name or instance/model.' }),
    },
    { error: 'must be a map' },
  )
  .meta({ description: 'Limits of all requests together.' });

const USD_RULE = `must be an amount such as 5.00, from 0 to ${MAX_BUDGET_USD}, with at most 9 decimals`;

const oneBudget = z.strictObject(
  {
    usd: decimalText(/^\d{1,7}(\.\d{1,9})?$/, USD_RULE)
      .refine((value) => Number(value) <= MAX_BUDGET_USD, { error: USD_RULE })
      .meta({
        description: 'The most that may be spent in a period; 0 allows nothing that costs.',
      }),
    period: z
      .enum(['total', 'day', 'week', 'month'], { error: 'must be total, day, week or month' })
      .meta({ description: 'Calendar periods; weeks begin on Monday, total never ends.' }),
    timeZone: text('must be the name of a time zone such as Europe/Berlin', isTimeZone)
      .default('UTC')
      .meta({ description: 'Whose midnight begins a period.' }),
    alerts: z
      .array(wholeNumber(1, 100), { error: 'must be a list of percentages' })
      .max(MAX_ALERTS, { error: `must have at most ${MAX_ALERTS} percentages` })
      .default([...DEFAULT_ALERT_PERCENTS])
      .transform((percents) => [...new Set(percents)].toSorted((one, other) => one - other))
      .meta({ description: 'Percentages whose reaching is told, once per period.' }),
  },
  { error: 'must be a map' },
);

/** One budget or several; comes out as a list. */
export const budget = z
  .union([oneBudget, z.array(oneBudget, { error: 'must be a list of budgets' })], {
    error: 'must be a budget or a list of budgets',
  })
  .optional()
  .transform((given) => (given === undefined ? [] : [given].flat()))
  .superRefine((budgets, context) => {
    budgets.forEach(({ period, timeZone }, at) => {
      const first = budgets.findIndex(
        (other) => other.period === period && other.timeZone === timeZone,
      );
      if (first === at) return;
      const message = `has the period of budget [${first}]`;
      context.addIssue({ code: 'custom', path: [at, 'period'], message });
    });
  })
  .meta({ description: 'One budget or a list, of different periods.' });

export const onLimit = z
  .enum(['reject', 'queue'], { error: 'must be reject or queue' })
  .default('reject')
  .meta({
    description: 'What happens to a request that meets a limit: 429, or wait for its turn.',
  });

export const queueMs = wholeNumber(1, LONGEST_QUEUE_MS)
  .default(DEFAULT_QUEUE_MS)
  .meta({ description: 'Longest wait under onLimit: queue, in milliseconds.' });
