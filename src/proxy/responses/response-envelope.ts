import { randomUUID } from 'node:crypto';
import type { TokenUsage } from '../../providers/contract/token-usage.js';
import { convertToResponsesUsage } from './convert-to-responses-usage.js';
import type { OutputSettings } from './output/response-output.js';
import type { ResponsesRequest, ResponsesResponse, ResponsesTool } from './responses-api.js';
import type { ToolNames } from './tool-names.js';

/** What a response says of the request that it answers. */
export interface AnswerContext {
  /** `resp_…`; the ids of its items are derived from it. */
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly request: ResponsesRequest;
  /** From the conversion of the request. */
  readonly tools: ToolNames;
  /** Whether the client can refer to the response later. */
  readonly isStored: boolean;
}

/** What is known when an answer has ended. */
export interface AnswerEnd {
  /** Absent when nobody counted. */
  readonly usage?: TokenUsage | undefined;
  /** Null when the model has no price. */
  readonly costNanoUsd?: number | null | undefined;
}

/** What differs between the states of a response. */
export type ResponseState = Pick<
  ResponsesResponse,
  'status' | 'model' | 'output' | 'error' | 'incomplete_details'
> & { readonly serviceTier?: string | null | undefined };

export function mintResponseId(): string {
  return `resp_${randomUUID().replaceAll('-', '')}`;
}

export function outputSettingsOf({ id, request, tools }: AnswerContext): OutputSettings {
  const alwaysEncrypted = request.include?.includes('reasoning.encrypted_content') ?? false;
  return { responseId: id, tools, alwaysEncrypted };
}

/**
 * A response with every member that clients rely on. What the request leaves open has the value
 * that the API documents as its default.
 */
export function wrapResponse(
  context: AnswerContext,
  state: ResponseState,
  end?: AnswerEnd,
): ResponsesResponse {
  const { id, createdAt, request, isStored } = context;
  const { status, error, incomplete_details, model, output } = state;
  return {
    id,
    object: 'response',
    created_at: createdAt,
    completed_at: status === 'completed' ? Math.floor(Date.now() / 1000) : null,
    status,
    background: false,
    error,
    incomplete_details,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request['max_tool_calls'] ?? null,
    model,
    output,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    presence_penalty: request['presence_penalty'] ?? 0,
    frequency_penalty: request['frequency_penalty'] ?? 0,
    prompt_cache_key: request['prompt_cache_key'] ?? null,
    reasoning: {
      effort: request.reasoning?.effort ?? null,
      summary: request.reasoning?.summary ?? null,
    },
    safety_identifier: request['safety_identifier'] ?? null,
    service_tier: state.serviceTier ?? end?.usage?.serviceTier ?? defaultTier(request, status),
    store: isStored,
    temperature: request.temperature ?? 1,
    text: {
      format: request.text?.format ?? { type: 'text' },
      verbosity: request.text?.verbosity ?? 'medium',
    },
    tool_choice: request.tool_choice ?? 'auto',
    tools: (request.tools ?? []).map(echoTool),
    top_logprobs: request.top_logprobs ?? 0,
    top_p: request.top_p ?? 1,
    truncation: request['truncation'] ?? 'disabled',
    usage: end?.usage === undefined ? null : convertToResponsesUsage(end.usage, end.costNanoUsd),
    user: request['user'] ?? null,
    metadata: request['metadata'] ?? {},
  };
}

function defaultTier(request: ResponsesRequest, status: string): unknown {
  return status === 'in_progress' ? (request['service_tier'] ?? 'auto') : 'default';
}

function echoTool(tool: ResponsesTool): ResponsesTool {
  if (tool.type !== 'function') return tool;
  return { ...tool, parameters: tool.parameters ?? null, strict: tool.strict ?? false };
}
