import type { ChatTool } from '../../../providers/chat/chat-api.js';
import { isStrictSchema } from './is-strict-schema.js';
import type { ToolParam } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

const CONVERTED: ReadonlySet<string> = new Set([
  'type',
  'name',
  'description',
  'input_schema',
  'strict',
  'cache_control',
]);

/**
 * Tools that the client describes and carries out. Those that Anthropic runs or describes itself,
 * such as `web_search_20250305` or `bash_20250124`, mean nothing to anybody else.
 */
export function convertTools(tools: readonly ToolParam[], notes: Notes): ChatTool[] {
  return tools.flatMap((tool, index) => {
    const path = `tools[${index}]`;
    if (tool.type == null || tool.type === 'custom') return [convertTool(tool, notes, path)];
    notes.note(`tools.${tool.type}`, 'dropped', path);
    return [];
  });
}

function convertTool(tool: ToolParam, notes: Notes, path: string): ChatTool {
  for (const [name, value] of Object.entries(tool)) {
    if (value != null && !CONVERTED.has(name)) {
      notes.note(`tools.${name}`, 'dropped', `${path}.${name}`);
    }
  }
  const { description, input_schema: parameters, cache_control: cacheControl } = tool;
  const strict = tool.strict === true && isStrictSchema(parameters);
  if (tool.strict === true && !strict) {
    notes.note('tools.strict', 'approximated', `${path}.input_schema`);
  }
  return {
    type: 'function',
    function: {
      name: tool.name ?? '',
      ...(description != null && { description }),
      parameters,
      ...(strict && { strict }),
    },
    ...(cacheControl != null && { cache_control: cacheControl }),
  };
}
