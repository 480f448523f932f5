import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import {
  isObject,
  objectsIn,
  textOf,
  type AnthropicTool,
  type AnthropicToolChoice,
  type JsonObject,
} from './anthropic-api.js';
import { invalidValue } from '../contract/refusals.js';

export interface ConvertedChoice {
  readonly choice: AnthropicToolChoice | undefined;
  /** The tools that may be called. */
  readonly tools: AnthropicTool[];
}

/** Without tools there is nothing to choose, and Anthropic refuses the attempt. */
export function convertToolChoice(
  body: ChatCompletionRequest,
  tools: AnthropicTool[],
  translation: TranslationReport,
): ConvertedChoice {
  if (tools.length === 0) return { choice: undefined, tools };
  const converted = convertChoice(body.tool_choice, tools, translation);
  if (body['parallel_tool_calls'] !== false || converted.choice?.type === 'none') return converted;
  translation.note('parallel_tool_calls', 'mapped');
  const choice = converted.choice ?? { type: 'auto' };
  return { ...converted, choice: { ...choice, disable_parallel_tool_use: true } };
}

/** Whether the model must make a call, which excludes thinking by a budget. */
export function forcesCall(choice: AnthropicToolChoice | undefined): boolean {
  return choice?.type === 'any' || choice?.type === 'tool';
}

function convertChoice(
  choice: unknown,
  tools: AnthropicTool[],
  translation: TranslationReport,
): ConvertedChoice {
  if (choice == null) return { choice: undefined, tools };
  if (choice === 'auto' || choice === 'none' || choice === 'required') {
    translation.note(`tool_choice.${choice}`, 'mapped', 'tool_choice');
    return { choice: { type: choice === 'required' ? 'any' : choice }, tools };
  }
  if (isObject(choice)) {
    const { type } = choice;
    if (type === 'function' || type === 'custom') {
      const name = nameIn(choice);
      translation.note(`tool_choice.${type}`, 'mapped', 'tool_choice');
      return { choice: { type: 'tool', name }, tools };
    }
    if (type === 'allowed_tools') return convertAllowedTools(choice, tools, translation);
  }
  throw invalidValue('tool_choice', 'is not a choice that the provider knows');
}

/** The others are simply not offered. */
function convertAllowedTools(
  choice: JsonObject,
  tools: AnthropicTool[],
  translation: TranslationReport,
): ConvertedChoice {
  translation.note('tool_choice.allowed_tools', 'emulated', 'tool_choice');
  const allowed = isObject(choice['allowed_tools']) ? choice['allowed_tools'] : choice;
  const names = new Set(objectsIn(allowed['tools']).map(nameIn));
  const offered = tools.filter(({ name }) => names.has(name));
  if (offered.length === 0) return { choice: { type: 'none' }, tools };
  return { choice: { type: allowed['mode'] === 'required' ? 'any' : 'auto' }, tools: offered };
}

function nameIn(choice: JsonObject): string {
  const named = isObject(choice['function']) ? choice['function'] : choice['custom'];
  return textOf(isObject(named) ? named['name'] : choice['name']);
}
