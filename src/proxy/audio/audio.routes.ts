import type { UsageUnits } from '../../providers/contract/usage-units.js';
import type { Upload } from '../body/upload.js';
import { jsonRelayRoute, uploadRelayRoute } from '../relay/relay-route.js';
import type { RelayBody } from '../relay/relay-input.js';

/** Fewer than a second of speech takes in any format that it usually comes in. */
const BYTES_PER_SECOND = 1000;

/** `POST /v1/audio/speech`: JSON in; sound out, or events where `stream_format` asks for them. */
export const SPEECH_ROUTE = jsonRelayRoute({
  endpoint: 'audio/speech',
  dialect: 'speech',
  isCostly: true,
  textMember: 'input',
  counted: charactersOf,
  mostUnits: charactersOf,
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
  mostUnits: mostSecondsOf,
});

/** `POST /v1/audio/translations`: likewise. */
export const TRANSLATIONS_ROUTE = uploadRelayRoute({
  endpoint: 'audio/translations',
  dialect: 'translations',
  hasImages: false,
  mostUnits: mostSecondsOf,
});

/** Vendors charge for characters as people count them, not for halves of a surrogate pair. */
function charactersOf({ input }: RelayBody): UsageUnits {
  let character = 0;
  for (const _ of input as string) character += 1;
  return { character };
}

function mostSecondsOf({ length }: Upload): UsageUnits {
  return length === undefined ? {} : { audioSecond: Math.ceil(length / BYTES_PER_SECOND) };
}
