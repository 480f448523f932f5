/** What a limit may be restricted to: the dialect of a request, as the ledger names it. */
export const ENDPOINTS = [
  'chat',
  'completions',
  'responses',
  'messages',
  'embeddings',
  'images',
  'image-edits',
  'speech',
  'transcriptions',
  'translations',
  'moderations',
  'rerank',
] as const;

export type Endpoint = (typeof ENDPOINTS)[number];
