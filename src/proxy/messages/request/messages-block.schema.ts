/** The members without which a block of a type says nothing. */
const REQUIRED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  image: ['source'],
  document: ['source'],
  search_result: ['title', 'source', 'content'],
  tool_use: ['id', 'name', 'input'],
  tool_result: ['tool_use_id'],
  thinking: ['thinking'],
  redacted_thinking: ['data'],
};

const REQUIRED_BY_SOURCE: Readonly<Record<string, readonly string[]>> = {
  base64: ['media_type', 'data'],
  text: ['data'],
  url: ['url'],
  file: ['file_id'],
  content: ['content'],
};

/** `source` is text in a search result and an object elsewhere. */
const SOURCE = {
  type: ['object', 'string'],
  required: ['type'],
  properties: {
    type: { type: 'string' },
    media_type: { type: 'string' },
    data: { type: 'string' },
    url: { type: 'string' },
    file_id: { type: 'string' },
    content: { $ref: '#/$defs/content' },
  },
  allOf: requireByType(REQUIRED_BY_SOURCE),
} as const;

/** Definitions for schemas with `$ref: '#/$defs/content'`; blocks of unknown types pass. */
export const BLOCK_DEFINITIONS = {
  content: {
    anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/$defs/block' } }],
  },
  cacheControl: {
    type: ['object', 'null'],
    required: ['type'],
    properties: { type: { type: 'string' }, ttl: { type: 'string' } },
  },
  source: SOURCE,
  block: {
    type: 'object',
    required: ['type'],
    properties: {
      type: { type: 'string' },
      text: { type: 'string' },
      source: { $ref: '#/$defs/source' },
      title: { type: ['string', 'null'] },
      context: { type: ['string', 'null'] },
      id: { type: 'string', minLength: 1 },
      name: { type: 'string', minLength: 1 },
      tool_use_id: { type: 'string', minLength: 1 },
      is_error: { type: ['boolean', 'null'] },
      thinking: { type: 'string' },
      signature: { type: ['string', 'null'] },
      data: { type: 'string' },
      cache_control: { $ref: '#/$defs/cacheControl' },
    },
    allOf: [
      ...requireByType(REQUIRED_MEMBERS),
      whenType('tool_use', { properties: { input: { type: 'object' } } }),
      whenType('tool_result', {
        properties: { content: { anyOf: [{ $ref: '#/$defs/content' }, { type: 'null' }] } },
      }),
    ],
  },
} as const;

function requireByType(members: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(members).map(([type, required]) => whenType(type, { required }));
}

/** What also holds for values of a type. */
export function whenType(type: string, schema: object) {
  const isOther = { not: { required: ['type'], properties: { type: { const: type } } } };
  return { anyOf: [isOther, schema] };
}
