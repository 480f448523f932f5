import type { ChatCompletionRequest, ChatMessage } from '../../providers/chat/chat-api.js';
import { ApiError } from '../../common/errors/api-error.js';
import { convertInput } from './input/convert-input.js';
import type { Translation } from './input/convert-parts.js';
import { convertSettings } from './input/convert-settings.js';
import { convertTools } from './input/convert-tools.js';
import type { LocatedItem } from './input/resolve-input.js';
import type { ResponsesRequest } from './responses-api.js';
import { ToolNames } from './tool-names.js';

/** A request in the canonical form, and what is needed to tell its answer in the client's. */
export interface ConvertedRequest {
  readonly body: ChatCompletionRequest;
  readonly tools: ToolNames;
}

/**
 * @param items the conversation, from `resolveInput`
 * @param translation is told what the canonical form cannot carry; in strict mode it throws
 * @throws ApiError `unsupported_parameter`, `invalid_value`
 */
export function convertFromResponsesRequest(
  request: ResponsesRequest,
  items: readonly LocatedItem[],
  translation: Translation,
): ConvertedRequest {
  const names = new ToolNames();
  const tools = convertTools(request.tools ?? [], names, translation);
  const spoken = convertInput(items, translation);
  if (spoken.length === 0) {
    throw new ApiError('invalid_value', "Invalid value for 'input': it must not be empty.", {
      param: 'input',
    });
  }
  const settings = convertSettings(request, translation);
  const body: ChatCompletionRequest = {
    model: request.model,
    messages: [...instructionsOf(request), ...spoken],
    ...(tools.length > 0 ? { ...settings, tools } : withoutToolSettings(settings)),
  };
  return { body, tools: names };
}

function instructionsOf({ instructions }: ResponsesRequest): ChatMessage[] {
  return instructions == null ? [] : [{ role: 'system', content: instructions }];
}

/** Clients of the Responses API always send these; without a tool they mean nothing, and vendors refuse them. */
function withoutToolSettings({
  parallel_tool_calls: _parallel,
  tool_choice: choice,
  ...settings
}: Partial<ChatCompletionRequest>): Partial<ChatCompletionRequest> {
  if (choice === undefined || choice === 'auto' || choice === 'none') return settings;
  return { ...settings, tool_choice: choice };
}
