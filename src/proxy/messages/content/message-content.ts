import type { ChatToolCallDelta } from '../../../providers/chat/chat-api.js';
import type { ReasoningDetail } from '../../../providers/chat/reasoning.js';
import { RedactedThinkingWriter, TextWriter, type BlockWriter } from './block-writer.js';
import type { BlockEvent } from '../messages-answer-api.js';
import { ThinkingWriter } from './thinking-writer.js';
import { ToolUseWriter } from './tool-use-writer.js';

const ANTHROPIC = 'anthropic-claude-v1';

/** What a canonical delta, or a whole canonical message, may bring. Vendors' own may lack any of it. */
export interface ContentDelta {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly reasoning_content?: string | null;
  readonly tool_calls?: readonly Partial<ChatToolCallDelta>[] | null;
  readonly [key: string]: unknown;
}

/**
 * Turns what a model says into blocks, of which only one is open at a time. What belongs to a later
 * block waits until the one before it is whole.
 */
export class MessageContent {
  /** Blocks that are not written to their end, the open one first. */
  readonly #blocks: BlockWriter[] = [];
  readonly #toolUses = new Map<number, ToolUseWriter>();
  #index = 0;
  #isOpen = false;
  #refusal = '';
  #hasToldReasoning = false;

  /** @param omitsThinking the client wants to be spared the text of the reasoning */
  constructor(private readonly omitsThinking: boolean) {}

  get hasToolUse(): boolean {
    return this.#toolUses.size > 0;
  }

  get refusal(): string {
    return this.#refusal;
  }

  add(delta: ContentDelta): void {
    // Some vendors call it `reasoning`; those who send both mean the same.
    const reasoning = delta.reasoning_content || delta['reasoning'];
    if (typeof reasoning === 'string' && reasoning !== '') this.#addReasoning(reasoning);
    const details = delta['reasoning_details'];
    if (Array.isArray(details)) for (const detail of details) this.#addDetail(detail);
    const calls = delta.tool_calls ?? [];
    calls.forEach((call, position) => this.#addExtra(call, call.index ?? position));
    if (delta.content) this.#text().add(delta.content);
    if (delta.refusal) {
      this.#refusal += delta.refusal;
      this.#text().add(delta.refusal);
    }
    calls.forEach((call, position) => this.#addToolUse(call, call.index ?? position));
  }

  /** What can be told by now; all that is left, when nothing more will come. */
  take(isEnding: boolean): BlockEvent[] {
    const events: BlockEvent[] = [];
    for (;;) {
      const block = this.#blocks[0];
      if (block === undefined || !this.#open(block, isEnding, events)) return events;
      this.#tell(block.take(), events);
      const isOver = isEnding || (this.#blocks.length > 1 && block.isWhole);
      if (!isOver) return events;
      this.#tell(block.end(), events);
      events.push({ type: 'content_block_stop', index: this.#index });
      this.#blocks.shift();
      this.#index += 1;
      this.#isOpen = false;
    }
  }

  #open(block: BlockWriter, isEnding: boolean, events: BlockEvent[]): boolean {
    if (this.#isOpen) return true;
    const start = block.start(isEnding);
    if (start === undefined) return false;
    events.push({ type: 'content_block_start', index: this.#index, content_block: start });
    this.#isOpen = true;
    return true;
  }

  #tell(deltas: ReturnType<BlockWriter['take']>, events: BlockEvent[]): void {
    for (const delta of deltas) {
      events.push({ type: 'content_block_delta', index: this.#index, delta });
    }
  }

  #text(): TextWriter {
    const last = this.#blocks.at(-1);
    return last instanceof TextWriter ? last : this.#begin(new TextWriter());
  }

  #thinking(detail?: ReasoningDetail): ThinkingWriter {
    const last = this.#blocks.at(-1);
    return last instanceof ThinkingWriter && !last.isClosedTo(detail)
      ? last
      : this.#begin(
          new ThinkingWriter({
            omitsText: this.omitsThinking,
            tellsPieces: !this.#hasToldReasoning,
          }),
        );
  }

  #begin<T extends BlockWriter>(block: T): T {
    this.#blocks.push(block);
    return block;
  }

  #addReasoning(text: string): void {
    this.#thinking().addText(text);
    this.#hasToldReasoning = true;
  }

  #addDetail(detail: unknown): void {
    if (typeof detail !== 'object' || detail === null) return;
    const piece = detail as ReasoningDetail;
    const isHidden = piece.type === 'reasoning.encrypted' && piece.format === ANTHROPIC;
    if (isHidden && piece.data) this.#begin(new RedactedThinkingWriter(piece.data));
    else this.#thinking(piece).addDetail(piece);
  }

  /** A block ahead of the call carries it, because a call has no place for it. */
  #addExtra(call: Partial<ChatToolCallDelta>, index: number): void {
    const extra = call['extra_content'];
    const id = call.id || this.#toolUses.get(index)?.id;
    if (extra != null && id) this.#thinking().addCall(id, extra);
  }

  #addToolUse(call: Partial<ChatToolCallDelta>, index: number): void {
    const delta = call as ChatToolCallDelta;
    const known = this.#toolUses.get(index);
    if (known !== undefined && !known.isOther(delta)) return known.add(delta);
    const toolUse = this.#begin(new ToolUseWriter());
    this.#toolUses.set(index, toolUse);
    toolUse.add(delta);
  }
}
