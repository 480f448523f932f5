const TOKEN = { type: 'integer', minimum: 0 };

/**
 * JSON Schema of an embeddings request. Unknown members pass, because the vendor behind may know
 * them. That all inputs are of one kind is checked apart, so that a refusal names the odd one.
 */
export const EMBEDDINGS_REQUEST_SCHEMA = {
  type: 'object',
  required: ['model', 'input'],
  properties: {
    model: { type: 'string', minLength: 1, maxLength: 255 },
    input: {
      type: ['string', 'array'],
      minLength: 1,
      minItems: 1,
      items: {
        type: ['string', 'integer', 'array'],
        minLength: 1,
        minimum: 0,
        minItems: 1,
        items: TOKEN,
      },
    },
    dimensions: { type: ['integer', 'null'], minimum: 1 },
    encoding_format: { enum: ['float', 'base64', null] },
    user: { type: ['string', 'null'] },
  },
} as const;
