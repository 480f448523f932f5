import type { ChatCompletionRequest, ChatTool } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import { isObject, textOf, type AnthropicTool, type JsonObject } from './anthropic-api.js';
import type { AnthropicModelFamily } from './anthropic-models.js';
import { cacheControlOf } from './convert-content.js';
import { convertSchema } from './convert-schema.js';

/** Tools that Anthropic runs or defines itself, such as `web_search_20250305`. */
const NATIVE_TOOL = /^[a-z_]+_\d{8}$/;
const WEB_SEARCH = { type: 'web_search_20250305', name: 'web_search' };

export interface ConvertedTools {
  readonly tools: AnthropicTool[];
  /** Names of tools that take free text, which go out with one string argument. */
  readonly customTools: ReadonlySet<string>;
}

export function convertTools(
  body: ChatCompletionRequest,
  family: AnthropicModelFamily,
  translation: TranslationReport,
): ConvertedTools {
  const customTools = new Set<string>();
  const tools = (body.tools ?? []).flatMap((tool, index): AnthropicTool[] => {
    const path = `tools[${index}]`;
    const converted = convertTool(tool, family, translation, path);
    if (!converted) return [];
    if (tool.type === 'custom') customTools.add(converted.name);
    const cacheControl = cacheControlOf(tool) ?? cacheControlOf(tool.function ?? {});
    return [cacheControl ? { ...converted, cache_control: cacheControl } : converted];
  });
  if (isObject(body['web_search_options'])) {
    tools.push(webSearch(body['web_search_options'], translation));
  }
  return { tools, customTools };
}

/** What a tool with free text gets in place of it. */
export function wrapCustomInput(input: string): JsonObject {
  return { input };
}

export function unwrapCustomInput(input: unknown): string {
  if (isObject(input) && typeof input['input'] === 'string') return input['input'];
  return JSON.stringify(input ?? {});
}

function convertTool(
  tool: ChatTool,
  family: AnthropicModelFamily,
  translation: TranslationReport,
  path: string,
): AnthropicTool | undefined {
  if (tool.type === 'function' && tool.function) {
    translation.note('tools.function', 'mapped', path);
    return convertFunction(tool.function, family, translation, path);
  }
  if (tool.type === 'custom' && isObject(tool['custom'])) {
    return convertCustomTool(tool['custom'], translation, path);
  }
  if (NATIVE_TOOL.test(tool.type)) return tool as unknown as AnthropicTool;
  translation.note(`tools.${tool.type}`, 'dropped', path);
  return undefined;
}

function convertFunction(
  tool: NonNullable<ChatTool['function']>,
  family: AnthropicModelFamily,
  translation: TranslationReport,
  path: string,
): AnthropicTool {
  const { name, description, strict } = tool;
  const schema = objectSchema(tool.parameters);
  const converted = { name, ...(description && { description }) };
  if (strict !== true) return { ...converted, input_schema: schema };
  const field = 'tools.function.strict';
  if (!family.structuredOutput) {
    translation.note(field, 'dropped', `${path}.function.strict`);
    return { ...converted, input_schema: schema };
  }
  const { schema: closed, isLossy } = convertSchema(schema);
  if (isLossy) translation.note(field, 'approximated', `${path}.function.parameters`);
  return { ...converted, input_schema: closed, strict: true };
}

function convertCustomTool(
  tool: JsonObject,
  translation: TranslationReport,
  path: string,
): AnthropicTool {
  const format = isObject(tool['format']) ? tool['format'] : {};
  const grammar = isObject(format['grammar']) ? textOf(format['grammar']['definition']) : '';
  translation.note('tools.custom', grammar === '' ? 'emulated' : 'approximated', path);
  const input =
    grammar === ''
      ? { type: 'string' }
      : { type: 'string', description: `Text that this grammar accepts:\n${grammar}` };
  const description = textOf(tool['description']);
  return {
    name: textOf(tool['name']),
    ...(description !== '' && { description }),
    input_schema: {
      type: 'object',
      properties: { input },
      required: ['input'],
      additionalProperties: false,
    },
  };
}

/** Anthropic wants an object; a function without parameters has none. */
export function objectSchema(parameters: unknown): JsonObject {
  if (!isObject(parameters)) return { type: 'object', properties: {} };
  return parameters['type'] === undefined ? { type: 'object', ...parameters } : parameters;
}

function webSearch(options: JsonObject, translation: TranslationReport): AnthropicTool {
  translation.note('web_search_options', 'mapped');
  if (options['search_context_size'] != null) {
    const path = 'web_search_options.search_context_size';
    translation.note('web_search_options', 'approximated', path);
  }
  const location = isObject(options['user_location']) ? options['user_location'] : {};
  if (!isObject(location['approximate'])) return WEB_SEARCH;
  return { ...WEB_SEARCH, user_location: { type: 'approximate', ...location['approximate'] } };
}
