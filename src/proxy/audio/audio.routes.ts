import { jsonRelayRoute, uploadRelayRoute } from '../relay/relay-route.js';

/** `POST /v1/audio/speech`: JSON in; sound out, or events where `stream_format` asks for them. */
export const SPEECH_ROUTE = jsonRelayRoute({
  endpoint: 'audio/speech',
  dialect: 'speech',
  isCostly: true,
  textMember: 'input',
  schema: {
    type: 'object',
    required: ['model', 'input'],
    properties: {
      model: { type: 'string', minLength: 1, maxLength: 255 },
      input: { type: 'string', minLength: 1 },
      stream_format: { type: ['string', 'null'] },
    },
  },
});

/** `POST /v1/audio/transcriptions`: a form with sound; JSON, text or events out. */
export const TRANSCRIPTIONS_ROUTE = uploadRelayRoute({
  endpoint: 'audio/transcriptions',
  dialect: 'transcriptions',
  hasImages: false,
});

/** `POST /v1/audio/translations`: likewise. */
export const TRANSLATIONS_ROUTE = uploadRelayRoute({
  endpoint: 'audio/translations',
  dialect: 'translations',
  hasImages: false,
});
