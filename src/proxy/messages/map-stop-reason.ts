import type { StopDetails, StopReason } from './messages-answer-api.js';

export interface Ending {
  readonly finishReason: string | null | undefined;
  /** The model called a tool, whatever reason it gives for having stopped. */
  readonly hasToolUse: boolean;
  /** The words of a refusal, if there was one. */
  readonly refusal: string;
}

/** Why a message ended. A call that the limit cut off is not to be carried out. */
export function mapStopReason({ finishReason, hasToolUse, refusal }: Ending): StopReason {
  if (finishReason === 'length') return 'max_tokens';
  if (finishReason === 'content_filter') return 'refusal';
  if (hasToolUse) return 'tool_use';
  return refusal === '' ? 'end_turn' : 'refusal';
}

/** Only a refusal has any. */
export function findStopDetails(ending: Ending): { stop_details?: StopDetails } {
  if (mapStopReason(ending) !== 'refusal') return {};
  return {
    stop_details: { type: 'refusal', category: null, explanation: ending.refusal || null },
  };
}
