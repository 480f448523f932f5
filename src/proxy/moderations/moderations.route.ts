import { jsonRelayRoute } from '../relay/relay-route.js';

/** `POST /v1/moderations`: what is asked may be asked again. */
export const MODERATIONS_ROUTE = jsonRelayRoute({
  endpoint: 'moderations',
  dialect: 'moderations',
  isCostly: false,
  textMember: 'input',
  schema: {
    type: 'object',
    required: ['model', 'input'],
    properties: {
      model: { type: 'string', minLength: 1, maxLength: 255 },
      input: { type: ['string', 'array'], minItems: 1 },
    },
  },
});
