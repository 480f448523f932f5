import type { ChatCompletionRequest } from '../../providers/chat/chat-api.js';
import { convertAutomaticCache } from './request/convert-automatic-cache.js';
import { convertMessages, convertSystem } from './request/convert-messages.js';
import { convertOutputFormat } from './request/convert-output-format.js';
import { convertThinking } from './request/convert-thinking.js';
import { convertToolChoice } from './request/convert-tool-choice.js';
import { convertTools } from './request/convert-tools.js';
import { convertUserId } from './request/convert-user-id.js';
import type { MessagesRequest } from './messages-api.js';
import type { Notes } from './request/recorded-notes.js';

/** What has a place in the canonical form. */
const CONVERTED: ReadonlySet<string> = new Set([
  'model',
  'max_tokens',
  'messages',
  'system',
  'stream',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'metadata',
  'service_tier',
  'thinking',
  'output_config',
  'output_format',
  'tools',
  'tool_choice',
  'cache_control',
]);

/**
 * A valid Messages request in the canonical form. What merely has another name there is not noted:
 * what becomes of it is told by whoever takes it from there.
 * @throws ApiError `invalid_value` or `unsupported_parameter`, with the JSON path
 * @throws ProviderError when `notes` are strict and something cannot be carried
 */
export function convertFromMessagesRequest(
  request: MessagesRequest,
  notes: Notes,
): ChatCompletionRequest {
  noteUnknown(request, notes);
  const tools = convertTools(request.tools ?? [], notes);
  const messages = [
    ...convertSystem(request.system, notes),
    ...convertMessages(request.messages, notes),
  ];
  convertAutomaticCache(request.cache_control, messages, notes);
  const stop = request.stop_sequences ?? [];
  return {
    model: request.model,
    messages,
    ...(request.max_tokens != null && { max_completion_tokens: request.max_tokens }),
    ...(request.stream === true && { stream: true, stream_options: { include_usage: true } }),
    ...(request.temperature != null && { temperature: request.temperature }),
    ...(request.top_p != null && { top_p: request.top_p }),
    ...(request.top_k != null && { top_k: request.top_k }),
    ...(stop.length > 0 && { stop }),
    ...convertUserId(request.metadata, notes),
    ...convertServiceTier(request),
    ...convertThinking(request, notes),
    ...convertOutputFormat(request, notes),
    ...(tools.length > 0 && { tools }),
    ...convertToolChoice(request, tools, notes),
  };
}

/** Whether the client wants to be spared the text of the reasoning, though not what belongs to it. */
export function omitsThinking(request: MessagesRequest): boolean {
  return request.thinking?.display === 'omitted';
}

function noteUnknown(request: MessagesRequest, notes: Notes): void {
  for (const [name, value] of Object.entries(request)) {
    if (value != null && !CONVERTED.has(name)) notes.note(name, 'dropped');
  }
}

function convertServiceTier({ service_tier: tier }: MessagesRequest) {
  if (tier == null) return {};
  return { service_tier: tier === 'auto' ? 'auto' : 'default' };
}
