import type { ChatChunkWriter } from '../chat/chat-chunk-writer.js';
import type { ChatDelta } from '../chat/chat.js';
import { isObject } from '../openai-compatible/openai-api.js';
import { convertGrounding, countSearches } from './convert-grounding.js';
import { convertLogprobs } from './convert-logprobs.js';
import type { GeminiAnswerCall, GeminiCandidate } from './gemini-api.js';
import { mapGeminiFinishReason } from './map-gemini-finish-reason.js';
import { PartialArguments } from './partial-arguments.js';
import { idOf, piecesOf, textOf, type AnswerPiece } from './read-gemini-answer.js';
import { REASONING_FORMAT, toExtraContent } from './signatures.js';

/** Writes what a stream says of one candidate. */
export class GeminiChoiceWriter {
  finishReason: unknown;
  searches = 0;
  /** Something was written. */
  hasContent = false;
  #text = '';
  #calls = 0;
  #images = 0;
  #details = 0;
  #open: PartialArguments | undefined;
  /** The last one told holds: it covers the whole text. */
  #grounded: GeminiCandidate | undefined;

  constructor(
    private readonly writer: ChatChunkWriter,
    private readonly choice: number,
  ) {}

  write(candidate: GeminiCandidate): ChatDelta[] {
    const chunks: ChatDelta[] = [];
    const logprobs = convertLogprobs(candidate.logprobsResult);
    const pieces = piecesOf(candidate);
    for (const piece of pieces) this.#writePiece(piece, chunks);
    if (logprobs) chunks.push(this.writer.logprobs('', logprobs, this.choice));
    if (candidate.groundingMetadata || candidate.citationMetadata) {
      this.#grounded = candidate;
      this.searches = countSearches(candidate);
    }
    this.finishReason = candidate.finishReason ?? this.finishReason;
    this.hasContent ||= chunks.length > 0;
    return chunks;
  }

  /** What is left when the stream is over. */
  end(): ChatDelta[] {
    const chunks = this.#closeCall();
    const citations = this.#grounded ? convertGrounding(this.#grounded, this.#text) : [];
    if (citations.length > 0) {
      const annotations = citations.map((citation, index) => ({ index, ...citation }));
      chunks.push(this.writer.delta({ annotations }, 0, this.choice));
    }
    const reason = mapGeminiFinishReason(this.finishReason, this.#calls > 0);
    return [...chunks, this.writer.finish(reason, this.choice)];
  }

  #writePiece(piece: AnswerPiece, chunks: ChatDelta[]): void {
    const { writer, choice } = this;
    const { signature } = piece;
    if (piece.kind === 'call') {
      this.#writeCall(piece.call, signature, chunks);
      return;
    }
    chunks.push(...this.#closeCall());
    if (piece.kind === 'image') {
      const image = { image_url: { url: piece.url }, index: this.#images };
      this.#images += 1;
      chunks.push(writer.images([{ type: 'image_url', ...image }], choice));
    } else if (piece.kind === 'thought') {
      if (piece.text !== '') chunks.push(writer.reasoning(piece.text, choice));
    } else if (piece.text !== '') {
      this.#text += piece.text;
      chunks.push(writer.text(piece.text, choice));
    }
    if (signature === undefined) return;
    const index = this.#details;
    this.#details += 1;
    chunks.push(
      writer.reasoningDetail(
        { type: 'reasoning.encrypted', data: signature, format: REASONING_FORMAT, index },
        choice,
      ),
    );
  }

  /** A call without a name goes on with the one before it. */
  #writeCall(call: GeminiAnswerCall, signature: string | undefined, chunks: ChatDelta[]): void {
    const name = textOf(call.name);
    if (name !== undefined) {
      chunks.push(...this.#closeCall());
      const willContinue = call.willContinue === true;
      const extraContent = toExtraContent(signature);
      const started = { index: this.#calls, id: idOf(call), name, extraContent };
      this.#calls += 1;
      if (!willContinue && !Array.isArray(call.partialArgs)) {
        const text = isObject(call.args) ? JSON.stringify(call.args) : '{}';
        chunks.push(this.writer.toolCall({ ...started, arguments: text }, this.choice));
        return;
      }
      chunks.push(this.writer.toolCall(started, this.choice));
      this.#open = new PartialArguments();
    }
    if (isObject(call.args)) this.#open?.addWhole(call.args);
    this.#open?.add(call.partialArgs);
    if (call.willContinue !== true) chunks.push(...this.#closeCall());
  }

  #closeCall(): ChatDelta[] {
    const open = this.#open;
    if (!open) return [];
    this.#open = undefined;
    return [this.writer.toolArguments(this.#calls - 1, open.toString(), this.choice)];
  }
}
