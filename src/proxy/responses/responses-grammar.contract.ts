import { expect } from 'vitest';
import type { ResponsesFrame } from './responses-stream.js';

interface Item {
  id: string;
  type: string;
  status?: string;
  call_id?: string;
  name?: string;
  arguments?: string;
  input?: string;
  summary?: { text: string }[];
  content?: Record<string, unknown>[];
  encrypted_content?: string;
}

export interface ToldEvent {
  type: string;
  sequence_number: number;
  output_index: number;
  item_id: string;
  content_index: number;
  summary_index: number;
  annotation_index: number;
  delta: string;
  item: Item;
  response: { status: string; output: Item[] } & Record<string, unknown>;
  [member: string]: unknown;
}

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed']);

export function readFrames(frames: readonly ResponsesFrame[]): ToldEvent[] {
  return frames.map(({ event, data }) => {
    expect(data).not.toMatch(/[\r\n]/);
    const told = JSON.parse(data) as ToldEvent;
    expect(told.type).toBe(event);
    return told;
  });
}

/**
 * Reads a whole stream as strictly as any client does and returns its items, joined from their
 * deltas. One item and one part are open at a time; everything is told from added to done.
 */
export function checkGrammar(frames: readonly ResponsesFrame[]): ToldEvent['response'] {
  const events = readFrames(frames);
  expect(events.map((event) => event.sequence_number)).toEqual([...events.keys()]);
  expect(events[0]?.type).toBe('response.created');
  expect(events[1]?.type).toBe('response.in_progress');
  expect(events.filter(({ type }) => TERMINAL.has(type))).toEqual([events.at(-1)]);

  const reader = new ItemsReader();
  const last = events.at(-1) as ToldEvent;
  for (const event of events.slice(2, -1)) {
    if (event.type === 'error') expect(last.type).toBe('response.failed');
    else reader.read(event);
  }
  if (last.type !== 'response.failed') expect(reader.open).toBeUndefined();
  expect(last.response.output).toEqual(reader.items);
  const ids = reader.items.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  return last.response;
}

class ItemsReader {
  readonly items: Item[] = [];
  open: ItemReader | undefined;

  read(event: ToldEvent): void {
    if (event.type === 'response.output_item.added') {
      expect(this.open).toBeUndefined();
      expect(event.output_index).toBe(this.items.length);
      this.open = new ItemReader(event.item);
      return;
    }
    expect(event.output_index).toBe(this.items.length);
    if (event.type === 'response.output_item.done') {
      expect(event.item).toEqual(this.open?.finished(event.item));
      this.items.push(event.item);
      this.open = undefined;
      return;
    }
    expect(event.item_id).toBe(this.open?.item.id);
    this.open?.read(event);
  }
}

/** What one item must have become, by its events. */
class ItemReader {
  #text: string | undefined;
  #isOpen = false;
  #doneText: unknown;
  readonly #annotations: unknown[] = [];

  constructor(readonly item: Item) {
    expect(item.call_id).not.toBe(item.id);
    if (item.type === 'message') expect(item).toMatchObject({ status: 'in_progress', content: [] });
    if (item.type === 'reasoning') expect(item.summary).toEqual([]);
  }

  read(event: ToldEvent): void {
    const name = event.type.replace('response.', '');
    switch (name) {
      case 'content_part.added':
      case 'reasoning_summary_part.added':
        return this.#begin(event);
      case 'output_text.delta':
      case 'refusal.delta':
      case 'reasoning_summary_text.delta':
        expect(this.#isOpen).toBe(true);
        this.#text += event.delta;
        return;
      case 'function_call_arguments.delta':
      case 'custom_tool_call_input.delta':
        expect(this.#doneText).toBeUndefined();
        this.#text = (this.#text ?? '') + event.delta;
        return;
      case 'output_text.annotation.added':
        expect(event.annotation_index).toBe(this.#annotations.length);
        this.#annotations.push(event['annotation']);
        return;
      case 'content_part.done':
      case 'reasoning_summary_part.done':
        expect(this.#doneText).toBe(this.#text);
        return this.#end(event);
      default:
        expect(name).toMatch(
          /^(output_text|refusal|reasoning_summary_text|function_call_arguments|custom_tool_call_input)\.done$/,
        );
        this.#doneText = event['text'] ?? event['refusal'] ?? event['arguments'] ?? event['input'];
        expect(this.#doneText).toBe(this.#text ?? '');
    }
  }

  finished(done: Item): Item {
    expect(this.#isOpen).toBe(false);
    const { encrypted_content: encrypted } = done;
    const status = done.status === undefined ? {} : { status: done.status };
    const state = encrypted === undefined ? {} : { encrypted_content: encrypted };
    if (done.type === 'function_call') return { ...this.item, ...status, arguments: this.#said };
    if (done.type === 'custom_tool_call') return { ...this.item, ...status, input: this.#said };
    if (done.type === 'message') expect(done.content).not.toEqual([]);
    return {
      ...this.item,
      ...status,
      ...state,
      ...(done.type === 'image_generation_call' && done),
    };
  }

  get #said(): string {
    expect(this.#doneText).toBeTypeOf('string');
    return this.#doneText as string;
  }

  #parts(): unknown[] {
    return (this.item.type === 'reasoning' ? this.item.summary : this.item.content) as unknown[];
  }

  #begin(event: ToldEvent): void {
    expect(this.#isOpen).toBe(false);
    expect(event.content_index ?? event.summary_index).toBe(this.#parts().length);
    const part = event['part'] as { text?: string; refusal?: string };
    expect(part.text ?? part.refusal).toBe('');
    this.#isOpen = true;
    this.#text = '';
    this.#doneText = undefined;
    this.#annotations.length = 0;
  }

  #end(event: ToldEvent): void {
    const part = event['part'] as Record<string, unknown>;
    expect(part['text'] ?? part['refusal']).toBe(this.#text);
    if (part['type'] === 'output_text') expect(part['annotations']).toEqual(this.#annotations);
    this.#parts().push(part);
    this.#isOpen = false;
  }
}
