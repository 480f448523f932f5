import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import {
  isObject,
  type AnthropicTool,
  type AnthropicToolChoice,
  type JsonObject,
} from './anthropic-api.js';
import type { AnthropicModelFamily } from './anthropic-models.js';
import { convertSchema } from './convert-schema.js';
import { objectSchema } from './convert-tools.js';
import { invalidValue } from '../contract/refusals.js';

const TOOL_NAME = 'json';
const ANY_OBJECT = { type: 'object', additionalProperties: true };

export interface ConvertedFormat {
  /** For models that keep to a schema by themselves. */
  readonly schema?: JsonObject;
  /** A tool whose argument is the answer, for the others. */
  readonly tool?: AnthropicTool;
}

export function convertOutputFormat(
  body: ChatCompletionRequest,
  family: AnthropicModelFamily,
  translation: TranslationReport,
): ConvertedFormat {
  const format = body.response_format;
  switch (format?.type) {
    case undefined:
    case 'text':
      return {};
    case 'json_object':
      translation.note('response_format.json_object', 'emulated', 'response_format');
      return { tool: answerTool(body, ANY_OBJECT) };
    case 'json_schema':
      return convertJsonSchema(body, format['json_schema'], family, translation);
    default:
      throw invalidValue('response_format.type', 'is not a format that is known');
  }
}

function convertJsonSchema(
  body: ChatCompletionRequest,
  named: unknown,
  family: AnthropicModelFamily,
  translation: TranslationReport,
): ConvertedFormat {
  const field = 'response_format.json_schema';
  const given = isObject(named) ? named : {};
  const schema = isObject(given['schema']) ? objectSchema(given['schema']) : ANY_OBJECT;
  if (schema === ANY_OBJECT || !family.structuredOutput) {
    translation.note(field, 'emulated', 'response_format');
    return { tool: answerTool(body, schema, given['description']) };
  }
  const { schema: closed, isLossy } = convertSchema(schema);
  const outcome = isLossy ? 'approximated' : 'mapped';
  translation.note(field, outcome, 'response_format.json_schema.schema');
  return { schema: closed };
}

function answerTool(
  body: ChatCompletionRequest,
  schema: JsonObject,
  description?: unknown,
): AnthropicTool {
  const taken = new Set((body.tools ?? []).map((tool) => tool.function?.name));
  let name = TOOL_NAME;
  while (taken.has(name)) name += '_';
  return {
    name,
    description: ['Gives the answer, as JSON.', description].filter(Boolean).join(' '),
    input_schema: schema,
  };
}

/**
 * How the model is brought to answer through the tool: at once when it may not call another one,
 * otherwise by having to call something. A call that the client demands comes before the answer.
 */
export function choiceWithAnswerTool(
  choice: AnthropicToolChoice | undefined,
  answer: AnthropicTool,
  hasOtherTools: boolean,
): AnthropicToolChoice {
  if (choice?.type === 'tool') return choice;
  const alone = !hasOtherTools || choice?.type === 'none';
  return alone
    ? { type: 'tool', name: answer.name, disable_parallel_tool_use: true }
    : { type: 'any', disable_parallel_tool_use: true };
}
