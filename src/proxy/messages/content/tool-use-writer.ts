import { randomUUID } from 'node:crypto';
import type { ChatToolCallDelta } from '../../../providers/chat/chat-api.js';
import type { BlockWriter } from './block-writer.js';
import { JsonEnd } from './json-end.js';
import type { BlockDelta, ContentBlock } from '../messages-answer-api.js';

/** A call of a tool. Others may begin before its arguments are complete; they have to wait. */
export class ToolUseWriter implements BlockWriter {
  readonly #end = new JsonEnd();
  #id: string | undefined;
  #name: string | undefined;
  #pending = '';
  /** Arguments that nobody has looked at for their end, because no other block was waiting. */
  #unread = '';

  add({ id, function: called }: ChatToolCallDelta): void {
    this.#id ??= id || undefined;
    this.#name ??= called?.name || undefined;
    const text = called?.arguments ?? '';
    this.#pending += text;
    this.#unread += text;
  }

  get id(): string | undefined {
    return this.#id;
  }

  /** Some vendors give every call of an answer the same index. */
  isOther({ id, function: called }: ChatToolCallDelta): boolean {
    return Boolean(id && called?.name && this.#id !== undefined && this.#id !== id);
  }

  start(isEnding: boolean): ContentBlock | undefined {
    if (!isEnding && (this.#id === undefined || this.#name === undefined)) return undefined;
    this.#id ??= `toolu_${randomUUID().replaceAll('-', '')}`;
    return { type: 'tool_use', id: this.#id, name: this.#name ?? '', input: {} };
  }

  take(): BlockDelta[] {
    if (this.#pending === '') return [];
    const json = this.#pending;
    this.#pending = '';
    return [{ type: 'input_json_delta', partial_json: json }];
  }

  get isWhole(): boolean {
    this.#end.read(this.#unread);
    this.#unread = '';
    return this.#end.reached;
  }

  end(): BlockDelta[] {
    return [];
  }
}
