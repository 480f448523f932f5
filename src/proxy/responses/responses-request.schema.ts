const TEXT = { type: 'string' };
const TEXT_OR_NULL = { type: ['string', 'null'] };
const FLAG = { type: ['boolean', 'null'] };

/** `if` and `then`, whose errors would not say which rule was broken. */
function implies(condition: object, rule: object): object {
  return { anyOf: [{ not: condition }, rule] };
}

/** A rule for objects whose `type` is one of `types`. */
function ofType(types: readonly string[], rule: object): object {
  return implies({ required: ['type'], properties: { type: { enum: types } } }, rule);
}

function withTexts(...names: string[]): object {
  return {
    required: names,
    properties: Object.fromEntries(names.map((name) => [name, TEXT])),
  };
}

const PARTS = {
  type: ['string', 'array'],
  items: {
    type: 'object',
    required: ['type'],
    properties: {
      type: TEXT,
      image_url: TEXT_OR_NULL,
      file_id: TEXT_OR_NULL,
      file_url: TEXT_OR_NULL,
      file_data: TEXT_OR_NULL,
      filename: TEXT_OR_NULL,
      detail: TEXT_OR_NULL,
    },
    allOf: [
      ofType(['input_text', 'output_text'], withTexts('text')),
      ofType(['refusal'], withTexts('refusal')),
    ],
  },
};

const THOUGHTS = {
  type: ['array', 'null'],
  items: { type: 'object', ...withTexts('text') },
};

const MESSAGE = {
  required: ['role', 'content'],
  properties: { role: { enum: ['user', 'assistant', 'system', 'developer'] }, content: PARTS },
};

const OUTPUT = {
  required: ['call_id', 'output'],
  properties: { call_id: TEXT, output: PARTS },
};

const ITEM = {
  type: 'object',
  properties: { type: TEXT_OR_NULL, id: TEXT_OR_NULL, namespace: TEXT_OR_NULL },
  allOf: [
    // The type of messages and of references may be left out.
    {
      anyOf: [
        implies({ properties: { type: { enum: [null, 'message'] } } }, MESSAGE),
        {
          required: ['id'],
          properties: { type: { enum: [null] } },
          not: { required: ['role'] },
        },
      ],
    },
    ofType(['item_reference'], withTexts('id')),
    ofType(['function_call'], withTexts('call_id', 'name', 'arguments')),
    ofType(['custom_tool_call'], withTexts('call_id', 'name', 'input')),
    ofType(['function_call_output', 'custom_tool_call_output'], OUTPUT),
    ofType(['local_shell_call'], {
      required: ['call_id', 'action'],
      properties: { call_id: TEXT, action: { type: 'object' } },
    }),
    ofType(['local_shell_call_output'], {
      anyOf: [withTexts('call_id', 'output'), withTexts('id', 'output')],
    }),
    ofType(['reasoning'], {
      properties: { summary: THOUGHTS, content: THOUGHTS, encrypted_content: TEXT_OR_NULL },
    }),
  ],
};

const TOOL = {
  type: 'object',
  required: ['type'],
  properties: {
    type: TEXT,
    description: TEXT_OR_NULL,
    parameters: { type: ['object', 'null'] },
    strict: FLAG,
    format: { type: ['object', 'null'], ...withTexts('type') },
  },
  allOf: [
    ofType(['function', 'custom', 'namespace'], withTexts('name')),
    ofType(['namespace'], {
      required: ['tools'],
      properties: { tools: { type: 'array', items: { $ref: '#/$defs/tool' } } },
    }),
  ],
};

const FORMAT = {
  type: ['object', 'null'],
  required: ['type'],
  properties: { type: { enum: ['text', 'json_object', 'json_schema'] }, strict: FLAG },
  allOf: [
    ofType(['json_schema'], {
      required: ['name', 'schema'],
      properties: { name: TEXT, schema: { type: 'object' } },
    }),
  ],
};

/**
 * JSON Schema of a Responses request: types and ranges of what OpenAI documents. Unknown members
 * pass here and are told in the translation report.
 */
export const RESPONSES_REQUEST_SCHEMA = {
  $defs: { tool: TOOL },
  type: 'object',
  required: ['model'],
  properties: {
    model: { type: 'string', minLength: 1, maxLength: 255 },
    input: { type: ['string', 'array', 'null'], items: ITEM },
    instructions: TEXT_OR_NULL,
    previous_response_id: TEXT_OR_NULL,
    store: FLAG,
    stream: FLAG,
    stream_options: { type: ['object', 'null'] },
    background: FLAG,
    include: { type: ['array', 'null'], items: TEXT },
    max_output_tokens: { type: ['integer', 'null'], minimum: 1 },
    max_tool_calls: { type: ['integer', 'null'] },
    temperature: { type: ['number', 'null'], minimum: 0, maximum: 2 },
    top_p: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    top_logprobs: { type: ['integer', 'null'], minimum: 0, maximum: 20 },
    presence_penalty: { type: ['number', 'null'], minimum: -2, maximum: 2 },
    frequency_penalty: { type: ['number', 'null'], minimum: -2, maximum: 2 },
    parallel_tool_calls: FLAG,
    reasoning: {
      type: ['object', 'null'],
      properties: { effort: TEXT_OR_NULL, summary: TEXT_OR_NULL, generate_summary: TEXT_OR_NULL },
    },
    text: {
      type: ['object', 'null'],
      properties: { format: FORMAT, verbosity: TEXT_OR_NULL },
    },
    tools: { type: ['array', 'null'], items: { $ref: '#/$defs/tool' } },
    tool_choice: { type: ['string', 'object', 'null'] },
    truncation: { enum: ['auto', 'disabled', null] },
    metadata: { type: ['object', 'null'] },
    user: TEXT_OR_NULL,
    safety_identifier: TEXT_OR_NULL,
    prompt_cache_key: TEXT_OR_NULL,
    service_tier: TEXT_OR_NULL,
  },
};
