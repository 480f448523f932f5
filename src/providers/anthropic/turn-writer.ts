import type { TranslationReport } from '../contract/translation.js';
import type {
  ContentBlock,
  RequestBlock,
  ThinkingBlock,
  ToolResultBlock,
  ToolUseBlock,
  Turn,
} from './anthropic-api.js';

const NOT_IN_AN_ID = /[^a-zA-Z0-9_-]/g;
const NO_RESULT = 'This call was not carried out.';

/**
 * Puts a conversation into turns and keeps Anthropic's rules for tool calls: ids of a limited form
 * that occur once, one result for each call, all of them at the start of the turn that follows.
 */
export class TurnWriter {
  readonly #turns: Turn[] = [];
  readonly #usedIds = new Set<string>();
  /** The client's ids of the calls whose results may come next, and what was sent in place of them. */
  #open = new Map<string, string>();
  /** Where in the current turn the next result goes. */
  #results = 0;

  constructor(private readonly translation: TranslationReport) {}

  get isEmpty(): boolean {
    return this.#turns.length === 0;
  }

  user(blocks: readonly RequestBlock[]): void {
    if (blocks.length > 0) this.#turn('user').content.push(...blocks);
  }

  assistant(
    thinking: readonly ThinkingBlock[],
    blocks: ReadonlyArray<ContentBlock | ToolUseBlock>,
  ): void {
    // Thinking alone is no turn: Anthropic wants something to have come of it.
    if (blocks.length === 0) return;
    // Calls of an earlier message of this turn are still to be answered.
    if (this.#turns.at(-1)?.role !== 'assistant') this.#closeCalls();
    const { content } = this.#turn('assistant');
    content.push(...thinking);
    for (const block of blocks) {
      if (block.type === 'tool_use') content.push({ ...block, id: this.#openCall(block.id) });
      else content.push(block);
    }
  }

  toolResult(result: ToolResultBlock, path: string): void {
    const id = this.#open.get(result.tool_use_id);
    if (id === undefined) return this.#orphan(result, path);
    this.#open.delete(result.tool_use_id);
    this.translation.note('messages.tool', 'mapped', path);
    this.#insertResult({ ...result, tool_use_id: id });
  }

  finish(): Turn[] {
    this.#closeCalls();
    const last = this.#turns.at(-1);
    // What the model shall go on from must not end in white space.
    const end = last?.role === 'assistant' ? last.content.at(-1) : undefined;
    if (end?.type === 'text') end.text = end.text.trimEnd();
    return this.#turns;
  }

  #turn(role: Turn['role']): Turn {
    const last = this.#turns.at(-1);
    if (last?.role === role) return last;
    const turn: Turn = { role, content: [] };
    this.#turns.push(turn);
    this.#results = 0;
    return turn;
  }

  #insertResult(result: ToolResultBlock): void {
    this.#turn('user').content.splice(this.#results, 0, result);
    this.#results += 1;
  }

  #openCall(clientId: string): string {
    const base = clientId.replace(NOT_IN_AN_ID, '_') || 'call';
    let id = base;
    for (let round = 2; this.#usedIds.has(id); round += 1) id = `${base}_${round}`;
    this.#usedIds.add(id);
    this.#open.set(clientId, id);
    return id;
  }

  #closeCalls(): void {
    for (const id of this.#open.values()) {
      this.translation.note('messages.tool', 'emulated', 'messages');
      this.#insertResult({
        type: 'tool_result',
        tool_use_id: id,
        content: NO_RESULT,
        is_error: true,
      });
    }
    this.#open = new Map();
  }

  /** A result that nothing asked for is told as text. */
  #orphan({ tool_use_id: id, content = '' }: ToolResultBlock, path: string): void {
    this.translation.note('messages.tool', 'approximated', path);
    const label: ContentBlock = { type: 'text', text: `Result of the tool call ${id}:` };
    const blocks: ContentBlock[] =
      typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    const told = blocks.filter((block) => block.type !== 'text' || block.text.trim() !== '');
    this.user([label, ...told]);
  }
}
