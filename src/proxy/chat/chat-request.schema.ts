/**
 * JSON Schema of a chat completion request: types and ranges of what OpenAI documents. Unknown
 * members pass, because the vendor behind may know them.
 */
export const CHAT_REQUEST_SCHEMA = {
  type: 'object',
  required: ['model', 'messages'],
  properties: {
    model: { type: 'string', minLength: 1, maxLength: 255 },
    messages: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['role'],
        properties: {
          role: { enum: ['developer', 'system', 'user', 'assistant', 'tool', 'function'] },
          content: {
            anyOf: [
              { type: 'string' },
              { type: 'null' },
              {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['type'],
                  properties: { type: { type: 'string' }, text: { type: 'string' } },
                },
              },
            ],
          },
          tool_calls: { type: ['array', 'null'], items: { type: 'object' } },
          tool_call_id: { type: ['string', 'null'] },
        },
      },
    },
    stream: { type: ['boolean', 'null'] },
    stream_options: {
      type: ['object', 'null'],
      properties: { include_usage: { type: ['boolean', 'null'] } },
    },
    temperature: { type: ['number', 'null'], minimum: 0, maximum: 2 },
    top_p: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    n: { type: ['integer', 'null'], minimum: 1, maximum: 128 },
    max_tokens: { type: ['integer', 'null'], minimum: 1 },
    max_completion_tokens: { type: ['integer', 'null'], minimum: 1 },
    presence_penalty: { type: ['number', 'null'], minimum: -2, maximum: 2 },
    frequency_penalty: { type: ['number', 'null'], minimum: -2, maximum: 2 },
    logprobs: { type: ['boolean', 'null'] },
    top_logprobs: { type: ['integer', 'null'], minimum: 0, maximum: 20 },
    seed: { type: ['integer', 'null'] },
    stop: { type: ['string', 'array', 'null'], items: { type: 'string' } },
    user: { type: ['string', 'null'] },
    reasoning_effort: { type: ['string', 'null'] },
    parallel_tool_calls: { type: ['boolean', 'null'] },
    tools: { type: ['array', 'null'], items: { type: 'object', required: ['type'] } },
    response_format: { type: ['object', 'null'], required: ['type'] },
    modalities: { type: ['array', 'null'], items: { type: 'string' } },
    logit_bias: { type: ['object', 'null'] },
    metadata: { type: ['object', 'null'] },
    store: { type: ['boolean', 'null'] },
  },
} as const;
