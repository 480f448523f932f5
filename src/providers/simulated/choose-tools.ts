import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { invalidValue } from '../contract/refusals.js';
import type { SimulatedTool } from './simulated-api.js';

/**
 * The tools that the model `tools` calls: the one that `tool_choice` names, else the first, and the
 * second in parallel unless that is forbidden.
 */
export function chooseTools(body: ChatCompletionRequest): readonly SimulatedTool[] {
  if (body.tool_choice === 'none') return [];
  const offered = (body.tools ?? []).flatMap(({ function: tool }) =>
    tool ? [{ name: tool.name, schema: tool.parameters ?? {} }] : [],
  );
  const name = nameOf(body.tool_choice);
  if (name === undefined) return offered.slice(0, body['parallel_tool_calls'] === false ? 1 : 2);

  const named = offered.find((tool) => tool.name === name);
  if (named) return [named];
  throw invalidValue('tool_choice', 'names a tool that is not among the tools');
}

function nameOf(choice: unknown): string | undefined {
  if (typeof choice !== 'object' || choice === null || !('function' in choice)) return undefined;
  const named = choice.function as { name?: unknown } | null;
  return typeof named?.name === 'string' ? named.name : undefined;
}
