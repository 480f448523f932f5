import type { ChatCompletionRequest } from '../chat/chat-api.js';
import type { Target } from '../contract/target.js';
import type { TranslationReport } from '../contract/translation.js';
import type {
  AnthropicRequest,
  AnthropicTool,
  AnthropicToolChoice,
  TextBlock,
  Turn,
} from './anthropic-api.js';
import { findModelFamily } from './anthropic-models.js';
import type { AnswerForm } from './answer-form.js';
import { convertAccountFields } from './convert-account-fields.js';
import { convertMessages } from './convert-messages.js';
import { choiceWithAnswerTool, convertOutputFormat } from './convert-output-format.js';
import { convertSampling } from './convert-sampling.js';
import { convertThinking } from './convert-thinking.js';
import { convertToolChoice, forcesCall } from './convert-tool-choice.js';
import { convertTools } from './convert-tools.js';
import { limitCacheMarks } from './limit-cache-marks.js';
import { moderniseFunctions } from './modernise-functions.js';
import { noteTheRest } from './note-the-rest.js';
import { invalidValue } from '../contract/refusals.js';

const FILES_BETA = 'files-api-2025-04-14';

export interface AnthropicCall {
  readonly body: AnthropicRequest;
  /** How the answer has to be read back. */
  readonly form: AnswerForm;
  /** Features that the request uses and that have to be asked for in a header. */
  readonly betas: readonly string[];
}

/** How the request is written. Throws a `ProviderError` for what Anthropic cannot do. */
export function convertToAnthropicRequest(
  request: ChatCompletionRequest,
  target: Pick<Target, 'model' | 'translation' | 'maxOutputTokens'>,
): AnthropicCall {
  const { translation, maxOutputTokens: ceiling } = target;
  if (!Array.isArray(request.messages) || request.messages.length === 0) {
    throw invalidValue('messages', 'must be a list with at least one message');
  }
  noteTheRest(request, translation);
  const family = findModelFamily(target.model);
  const { body, usesFunctions } = moderniseFunctions(request, translation);

  const { tools, customTools } = convertTools(body, family, translation);
  const format = convertOutputFormat(body, family, translation);
  const offer = offerTools(body, tools, format.tool, translation);
  const { thinking, effort } = convertThinking(
    body,
    { family, ceiling, forcesCall: forcesCall(offer.tool_choice) },
    translation,
  );
  const isThinking = thinking !== undefined && thinking.type !== 'disabled';
  const keepsThinking = isThinking || (family.thinking === 'adaptive' && thinking === undefined);
  const { system, turns } = convertMessages(body.messages, keepsThinking, translation);
  const budget = thinking?.type === 'enabled' ? thinking.budget_tokens : 0;

  const converted: AnthropicRequest = {
    model: target.model,
    ...convertSampling(body, { family, isThinking, budget, ceiling }, translation),
    ...(system.length > 0 && { system: plainest(system) }),
    messages: turns,
    ...(offer.tools.length > 0 ? offer : declareCalledTools(turns)),
    ...(thinking && { thinking }),
    ...outputConfigOf(effort, format.schema),
    ...convertAccountFields(body, translation),
  };
  limitCacheMarks(converted, translation);
  return {
    body: converted,
    form: { answerTool: format.tool?.name, customTools, usesFunctions },
    betas: usesFiles(turns) ? [FILES_BETA] : [],
  };
}

interface ToolOffer {
  readonly tools: AnthropicTool[];
  readonly tool_choice?: AnthropicToolChoice;
}

/** The client's tools, and the one through which the answer comes. */
function offerTools(
  body: ChatCompletionRequest,
  given: AnthropicTool[],
  answer: AnthropicTool | undefined,
  translation: TranslationReport,
): ToolOffer {
  const { choice, tools } = convertToolChoice(body, given, translation);
  if (!answer) return { tools, ...(choice && { tool_choice: choice }) };
  return {
    tools: [...tools, answer],
    tool_choice: choiceWithAnswerTool(choice, answer, tools.length > 0),
  };
}

/** Calls in the history need their tools, also when the client offers none any more. */
function declareCalledTools(turns: readonly Turn[]): Partial<ToolOffer> {
  const names = new Set<string>();
  for (const { content } of turns) {
    for (const block of content) if (block.type === 'tool_use') names.add(block.name);
  }
  if (names.size === 0) return {};
  const tools = [...names].map((name) => ({ name, input_schema: { type: 'object' } }));
  return { tools, tool_choice: { type: 'none' } };
}

function outputConfigOf(
  effort: string | undefined,
  schema: Readonly<Record<string, unknown>> | undefined,
): Pick<AnthropicRequest, 'output_config'> {
  if (effort === undefined && schema === undefined) return {};
  return {
    output_config: {
      ...(effort !== undefined && { effort }),
      ...(schema && { format: { type: 'json_schema', schema } }),
    },
  };
}

function plainest(system: TextBlock[]): string | TextBlock[] {
  const [only] = system;
  return system.length === 1 && only && !only.cache_control ? only.text : system;
}

function usesFiles(turns: readonly Turn[]): boolean {
  return turns.some(({ content }) =>
    content.some((block) => block.type === 'document' && block.source.type === 'file'),
  );
}
