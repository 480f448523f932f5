import { ApiError } from '../../../common/errors/api-error.js';
import type { ChatTool } from '../../../providers/chat/chat-api.js';
import type { ResponsesTool } from '../responses-api.js';
import {
  canonicalToolName,
  CUSTOM_INPUT,
  LOCAL_SHELL,
  type ToolName,
  type ToolNames,
} from '../tool-names.js';
import { unsupportedParameter } from '../unsupported-parameter.js';
import type { Translation } from './convert-parts.js';
import { LOCAL_SHELL_FUNCTION } from './local-shell-function.js';

const READ = {
  function: new Set(['type', 'name', 'description', 'parameters', 'strict']),
  custom: new Set(['type', 'name', 'description', 'format']),
};

/**
 * Flat tools as nested ones, custom tools as functions with one text. `names` learns what they were.
 * @throws ApiError `unsupported_parameter` for tools that a vendor would have to run
 */
export function convertTools(
  tools: readonly ResponsesTool[],
  names: ToolNames,
  translation: Translation,
): ChatTool[] {
  const searchesOnly = tools.every(isWebSearch);
  return tools.flatMap((tool, index) => {
    const path = `tools[${index}]`;
    if (searchesOnly || !isWebSearch(tool)) return convertTool(tool, path, names, translation);
    // Agents always offer it beside their own tools, and do without it as well.
    translation.note(`tools.${tool.type}`, 'dropped', path);
    return [];
  });
}

/** Also under the names of its versions. */
function isWebSearch({ type }: ResponsesTool): boolean {
  return /^web_search(_preview)?(_\d{4}_\d{2}_\d{2})?$/.test(type);
}

function convertTool(
  tool: ResponsesTool,
  path: string,
  names: ToolNames,
  translation: Translation,
  namespace?: string,
): ChatTool[] {
  const { type, name = '' } = tool;
  if (type === 'namespace' && namespace === undefined) {
    return (tool.tools ?? []).flatMap((inner, index) =>
      convertTool(inner, `${path}.tools[${index}]`, names, translation, name),
    );
  }
  if (type === LOCAL_SHELL && names.add({ kind: LOCAL_SHELL, name: LOCAL_SHELL })) {
    translation.note('tools.local_shell', 'emulated', path);
    return [LOCAL_SHELL_FUNCTION];
  }
  if (type !== 'function' && type !== 'custom') {
    throw unsupportedParameter(
      path,
      `Tools of the type '${type}' are run by the vendor of the Responses API, not by this model's provider.`,
    );
  }
  noteUnread(tool, type, path, translation);
  const known: ToolName = { kind: type, name, ...(namespace !== undefined && { namespace }) };
  if (!names.add(known)) {
    throw new ApiError('invalid_value', `Another tool has the name of '${path}'.`, {
      param: `${path}.name`,
    });
  }
  const canonical = canonicalToolName(name, namespace);
  return [
    type === 'function'
      ? convertFunction(tool, canonical)
      : convertCustom(tool, canonical, path, translation),
  ];
}

/** @throws ApiError `unsupported_parameter` for tools that only the vendor's own programs may call */
function noteUnread(
  tool: ResponsesTool,
  type: 'function' | 'custom',
  path: string,
  translation: Translation,
): void {
  for (const [name, value] of Object.entries(tool)) {
    if (value == null || value === false || READ[type].has(name)) continue;
    if (name === 'allowed_callers' && Array.isArray(value)) {
      if (value.length === 1 && value[0] === 'direct') continue;
      if (!value.includes('direct')) {
        throw unsupportedParameter(`${path}.${name}`, 'Only the model itself can call a tool.');
      }
    }
    translation.note(`tools.${type}.${name}`, 'dropped', `${path}.${name}`);
  }
}

function convertFunction(
  { description, parameters, strict }: ResponsesTool,
  name: string,
): ChatTool {
  return {
    type: 'function',
    function: {
      name,
      ...(description != null && { description }),
      ...(parameters != null && { parameters }),
      ...(strict != null && { strict }),
    },
  };
}

function convertCustom(
  { description, format }: ResponsesTool,
  name: string,
  path: string,
  translation: Translation,
): ChatTool {
  translation.note('tools.custom', 'emulated', path);
  const lines = description == null ? [] : [description];
  let inputDescription = 'The input of the tool, as plain text.';
  if (format != null && format.type !== 'text') {
    // Nothing makes the model keep to it: it can only be asked to.
    translation.note('tools.custom.format', 'approximated', `${path}.format`);
    const { syntax = format.type, definition = '' } = format;
    inputDescription = `The input of the tool, as plain text that follows the given ${syntax} grammar.`;
    lines.push(`The ${CUSTOM_INPUT} must follow this ${syntax} grammar:\n${definition}`);
  }
  return {
    type: 'function',
    function: {
      name,
      ...(lines.length > 0 && { description: lines.join('\n\n') }),
      parameters: {
        type: 'object',
        properties: { [CUSTOM_INPUT]: { type: 'string', description: inputDescription } },
        required: [CUSTOM_INPUT],
        additionalProperties: false,
      },
    },
  };
}
