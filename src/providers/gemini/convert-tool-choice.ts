import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import { isObject, objectsIn } from '../openai-compatible/openai-api.js';
import type { ConvertedTools } from './convert-tools.js';
import type { FunctionCallingConfig, GeminiTool } from './gemini-api.js';
import type { GeminiFamily } from './gemini-models.js';
import { invalidValue, unsupported } from '../contract/refusals.js';

export interface ConvertedToolChoice {
  readonly config?: FunctionCallingConfig;
  /** The tools that are left to choose from. */
  readonly tools: GeminiTool[];
}

/** Which functions may or must be called. Without functions there is nothing to choose. */
export function convertToolChoice(
  body: ChatCompletionRequest,
  converted: ConvertedTools,
  family: GeminiFamily,
  translation: TranslationReport,
): ConvertedToolChoice {
  const { tools, functionNames, isStrict } = converted;
  if (functionNames.length === 0) return { tools };
  if (body['parallel_tool_calls'] === false) translation.note('parallel_tool_calls', 'dropped');

  const free = isStrict && family.validatesCalls ? { mode: 'VALIDATED' as const } : undefined;
  const choice = findChoice(body);
  const note = (outcome: 'mapped' | 'emulated') =>
    translation.note(choice.field, outcome, choice.path);
  switch (choice.kind) {
    case 'auto':
      return free ? { tools, config: free } : { tools };
    case 'none':
    case 'required':
      note('mapped');
      return { tools, config: { mode: choice.kind === 'none' ? 'NONE' : 'ANY' } };
    case 'function':
      note('mapped');
      return { tools, config: { mode: 'ANY', allowedFunctionNames: [choice.name] } };
    case 'allowed_tools': {
      const allowedFunctionNames = choice.names;
      if (choice.isRequired || family.validatesCalls) {
        note('mapped');
        const mode = choice.isRequired ? 'ANY' : 'VALIDATED';
        return { tools, config: { mode, allowedFunctionNames } };
      }
      note('emulated');
      return { tools: withOnly(tools, new Set(allowedFunctionNames)) };
    }
  }
}

type Choice = { readonly field: string; readonly path: string } & (
  | { readonly kind: 'auto' | 'none' | 'required' }
  | { readonly kind: 'function'; readonly name: string }
  | {
      readonly kind: 'allowed_tools';
      readonly isRequired: boolean;
      readonly names: string[];
    }
);

function findChoice(body: ChatCompletionRequest): Choice {
  const legacy = body['function_call'];
  if (body.tool_choice == null && legacy != null) {
    const place = { field: 'function_call', path: 'function_call' };
    if (legacy === 'auto' || legacy === 'none') return { ...place, kind: legacy };
    return { ...place, kind: 'function', name: nameIn(legacy, 'function_call.name') };
  }
  const choice = body.tool_choice ?? 'auto';
  const place = { field: `tool_choice.${typeNameOf(choice)}`, path: 'tool_choice' };
  if (choice === 'auto' || choice === 'none' || choice === 'required') {
    return { ...place, kind: choice };
  }
  if (isObject(choice) && choice['type'] === 'function') {
    return { ...place, kind: 'function', name: nameIn(choice['function'], 'tool_choice.function') };
  }
  if (isObject(choice) && isObject(choice['allowed_tools'])) {
    const { mode, tools } = choice['allowed_tools'];
    const names = objectsIn(tools).map((tool) =>
      nameIn(tool['function'] ?? tool, 'tool_choice.allowed_tools.tools'),
    );
    return { ...place, kind: 'allowed_tools', isRequired: mode === 'required', names };
  }
  throw unsupported('tool_choice', 'has a form that this model does not have');
}

function typeNameOf(choice: unknown): string {
  return isObject(choice) ? String(choice['type']) : String(choice);
}

function nameIn(value: unknown, path: string): string {
  if (isObject(value) && typeof value['name'] === 'string') return value['name'];
  throw invalidValue(path, 'must have a name');
}

function withOnly(tools: readonly GeminiTool[], names: ReadonlySet<string>): GeminiTool[] {
  return tools.map((tool) =>
    'functionDeclarations' in tool
      ? { functionDeclarations: tool.functionDeclarations.filter(({ name }) => names.has(name)) }
      : tool,
  );
}
