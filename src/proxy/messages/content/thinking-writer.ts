import type { ReasoningDetail } from '../../../providers/chat/reasoning.js';
import type { BlockWriter } from './block-writer.js';
import type { BlockDelta, ContentBlock } from '../messages-answer-api.js';
import { ReasoningPieces } from './reasoning-pieces.js';
import { encodeReasoningState } from '../reasoning-state.js';

export interface ThinkingOptions {
  /** The client wants the signature only. */
  readonly omitsText: boolean;
  /** Nothing was said of the reasoning so far but what its pieces say. */
  readonly tellsPieces: boolean;
}

/**
 * Reasoning, and what its maker wants back with it. All that is told in one signature at the end:
 * Anthropic's own where it made exactly what the block shows, otherwise ours.
 */
export class ThinkingWriter implements BlockWriter {
  readonly isWhole = true;
  readonly #pieces = new ReasoningPieces();
  readonly #calls = new Map<string, unknown>();
  #text = '';
  #pending = '';

  constructor(private readonly options: ThinkingOptions) {}

  addText(text: string): void {
    this.#text += text;
    this.#pending += text;
  }

  addDetail(detail: ReasoningDetail): void {
    this.#pieces.add(detail);
  }

  /** `extra_content` of a tool call that follows. */
  addCall(id: string, extra: unknown): void {
    this.#calls.set(id, extra);
  }

  /** Whether the piece, or a bare text, would be of another block: this one has been signed. */
  isClosedTo(detail?: ReasoningDetail): boolean {
    return this.#pieces.findSigned() !== undefined && !this.#pieces.continuesWith(detail);
  }

  start(): ContentBlock {
    return { type: 'thinking', thinking: '', signature: '' };
  }

  take(): BlockDelta[] {
    if (this.#pending === '' || this.options.omitsText) return [];
    const thinking = this.#pending;
    this.#pending = '';
    return [{ type: 'thinking_delta', thinking }];
  }

  end(): BlockDelta[] {
    if (this.#text === '' && this.options.tellsPieces) this.addText(this.#pieces.text);
    return [...this.take(), { type: 'signature_delta', signature: this.#signature() }];
  }

  #signature(): string {
    const { omitsText } = this.options;
    const { all } = this.#pieces;
    const signed = this.#pieces.findSigned();
    const isAsShown = signed !== undefined && signed.text === this.#text && !omitsText;
    if (isAsShown && all.length === 1 && this.#calls.size === 0) return signed.signature;
    const state = {
      ...(omitsText && this.#text !== '' && { text: this.#text }),
      ...(all.length > 0 && { details: all }),
      ...(this.#calls.size > 0 && { calls: Object.fromEntries(this.#calls) }),
    };
    return encodeReasoningState(state, omitsText ? '' : this.#text);
  }
}
