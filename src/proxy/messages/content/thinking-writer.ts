import type { ReasoningDetail } from '../../../providers/chat/reasoning.js';
import type { BlockWriter } from './block-writer.js';
import type { BlockDelta, ContentBlock } from '../messages-api.js';
import { ReasoningPieces } from './reasoning-pieces.js';
import { encodeReasoningState } from '../reasoning-state.js';

/**
 * Reasoning, and what its maker wants back with it. All that is told in one signature at the end:
 * Anthropic's own where it made exactly what the block shows, otherwise ours.
 */
export class ThinkingWriter implements BlockWriter {
  readonly isWhole = true;
  readonly #pieces = new ReasoningPieces();
  readonly #calls: Record<string, unknown> = {};
  #text = '';
  #pending = '';

  /** @param omitsText the client wants the signature only */
  constructor(private readonly omitsText: boolean) {}

  addText(text: string): void {
    this.#text += text;
    this.#pending += text;
  }

  addDetail(detail: ReasoningDetail): void {
    this.#pieces.add(detail);
  }

  /** `extra_content` of a tool call that follows. */
  addCall(id: string, extra: unknown): void {
    this.#calls[id] = extra;
  }

  /** Whether the piece, or a bare text, would be of another block: this one has been signed. */
  isClosedTo(detail?: ReasoningDetail): boolean {
    return this.#pieces.findSigned() !== undefined && !this.#pieces.continuesWith(detail);
  }

  start(): ContentBlock {
    return { type: 'thinking', thinking: '', signature: '' };
  }

  take(): BlockDelta[] {
    if (this.#pending === '' || this.omitsText) return [];
    const thinking = this.#pending;
    this.#pending = '';
    return [{ type: 'thinking_delta', thinking }];
  }

  end(): BlockDelta[] {
    // Some vendors tell the text in the pieces only.
    if (this.#text === '') this.addText(this.#pieces.text);
    return [...this.take(), { type: 'signature_delta', signature: this.#signature() }];
  }

  #signature(): string {
    const hasCalls = Object.keys(this.#calls).length > 0;
    const signed = this.#pieces.findSigned();
    const isAsShown = signed !== undefined && signed.text === this.#text && !this.omitsText;
    if (isAsShown && this.#pieces.all.length === 1 && !hasCalls) return signed.signature;
    const state = {
      ...(this.omitsText && this.#text !== '' && { text: this.#text }),
      ...(this.#pieces.all.length > 0 && { details: this.#pieces.all }),
      ...(hasCalls && { calls: this.#calls }),
    };
    return encodeReasoningState(state, this.omitsText ? '' : this.#text);
  }
}
