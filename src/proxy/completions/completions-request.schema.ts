const TOKEN = { type: 'integer', minimum: 0 };

/**
 * JSON Schema of a request of the older completions: types and ranges of what OpenAI documents.
 * Unknown members pass, because the vendor behind may know them.
 */
export const COMPLETIONS_REQUEST_SCHEMA = {
  type: 'object',
  required: ['model', 'prompt'],
  properties: {
    model: { type: 'string', minLength: 1, maxLength: 255 },
    prompt: {
      type: ['string', 'array', 'null'],
      minItems: 1,
      items: { type: ['string', 'integer', 'array'], minimum: 0, minItems: 1, items: TOKEN },
    },
    stream: { type: ['boolean', 'null'] },
    stream_options: {
      type: ['object', 'null'],
      properties: { include_usage: { type: ['boolean', 'null'] } },
    },
    max_tokens: { type: ['integer', 'null'], minimum: 0 },
    temperature: { type: ['number', 'null'], minimum: 0, maximum: 2 },
    top_p: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    n: { type: ['integer', 'null'], minimum: 1, maximum: 128 },
    best_of: { type: ['integer', 'null'], minimum: 1 },
    // OpenAI itself stops at 5, others go further.
    logprobs: { type: ['integer', 'null'], minimum: 0, maximum: 20 },
    echo: { type: ['boolean', 'null'] },
    suffix: { type: ['string', 'null'] },
    stop: { type: ['string', 'array', 'null'], items: { type: 'string' } },
    presence_penalty: { type: ['number', 'null'], minimum: -2, maximum: 2 },
    frequency_penalty: { type: ['number', 'null'], minimum: -2, maximum: 2 },
    logit_bias: { type: ['object', 'null'] },
    seed: { type: ['integer', 'null'] },
    user: { type: ['string', 'null'] },
  },
} as const;
