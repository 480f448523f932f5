import type { ReasoningDetail } from '../../../providers/chat/reasoning.js';
import { mergeReasoningDetails } from '../merge-reasoning-details.js';
import { convertToEncryptedContent } from '../reasoning-state.js';
import type { ResponsesItem } from '../responses-api.js';
import type { ItemEvents } from './item-events.js';
import type { OutputItem } from './output-item.js';

export interface ReasoningSettings {
  readonly responseId: string;
  /** The client asked for `reasoning.encrypted_content`: without it, it would throw the item away. */
  readonly alwaysEncrypted: boolean;
}

const SUMMARY = { summary_index: 0 };

/** Reasoning as its summary, and what its maker wants back as its encrypted content. */
export class ReasoningItem implements OutputItem {
  readonly isWhole = true;
  value: ResponsesItem | undefined;
  readonly #details: ReasoningDetail[] = [];
  readonly #calls = new Map<string, unknown>();
  #text: string | undefined;

  constructor(
    readonly events: ItemEvents,
    private readonly settings: ReasoningSettings,
  ) {
    events.added(this.#item());
  }

  addText(delta: string): void {
    if (this.#text === undefined) {
      this.#push('reasoning_summary_part.added', { part: summaryText('') });
    }
    this.#text = (this.#text ?? '') + delta;
    this.#push('reasoning_summary_text.delta', { delta });
  }

  addDetails(details: readonly ReasoningDetail[]): void {
    this.#details.push(...details);
  }

  addExtraContent(callId: string, extraContent: unknown): void {
    this.#calls.set(callId, extraContent);
  }

  close(): void {
    const text = this.#text;
    if (text !== undefined) {
      this.#push('reasoning_summary_text.done', { text });
      this.#push('reasoning_summary_part.done', { part: summaryText(text) });
    }
    this.value = { ...this.#item(), ...this.#encryptedContent() };
    this.events.done(this.value);
  }

  #encryptedContent(): { encrypted_content?: string } {
    const details = mergeReasoningDetails(this.#details);
    const hasState = details.length > 0 || this.#calls.size > 0;
    if (!hasState && !this.settings.alwaysEncrypted) return {};
    return {
      encrypted_content: convertToEncryptedContent({
        response: this.settings.responseId,
        ...(details.length > 0 && { details }),
        ...(this.#calls.size > 0 && { calls: Object.fromEntries(this.#calls) }),
      }),
    };
  }

  #push(name: string, members: object): void {
    this.events.push(name, { ...SUMMARY, ...members });
  }

  #item(): ResponsesItem {
    const summary = this.#text === undefined ? [] : [summaryText(this.#text)];
    return { id: this.events.id, type: 'reasoning', summary };
  }
}

function summaryText(text: string): { type: 'summary_text'; text: string } {
  return { type: 'summary_text', text };
}
