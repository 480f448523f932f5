import { jsonRelayRoute, uploadRelayRoute } from '../relay/relay-route.js';

/** `POST /v1/images/generations`: JSON, or events where `stream` asks for them. */
export const IMAGES_ROUTE = jsonRelayRoute({
  endpoint: 'images/generations',
  dialect: 'images',
  isCostly: true,
  textMember: 'prompt',
  schema: {
    type: 'object',
    required: ['model', 'prompt'],
    properties: {
      model: { type: 'string', minLength: 1, maxLength: 255 },
      prompt: { type: 'string', minLength: 1 },
      n: { type: ['integer', 'null'], minimum: 1 },
      stream: { type: ['boolean', 'null'] },
      user: { type: ['string', 'null'] },
    },
  },
});

/** `POST /v1/images/edits`: a form with pictures. */
export const IMAGE_EDITS_ROUTE = uploadRelayRoute({
  endpoint: 'images/edits',
  dialect: 'image-edits',
  hasImages: true,
});
