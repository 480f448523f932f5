import { BLOCK_DEFINITIONS, whenType } from './request/messages-block.schema.js';

const PROPERTIES = {
  model: { type: 'string', minLength: 1, maxLength: 255 },
  max_tokens: { type: 'integer', minimum: 0 },
  messages: {
    type: 'array',
    minItems: 1,
    maxItems: 100_000,
    items: {
      type: 'object',
      required: ['role', 'content'],
      properties: {
        role: { enum: ['user', 'assistant', 'system'] },
        content: { $ref: '#/$defs/content' },
      },
    },
  },
  system: { anyOf: [{ $ref: '#/$defs/content' }, { type: 'null' }] },
  stream: { type: ['boolean', 'null'] },
  temperature: { type: ['number', 'null'], minimum: 0, maximum: 1 },
  top_p: { type: ['number', 'null'], minimum: 0, maximum: 1 },
  top_k: { type: ['integer', 'null'], minimum: 0 },
  stop_sequences: { type: ['array', 'null'], items: { type: 'string' } },
  metadata: {
    type: ['object', 'null'],
    properties: { user_id: { type: ['string', 'null'], maxLength: 256 } },
  },
  service_tier: { enum: ['auto', 'standard_only', null] },
  thinking: {
    type: ['object', 'null'],
    required: ['type'],
    properties: {
      type: { enum: ['enabled', 'adaptive', 'between_tools', 'disabled'] },
      budget_tokens: { type: 'integer', minimum: 1024 },
      display: { enum: ['summarized', 'omitted', null] },
    },
  },
  output_config: {
    type: ['object', 'null'],
    properties: {
      effort: { enum: ['low', 'medium', 'high', 'xhigh', 'max', null] },
      format: { $ref: '#/$defs/outputFormat' },
    },
  },
  output_format: { $ref: '#/$defs/outputFormat' },
  tools: {
    type: ['array', 'null'],
    items: {
      type: 'object',
      properties: {
        type: { type: ['string', 'null'] },
        name: { type: 'string', minLength: 1 },
        description: { type: ['string', 'null'] },
        input_schema: { type: 'object' },
        strict: { type: ['boolean', 'null'] },
        cache_control: { $ref: '#/$defs/cacheControl' },
      },
      anyOf: [
        { required: ['name', 'input_schema'] },
        { required: ['type'], properties: { type: { not: { enum: ['custom', null] } } } },
      ],
    },
  },
  tool_choice: {
    type: ['object', 'null'],
    required: ['type'],
    properties: {
      type: { enum: ['auto', 'any', 'tool', 'none'] },
      name: { type: 'string', minLength: 1 },
      disable_parallel_tool_use: { type: 'boolean' },
    },
    allOf: [whenType('tool', { required: ['name'] })],
  },
  cache_control: { $ref: '#/$defs/cacheControl' },
} as const;

const DEFINITIONS = {
  ...BLOCK_DEFINITIONS,
  outputFormat: {
    type: ['object', 'null'],
    required: ['type', 'schema'],
    properties: { type: { enum: ['json_schema'] }, schema: { type: 'object' } },
  },
} as const;

/**
 * JSON Schema of a request for tokens to be counted: types and ranges of what Anthropic documents.
 * Unknown members and unknown types of blocks pass, because the vendor behind may know them.
 */
export const COUNT_TOKENS_REQUEST_SCHEMA = {
  type: 'object',
  required: ['model', 'messages'],
  properties: PROPERTIES,
  $defs: DEFINITIONS,
} as const;

/** JSON Schema of a Messages request. */
export const MESSAGES_REQUEST_SCHEMA = {
  ...COUNT_TOKENS_REQUEST_SCHEMA,
  required: ['model', 'max_tokens', 'messages'],
} as const;
