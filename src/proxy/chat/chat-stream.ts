import { errorEnvelope } from '../../common/errors/error-envelope.js';
import type { ApiError } from '../../common/errors/api-error.js';
import { findMember, scanObject, withMembers } from '../../common/json/json-text.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { AnswerEnd } from '../answer-stream.js';
import type { EventStream } from '../event-stream.js';
import { withCost } from '../with-cost.js';

/** A chunk in the client's own form, as far as it is looked into. */
export interface WrittenChunk extends Pick<ChatDelta, 'usage'> {
  readonly body: {
    readonly text: string;
    readonly value: { readonly choices: readonly { readonly finish_reason: string | null }[] };
  };
}

/** Writes a chat completion stream: chunks as the vendor wrote them, usage to those who asked for it. */
export class ChatStream {
  /** What looks like the last chunk waits for its cost, or for the next one to show that it was not. */
  #held: WrittenChunk | undefined;

  constructor(
    private readonly events: EventStream,
    private readonly wantsUsage: boolean,
  ) {}

  delta(delta: WrittenChunk): void {
    this.#release();
    if (mayBeLast(delta)) this.#held = delta;
    else this.events.send(delta.body.text);
  }

  /** The end of a whole answer; only to be called when it is in the ledger. */
  async complete(
    { costNanoUsd }: Pick<AnswerEnd, 'costNanoUsd'>,
    beforeLast?: () => Promise<void> | undefined,
  ): Promise<void> {
    const last = this.#lastChunks();
    const end = last.pop();
    if (end !== undefined) last.push(withCost(end, costNanoUsd));
    await this.events.end([...last, '[DONE]'], beforeLast);
  }

  /** The end of a broken answer: an error and no `[DONE]`, so that nobody takes it for whole. */
  async fail(error: ApiError): Promise<void> {
    this.#release();
    await this.events.end([JSON.stringify(errorEnvelope(error))]);
  }

  #lastChunks(): string[] {
    const held = this.#held;
    if (held === undefined || !this.#isWanted(held)) return [];
    const { text } = held.body;
    return this.wantsUsage && held.usage === 'beside' ? usageApart(text) : [text];
  }

  #release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    if (this.#isWanted(held)) this.events.send(held.body.text);
  }

  #isWanted(delta: WrittenChunk): boolean {
    return this.wantsUsage || delta.usage === 'beside';
  }
}

/** Some vendors count on every chunk; those in the middle of the answer must not be held back. */
function mayBeLast({ usage, body }: WrittenChunk): boolean {
  if (usage === 'none') return false;
  return usage === 'only' || body.value.choices.some((choice) => Boolean(choice.finish_reason));
}

/**
 * Who asks for the usage is promised a chunk without choices for it. Some vendors tell it with the
 * finish reason; all else of that chunk stays as it is, in both.
 */
function usageApart(text: string): string[] {
  const chunk = scanObject(text, { maxDepth: Number.MAX_SAFE_INTEGER });
  const usage = findMember(chunk, 'usage');
  if (usage === undefined || text[usage.valueStart] !== '{') return [text];
  return [withMembers(text, chunk, { usage: 'null' }), withMembers(text, chunk, { choices: '[]' })];
}
