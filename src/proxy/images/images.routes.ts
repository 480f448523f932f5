import type { UsageUnits } from '../../providers/contract/usage-units.js';
import { jsonRelayRoute, uploadRelayRoute } from '../relay/relay-route.js';

/** As many as OpenAI makes at once. */
const MOST_IMAGES = 10;

/** `POST /v1/images/generations`: JSON, or events where `stream` asks for them. */
export const IMAGES_ROUTE = jsonRelayRoute({
  endpoint: 'images/generations',
  dialect: 'images',
  isCostly: true,
  textMember: 'prompt',
  counted: imageForm,
  mostUnits: ({ n }) => ({ image: typeof n === 'number' ? n : 1 }),
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
  counted: ({ pictures }) => imageForm(pictures),
  mostUnits: ({ pictures: { n } }) => ({
    image: /^\d{1,6}$/.test(n ?? '') ? Number(n) : MOST_IMAGES,
  }),
});

/** Of the pictures that are asked for; an answer that names another form is believed. */
function imageForm({ size, quality }: Readonly<Record<string, unknown>>): UsageUnits {
  return {
    ...(typeof size === 'string' && { imageSize: size }),
    ...(typeof quality === 'string' && { imageQuality: quality }),
  };
}
