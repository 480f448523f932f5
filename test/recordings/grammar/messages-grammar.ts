import type { Breaches } from './breaches.js';
import { parseData, type SentRecord } from './sent-records.js';

interface Event {
  readonly type: string;
  readonly index?: number;
  readonly message?: Record<string, unknown> & { readonly content?: unknown[] };
  readonly content_block?: { readonly type: string; readonly id?: string; readonly name?: string };
  readonly delta?: { readonly type?: string; readonly partial_json?: string } & Record<
    string,
    unknown
  >;
  readonly usage?: Record<string, unknown>;
}

/** Of the blocks that grow; every other block is whole in its first event. */
const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
  mcp_tool_use: ['input_json_delta'],
  compaction: ['compaction_delta'],
};

/** Checks the stream of a message from end to end. */
export function checkMessagesGrammar(records: readonly SentRecord[], breaches: Breaches): void {
  const events = records.flatMap(({ event, data }) => {
    const value = parseData(data, breaches) as unknown as Event | undefined;
    if (value === undefined) return [];
    breaches.check(value.type === event, 'an event is named as its type', { event, data });
    return value.type === 'ping' ? [] : [value];
  });
  const frame = events.map(({ type }) => type).filter((type) => !type.startsWith('content_block_'));
  const expected = ['message_start', 'message_delta', 'message_stop'];
  breaches.check(frame.join() === expected.join(), 'start, delta and stop of a message', frame);
  breaches.check(events[0]?.type === 'message_start', 'begins with message_start');
  breaches.check(events.at(-1)?.type === 'message_stop', 'ends with message_stop');
  breaches.check(events.at(-2)?.type === 'message_delta', 'message_delta after all blocks');
  checkStart(events[0], breaches);
  checkDelta(events.at(-2), breaches);

  const blocks = new BlocksReader(breaches);
  for (const event of events) if (event.type.startsWith('content_block_')) blocks.read(event);
  blocks.end(events.at(-2)?.delta?.['stop_reason']);
}

function checkStart(event: Event | undefined, breaches: Breaches): void {
  const message = event?.message ?? {};
  const { id, type, role, model, stop_reason: reason, usage } = message as Record<string, unknown>;
  breaches.check(typeof id === 'string' && id.startsWith('msg_'), 'id of the message', id);
  breaches.check(type === 'message' && role === 'assistant', 'type and role of the message');
  breaches.check(typeof model === 'string' && model !== '', 'model of the message', model);
  breaches.check(reason === null && message['content'] !== undefined, 'the message begins open');
  breaches.check(hasCounts(usage, ['input_tokens', 'output_tokens']), 'usage at the start', usage);
}

function checkDelta(event: Event | undefined, breaches: Breaches): void {
  const { stop_reason: reason } = event?.delta ?? {};
  breaches.check(typeof reason === 'string' && reason !== '', 'a stop reason', reason);
  breaches.check(hasCounts(event?.usage, ['output_tokens']), 'usage at the end', event?.usage);
}

function hasCounts(usage: unknown, names: readonly string[]): boolean {
  const counts = (usage ?? {}) as Record<string, unknown>;
  return names.every((name) => Number.isInteger(counts[name]));
}

class BlocksReader {
  #count = 0;
  #open: { type: string; signatures: number; json: string } | undefined;
  #hasCalls = false;
  readonly #ids = new Set<string>();

  constructor(private readonly breaches: Breaches) {}

  read(event: Event): void {
    this.breaches.check(event.index === this.#count, 'dense indexes of blocks', event);
    switch (event.type) {
      case 'content_block_start':
        return this.#start(event);
      case 'content_block_delta':
        return this.#delta(event);
      case 'content_block_stop':
        return this.#stop();
      default:
        this.breaches.check(false, 'a documented event', event.type);
    }
  }

  end(stopReason: unknown): void {
    this.breaches.check(this.#open === undefined, 'every block is closed');
    const isTold = !this.#hasCalls || stopReason !== 'end_turn';
    this.breaches.check(isTold, 'calls are told by the stop reason', stopReason);
  }

  #start({ content_block: block }: Event): void {
    this.breaches.check(this.#open === undefined, 'one block is open at a time');
    this.#open = { type: block?.type ?? '', signatures: 0, json: '' };
    if (block?.type !== 'tool_use') return;
    this.#hasCalls = true;
    const isNew = Boolean(block.id) && !this.#ids.has(block.id ?? '');
    this.breaches.check(isNew && Boolean(block.name), 'a call has its own id and a name', block);
    this.#ids.add(block.id ?? '');
  }

  #delta({ delta }: Event): void {
    const { breaches } = this;
    const open = this.#open;
    breaches.check(open !== undefined, 'a delta belongs to an open block', delta);
    if (open === undefined) return;
    const isFitting = (DELTAS[open.type] ?? []).includes(delta?.type ?? '');
    breaches.check(isFitting, 'a delta fits its block', { block: open.type, delta });
    breaches.check(open.signatures === 0, 'a signature is once and last', delta);
    if (delta?.type === 'signature_delta') open.signatures += 1;
    open.json += delta?.partial_json ?? '';
  }

  #stop(): void {
    const open = this.#open;
    this.breaches.check(open !== undefined, 'a block is closed once');
    if (open?.type === 'thinking') {
      this.breaches.check(open.signatures === 1, 'thinking is signed');
    }
    if (open?.type === 'tool_use') {
      this.breaches.check(isObject(open.json || '{}'), 'input of a call is an object', open.json);
    }
    this.#open = undefined;
    this.#count += 1;
  }
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
