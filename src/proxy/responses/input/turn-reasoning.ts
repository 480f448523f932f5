import type { ReasoningDetail } from '../../../providers/chat/reasoning.js';
import { mergeReasoningDetails } from '../merge-reasoning-details.js';
import { findReasoningState, type ReasoningState } from '../reasoning-state.js';
import type { ResponsesReasoning } from '../responses-api.js';
import type { Translation } from './convert-parts.js';

/** The reasoning items of one turn, as the members of the message that the turn becomes. */
export class TurnReasoning {
  #text = '';
  readonly #states: ReasoningState[] = [];

  add(item: ResponsesReasoning, translation: Translation, path: string): void {
    this.#text += textOf(item);
    const encrypted = item.encrypted_content;
    if (encrypted == null || encrypted === '') return;
    const state = findReasoningState(encrypted);
    if (state !== undefined) this.#states.push(state);
    else translation.note('input.encrypted_content', 'dropped', `${path}.encrypted_content`);
  }

  get members(): { reasoning_content?: string; reasoning_details?: ReasoningDetail[] } {
    const details = this.#details();
    return {
      ...(this.#text !== '' && { reasoning_content: this.#text }),
      ...(details.length > 0 && { reasoning_details: details }),
    };
  }

  /** What has to go back with a call, when anything has. */
  findExtraContent(callId: string): unknown {
    return this.#states.find(({ calls }) => calls && Object.hasOwn(calls, callId))?.calls?.[callId];
  }

  /** Dense from 0 again: a turn may be made of several responses. */
  #details(): ReasoningDetail[] {
    const byResponse = Map.groupBy(this.#states, ({ response }) => response);
    return [...byResponse.values()]
      .flatMap((states) => mergeReasoningDetails(states.flatMap(({ details }) => details ?? [])))
      .map((detail, index) => ({ ...detail, index }));
  }
}

/** The reasoning itself where there is one, else what was told of it. */
function textOf({ content, summary }: ResponsesReasoning): string {
  if (content != null && content.length > 0) return content.map(({ text }) => text).join('');
  return (summary ?? []).map(({ text }) => text).join('\n\n');
}
