import type { RelayedEndpoint } from '../../contract/relay.js';

/** What Azure has of OpenAI's endpoints: its content filter takes the place of moderations. */
export const AZURE_ENDPOINTS: ReadonlySet<RelayedEndpoint> = new Set([
  'images/generations',
  'images/edits',
  'audio/speech',
  'audio/transcriptions',
  'audio/translations',
]);

export const OPENAI_ENDPOINTS: ReadonlySet<RelayedEndpoint> = new Set([
  ...AZURE_ENDPOINTS,
  'moderations',
]);

/** Whoever speaks OpenAI's protocol may have any of them; the vendor says when it does not. */
export const ALL_ENDPOINTS: ReadonlySet<RelayedEndpoint> = new Set([...OPENAI_ENDPOINTS, 'rerank']);
