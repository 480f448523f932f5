import type { ChatTool } from '../../../providers/chat/chat-api.js';
import type { ResponsesItem, ResponsesToolCall } from '../responses-api.js';
import { LOCAL_SHELL } from '../tool-names.js';

/** The shell that a client runs itself, as a function of any model's. Its arguments are its action. */
export const LOCAL_SHELL_FUNCTION: ChatTool = {
  type: 'function',
  function: {
    name: LOCAL_SHELL,
    description: 'Runs a command on the machine of the user and returns its output.',
    parameters: {
      type: 'object',
      properties: {
        command: {
          type: 'array',
          items: { type: 'string' },
          description: 'The program and its arguments, such as ["bash", "-lc", "ls"].',
        },
        working_directory: { type: 'string' },
        timeout_ms: { type: 'integer' },
      },
      required: ['command'],
    },
  },
};

/** An earlier call as one of that function. */
export function convertShellCall(item: ResponsesItem): ResponsesToolCall {
  const { type: _type, ...action } = item['action'] as Record<string, unknown>;
  const given = Object.entries(action).filter(([, value]) => value != null);
  return {
    type: 'function_call',
    call_id: item['call_id'] as string,
    name: LOCAL_SHELL,
    arguments: JSON.stringify(Object.fromEntries(given)),
  };
}
