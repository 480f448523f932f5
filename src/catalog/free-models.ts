import { completeRates, type Price } from './price.js';

/** Vendors say that these cost nothing, and the price data does not list them. */
const FREE_MODELS: ReadonlyMap<string, RegExp> = new Map([
  // https://platform.openai.com/docs/guides/moderation
  ['openai', /^(?:omni|text)-moderation(?:-|$)/],
]);

const FREE: Price = {
  source: 'free',
  rounded: false,
  rates: completeRates({
    input: 0,
    cacheRead: null,
    cacheWrite: null,
    cacheWrite1h: null,
    inputAudio: null,
    inputImage: null,
    output: 0,
    outputReasoning: null,
    outputAudio: null,
    outputImage: null,
  }),
  tiers: [],
  perRequestNanoUsd: 0,
  webSearchNanoUsd: 0,
};

/** The price of a model that its vendor gives away, or undefined. */
export function findFreePrice(providerId: string, model: string): Price | undefined {
  return FREE_MODELS.get(providerId)?.test(model) === true ? FREE : undefined;
}
