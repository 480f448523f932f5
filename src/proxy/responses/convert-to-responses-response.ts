import type { ChatCompletion } from '../../providers/chat/chat-api.js';
import { findLogprobs } from './find-logprobs.js';
import { mapFinishReason } from './map-finish-reason.js';
import { ResponseOutput } from './output/response-output.js';
import {
  outputSettingsOf,
  wrapResponse,
  type AnswerContext,
  type AnswerEnd,
} from './response-envelope.js';
import type { ResponsesResponse } from './responses-api.js';

/** A whole chat answer as a response; of several choices the first, because there can be but one. */
export function convertToResponsesResponse(
  completion: ChatCompletion,
  context: AnswerContext,
  end: AnswerEnd,
): ResponsesResponse {
  const choice = completion.choices.find(({ index }) => index === 0) ?? completion.choices[0];
  const state = mapFinishReason(choice?.finish_reason);
  const output = new ResponseOutput(outputSettingsOf(context));
  if (choice !== undefined) {
    const { tool_calls: calls, ...message } = choice.message;
    output.add(
      {
        ...message,
        ...(calls && { tool_calls: calls.map((call, index) => ({ ...call, index })) }),
      },
      findLogprobs(choice.logprobs),
    );
  }
  output.finish(state.status === 'incomplete');
  return wrapResponse(
    context,
    {
      ...state,
      error: null,
      model: completion.model || context.request.model,
      output: output.items,
      serviceTier: completion.service_tier,
    },
    end,
  );
}
