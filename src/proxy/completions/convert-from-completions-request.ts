import { ApiError } from '../../common/errors/api-error.js';
import type { ChatCompletionRequest } from '../../providers/chat/chat-api.js';
import type { CompletionRequest } from '../../providers/completions/completions-api.js';
import type { TranslationReport } from '../../providers/contract/translation.js';

/** What the older completions write when nobody says how much. */
export const DEFAULT_MAX_TOKENS = 16;

/** Members of a chat request that the older completions do not have: they may not slip through. */
const ONLY_OF_CHAT = [
  'messages',
  'max_completion_tokens',
  'top_logprobs',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'functions',
  'function_call',
  'modalities',
  'audio',
] as const;

/**
 * A valid request as a chat of one message. Members that mean the same there are taken along, known
 * or not: what becomes of them is told by whoever takes it from there.
 * @throws ApiError `unsupported_parameter` for what no chat can do
 * @throws ProviderError when the report is strict and something cannot be carried
 */
export function convertFromCompletionsRequest(
  request: CompletionRequest,
  report: TranslationReport,
): ChatCompletionRequest {
  const {
    prompt,
    suffix,
    echo,
    best_of: bestOf,
    logprobs,
    max_tokens: maxTokens,
    ...rest
  } = request;
  if (suffix) throw unsupported('suffix', 'a text after the gap');
  if (maxTokens === 0) throw unsupported('max_tokens', 'an answer without any tokens');
  const text = findPromptText(prompt);
  if (text === undefined) throw unsupported('prompt', 'anything but one text as a prompt');

  report.note('prompt', 'emulated');
  // The prompt itself is told from here, but nobody knows how likely it was.
  if (echo === true) report.note('echo', logprobs == null ? 'emulated' : 'approximated');
  if (bestOf != null && bestOf !== (request.n ?? 1)) report.note('best_of', 'dropped');
  if (logprobs != null) report.note('logprobs', 'mapped');
  for (const name of ONLY_OF_CHAT) {
    if (rest[name] != null) report.note(name, 'dropped');
    delete rest[name];
  }
  return {
    ...(rest as Omit<ChatCompletionRequest, 'messages'>),
    model: request.model,
    messages: [{ role: 'user', content: text }],
    max_tokens: maxTokens ?? DEFAULT_MAX_TOKENS,
    ...(logprobs != null && { logprobs: true, top_logprobs: logprobs }),
  };
}

/** The text of a prompt that is exactly one. */
export function findPromptText(prompt: CompletionRequest['prompt']): string | undefined {
  const text = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt;
  return typeof text === 'string' ? text : undefined;
}

function unsupported(param: string, what: string): ApiError {
  return new ApiError(
    'unsupported_parameter',
    `The provider of this model has no completions of its own, and its chat does not take ${what}.`,
    { param },
  );
}
