import { z } from 'zod';
import { LONGEST_TIMER_MS } from './environment-schemas.js';
import { duration, wholeNumber } from './file-values.js';

const MODEL_PROBE = 'must be models, off or { model, maxTokens }';

const modelProbe = z.strictObject({
  model: z.string({ error: MODEL_PROBE }).min(1, { error: MODEL_PROBE }).meta({
    description: "The vendor's own id of a cheap model.",
  }),
  maxTokens: wholeNumber(1, 1_000).default(1).meta({ description: 'Tokens it may answer with.' }),
});

/** `providers[].health` */
export const providerHealth = z
  .strictObject({
    disableAboveErrorPercent: wholeNumber(1, 100).optional().meta({
      description: 'Share of failed calls above which a target is not called first any more.',
    }),
    enableBelowErrorPercent: wholeNumber(1, 100).optional().meta({
      description: 'Share of failed calls below which it is well again.',
    }),
    minCalls: wholeNumber(1, 1_000_000).optional().meta({
      description: 'Calls within a window below which nothing is concluded.',
    }),
    windowMs: duration().optional().meta({ description: 'Length of the window.' }),
    probe: z
      .union([z.enum(['models', 'off']), modelProbe], { error: MODEL_PROBE })
      .optional()
      .meta({
        description:
          'What it is asked while nobody else asks or while it is not well: for its list of models, nothing, or one answer of a cheap model; models when absent.',
      }),
    probeIntervalMs: wholeNumber(0, LONGEST_TIMER_MS).optional().meta({
      description: 'Time between two probes; 0 sends none.',
    }),
  })
  .refine(
    ({ disableAboveErrorPercent = 100, enableBelowErrorPercent = 0 }) =>
      enableBelowErrorPercent <= disableAboveErrorPercent,
    { path: ['enableBelowErrorPercent'], error: 'must not exceed disableAboveErrorPercent' },
  )
  .meta({ description: 'What is absent comes from HEALTH_*.' });
