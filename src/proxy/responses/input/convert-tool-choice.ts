import { ApiError } from '../../../common/errors/api-error.js';
import { canonicalToolName, LOCAL_SHELL } from '../tool-names.js';
import { unsupportedParameter } from '../unsupported-parameter.js';

interface NamedTool {
  type?: unknown;
  name?: unknown;
  namespace?: string | null;
  mode?: unknown;
  tools?: unknown;
}

/**
 * Flat choices as nested ones; a custom tool is a function by now.
 * @throws ApiError `unsupported_parameter` for tools that a vendor would have to run
 */
export function convertToolChoice(choice: unknown, path = 'tool_choice'): unknown {
  if (typeof choice !== 'object' || choice === null) return choice;
  const { type, mode, tools } = choice as NamedTool;
  if (type !== 'allowed_tools') return convertNamed(choice, path);
  const allowed = (Array.isArray(tools) ? (tools as NamedTool[]) : []).map((tool, index) =>
    convertNamed(tool, `${path}.tools[${index}]`),
  );
  return { type, allowed_tools: { mode: mode ?? 'auto', tools: allowed } };
}

function convertNamed({ type, name, namespace }: NamedTool, path: string): object {
  if (type === LOCAL_SHELL) return { type: 'function', function: { name: LOCAL_SHELL } };
  if (type !== 'function' && type !== 'custom') {
    throw unsupportedParameter(path, 'Only functions and custom tools can be chosen.');
  }
  if (typeof name !== 'string') {
    throw new ApiError('invalid_value', `Invalid value for '${path}.name': it is required.`, {
      param: `${path}.name`,
    });
  }
  return { type: 'function', function: { name: canonicalToolName(name, namespace) } };
}
