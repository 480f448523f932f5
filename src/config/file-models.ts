import { z } from 'zod';
import { duration, modelAddress, publicName, text, wholeNumber } from './file-values.js';
import { modelLimits } from './limit-values.js';

/** How a target is chosen, as `models[].strategy` says it. */
export const STRATEGIES = [
  'priority',
  'weighted',
  'round-robin',
  'least-busy',
  'latency',
  'cost',
] as const;

/** By what requests that belong together are known. */
export const AFFINITIES = ['session', 'user', 'client', 'none'] as const;

const routeTag = text(
  'must be 1 to 63 letters, digits and . _ -, starting with a letter or digit',
  (value) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(value),
);

const names = z
  .array(publicName, { error: 'must be a list of instance/model or public names' })
  .default([]);

const LEARNED_DELAYS = ['p90', 'p95', 'p99'] as const;
const HEDGE_DELAY = `must be a number of milliseconds or one of ${LEARNED_DELAYS.join(', ')}`;

const hedge = z
  .strictObject(
    {
      afterMs: z
        .union([duration(), z.enum(LEARNED_DELAYS, { error: HEDGE_DELAY })], { error: HEDGE_DELAY })
        .default('p90')
        .meta({
          description:
            'When the next target is called as well: so long after a call was made, or when it takes longer than 90, 95 or 99 of 100 did lately.',
        }),
      maxExtraPercent: wholeNumber(1, 100).default(10).meta({
        description: 'So many of 100 requests may be sent twice, or ten of the last thousand.',
      }),
      sameTarget: z
        .boolean({ error: 'must be true or false' })
        .default(false)
        .meta({ description: 'true calls the same target again where there is no other.' }),
    },
    { error: 'must be a map' },
  )
  .meta({ description: 'Calls a second target while the first one is slow; off when absent.' });

export const fileModel = z.strictObject({
  name: publicName.meta({ description: 'Public name that clients ask for.' }),
  strategy: z
    .enum(STRATEGIES, { error: `must be one of ${STRATEGIES.join(', ')}` })
    .default('priority')
    .meta({
      description:
        'How a target is chosen: in the order given, by weight, in turn, by calls in flight, by time to the first chunk, or by price.',
    }),
  affinity: z
    .enum(AFFINITIES, { error: `must be one of ${AFFINITIES.join(', ')}` })
    .default('session')
    .meta({
      description:
        'What keeps to one target, so that its prompt cache stays warm: the session in x-llm-proxy-session, the user or the client. Nothing under priority and cost.',
    }),
  targets: z
    .array(
      z.strictObject({
        model: modelAddress.meta({ description: 'instance/model.' }),
        weight: wholeNumber(0, 1_000_000).default(1).meta({
          description: 'Share of requests under weighted; 0 takes none while another can.',
        }),
        tags: z.array(routeTag, { error: 'must be a list of tags' }).default([]).meta({
          description: 'A request that names one of them in x-llm-proxy-tags goes to who has it.',
        }),
      }),
      { error: 'must be a list of targets' },
    )
    .min(1, { error: 'must have at least one target' })
    .meta({ description: 'Where requests for this model go.' }),
  fallbacks: z
    .array(modelAddress, { error: 'must be a list of instance/model' })
    .default([])
    .meta({ description: 'Tried in order when no target answered.' }),
  contextFallbacks: names.meta({
    description: 'Tried in order when the request is too long for who was asked.',
  }),
  contentPolicyFallbacks: names.meta({
    description: 'Tried in order when who was asked refuses what the request is about.',
  }),
  hedge: hedge.optional(),
  limits: modelLimits.optional(),
});
