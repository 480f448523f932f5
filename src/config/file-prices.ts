import { z } from 'zod';
import {
  dailyWindow,
  decimal,
  exactWhole,
  instant,
  modelAddress,
  perMillion,
} from './file-values.js';

const tokens = {
  input: perMillion('Uncached text input'),
  cachedInput: perMillion('Input read from the prompt cache'),
  cacheWrite: perMillion('Input written to the prompt cache'),
  cacheWrite1h: perMillion('Input written to the prompt cache for an hour'),
  output: perMillion('Text and reasoning output'),
  outputReasoning: perMillion('Reasoning output'),
  inputAudio: perMillion('Audio input'),
  outputAudio: perMillion('Audio output'),
  inputImage: perMillion('Image input'),
  outputImage: perMillion('Image output'),
};

const above = z
  .array(
    z.strictObject({
      inputTokens: exactWhole(1, 1_000_000_000).meta({
        description: 'Tokens of the whole input, cached ones included.',
      }),
      ...tokens,
    }),
    { error: 'must be a list of sizes' },
  )
  .superRefine((sizes, context) => {
    sizes.forEach(({ inputTokens }, at) => {
      const first = sizes.findIndex((size) => size.inputTokens === inputTokens);
      if (first === at) return;
      const message = `is the same as [${first}].inputTokens`;
      context.addIssue({ code: 'custom', path: [at, 'inputTokens'], message });
    });
  })
  .optional()
  .meta({
    description: 'What all tokens of a request cost whose input is larger than inputTokens.',
  });

const serviceTier = (what: string) =>
  z
    .strictObject({ ...tokens, above })
    .optional()
    .meta({
      description: `For what the provider says it served ${what}; what is left out costs as in the standard.`,
    });

const images = z
  .array(
    z.strictObject({
      size: z.string({ error: 'must be text' }).optional().meta({
        description: 'As the provider names it, such as 1024x1024; any when absent.',
      }),
      quality: z.string({ error: 'must be text' }).optional().meta({
        description: 'As the provider names it, such as hd; any when absent.',
      }),
      usd: decimal(12, 'Each picture of this form, in USD.').nonoptional({
        error: 'is required',
      }),
    }),
    { error: 'must be a list of forms' },
  )
  .optional()
  .meta({ description: 'Pictures by their form; the first that matches counts, else perImage.' });

/** What one model costs, and when. */
export const filePrice = z
  .strictObject({
    model: modelAddress.meta({ description: 'instance/model that the price is for.' }),
    from: instant('Day or instant in UTC from which it holds.'),
    to: instant('Day or instant in UTC until which it holds.'),
    between: dailyWindow('Hours of each day, in UTC, such as 16:30-00:30.'),
    ...tokens,
    above,
    tiers: z
      .strictObject({
        flex: serviceTier('slower'),
        priority: serviceTier('ahead of others'),
        batch: serviceTier('in a batch'),
      })
      .optional()
      .meta({ description: 'Service tiers that cost something else than the standard one.' }),
    perRequest: decimal(9, 'Each request, in USD.'),
    perImage: decimal(12, 'Each picture made, in USD.'),
    images,
    perAudioSecond: decimal(12, 'Each second of sound heard, in USD.'),
    perCharacter: decimal(12, 'Each character spoken, in USD.'),
    perSearch: decimal(12, 'Each search unit of a rerank, in USD.'),
    webSearch: decimal(9, 'Each web search, in USD.'),
    fileSearch: decimal(12, "Each search of files by the provider's own tool, in USD."),
  })
  .superRefine(({ from, to }, context) => {
    if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return;
    context.addIssue({ code: 'custom', path: ['to'], message: 'must be later than from' });
  });
