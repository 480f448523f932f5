import { ApiError } from '../../../common/errors/api-error.js';
import type { ChatCompletionRequest, ChatTool } from '../../../providers/chat/chat-api.js';
import type { MessagesRequest, ToolChoiceParam } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/**
 * @param tools those that are left to choose from; without any, OpenAI takes no choice either
 * @throws ApiError `unsupported_parameter` when the model must use a tool that could not be carried
 */
export function convertToolChoice(
  request: MessagesRequest,
  tools: readonly ChatTool[],
  notes: Notes,
): Pick<ChatCompletionRequest, 'tool_choice'> & { parallel_tool_calls?: false } {
  const choice = request.tool_choice;
  if (choice == null) return {};
  if (choice.type === 'tool') checkIsThere(choice, request, tools);
  if (tools.length === 0) {
    if (choice.type !== 'none' && choice.type !== 'auto') notes.note('tool_choice', 'dropped');
    return {};
  }
  return {
    tool_choice: mapChoice(choice),
    ...(choice.disable_parallel_tool_use === true && { parallel_tool_calls: false }),
  };
}

function mapChoice({ type, name }: ToolChoiceParam): unknown {
  switch (type) {
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name } };
    case 'auto':
    case 'none':
      return type;
  }
}

function checkIsThere(
  { name = '' }: ToolChoiceParam,
  { tools: asked }: MessagesRequest,
  tools: readonly ChatTool[],
): void {
  if (tools.some((tool) => tool.function?.name === name)) return;
  const param = 'tool_choice.name';
  if (asked?.some((tool) => tool.name === name) !== true) {
    throw new ApiError('invalid_value', `There is no tool of the name '${name}'.`, { param });
  }
  throw new ApiError(
    'unsupported_parameter',
    `The tool '${name}' is Anthropic's own and cannot be used with this model.`,
    { param },
  );
}
