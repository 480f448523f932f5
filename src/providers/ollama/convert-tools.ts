import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { TranslationReport } from '../contract/translation.js';
import { isObject, type OllamaTool, objectsIn, textOf } from './ollama-api.js';
import { invalidValue } from '../contract/refusals.js';

const NO_PARAMETERS = { type: 'object', properties: {} };

/**
 * The tools that are offered. The vendor cannot be told which to call, so a choice becomes a
 * shorter offer as far as it can.
 */
export function convertTools(body: ChatCompletionRequest, report: TranslationReport): OllamaTool[] {
  const tools = [...toolsOf(body, report), ...functionsOf(body, report)];
  return choose(tools, body, report);
}

function toolsOf(body: ChatCompletionRequest, report: TranslationReport): OllamaTool[] {
  return objectsIn(body.tools).flatMap((tool, index) => {
    const declared = tool['function'];
    if (tool['type'] === 'function' && isObject(declared)) {
      if (declared['strict'] === true) {
        report.note('tools.function.strict', 'dropped', `tools[${index}].function.strict`);
      }
      return [convertFunction(declared)];
    }
    report.note(`tools.${textOf(tool['type']) || 'unknown'}`, 'dropped', `tools[${index}]`);
    return [];
  });
}

function functionsOf(body: ChatCompletionRequest, report: TranslationReport): OllamaTool[] {
  const functions = objectsIn(body['functions']);
  // Those who ask so are answered with `tool_calls` all the same.
  if (functions.length > 0) report.note('functions', 'approximated');
  return functions.map(convertFunction);
}

function convertFunction(declared: Record<string, unknown>): OllamaTool {
  const { name, description, parameters } = declared;
  return {
    type: 'function',
    function: {
      name: textOf(name),
      ...(typeof description === 'string' && { description }),
      parameters: parameters ?? NO_PARAMETERS,
    },
  };
}

function choose(
  tools: OllamaTool[],
  body: ChatCompletionRequest,
  report: TranslationReport,
): OllamaTool[] {
  const field = isGiven(body.tool_choice) ? 'tool_choice' : 'function_call';
  const choice = body[field];
  if (!isGiven(choice) || choice === 'auto') return tools;
  const variant = (name: string) => (field === 'tool_choice' ? `${field}.${name}` : field);

  if (choice === 'none') {
    report.note(variant('none'), 'emulated', field);
    return [];
  }
  if (isObject(choice) && choice['type'] === 'allowed_tools') {
    return allow(tools, choice['allowed_tools'], report);
  }
  const named = isObject(choice) ? (choice['function'] ?? choice) : undefined;
  if (isObject(named) && typeof named['name'] === 'string') {
    report.note(variant('function'), 'approximated', field);
    return only(tools, [named['name']], field);
  }
  const kind = isObject(choice) ? textOf(choice['type']) : textOf(choice);
  report.note(variant(kind || 'unknown'), 'dropped', field);
  return tools;
}

function allow(tools: OllamaTool[], allowed: unknown, report: TranslationReport): OllamaTool[] {
  const { mode, tools: listed } = isObject(allowed) ? allowed : {};
  const outcome = mode === 'required' ? 'approximated' : 'emulated';
  report.note('tool_choice.allowed_tools', outcome, 'tool_choice');
  const names = objectsIn(listed).map((tool) =>
    isObject(tool['function']) ? textOf(tool['function']['name']) : textOf(tool['name']),
  );
  return only(tools, names, 'tool_choice');
}

function only(tools: OllamaTool[], names: readonly string[], path: string): OllamaTool[] {
  const unknown = names.find((name) => !tools.some((tool) => tool.function.name === name));
  if (unknown !== undefined) throw invalidValue(path, 'names a tool that is not among the tools');
  return tools.filter((tool) => names.includes(tool.function.name));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
