import type { Breaches } from './breaches.js';
import { parseData, type SentRecord } from './sent-records.js';

interface ToolCallDelta {
  index?: number;
  id?: string;
  type?: string;
  function?: { name?: string | null; arguments?: string | null };
}

interface Choice {
  index?: number;
  delta?: { role?: string; content?: unknown; tool_calls?: ToolCallDelta[] | null };
  text?: string;
  finish_reason?: string | null;
}

interface Chunk {
  [member: string]: unknown;
  choices?: Choice[];
  usage?: object | null;
}

const FINISH_REASONS = new Set(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']);

export interface ChatForm {
  readonly object: 'chat.completion.chunk' | 'text_completion';
  /** Whether the client asked for `stream_options.include_usage`. */
  readonly wantsUsage: boolean;
}

/** Checks the stream of a chat completion, or of one of the older completions, from end to end. */
export function checkChatGrammar(
  records: readonly SentRecord[],
  form: ChatForm,
  breaches: Breaches,
): void {
  const last = records.at(-1);
  breaches.check(last?.data === '[DONE]', 'ends with [DONE]', last?.data);
  breaches.check(records.filter(({ data }) => data === '[DONE]').length < 2, 'one [DONE]');
  breaches.check(
    records.every(({ event }) => event === undefined),
    'no event names',
  );
  const chunks = records
    .filter(({ data }) => data !== '[DONE]')
    .flatMap(({ data }): Chunk[] => {
      const chunk = parseData(data, breaches);
      return chunk === undefined ? [] : [chunk];
    });
  checkEnvelopes(chunks, form, breaches);
  checkUsage(chunks, form, breaches);

  const choices = new Map<number, ChoiceReader>();
  for (const choice of chunks.flatMap((chunk) => chunk.choices ?? [])) {
    const index = choice.index ?? -1;
    breaches.check(index <= choices.size && index >= 0, 'dense indexes of choices', choice.index);
    const reader = choices.get(index) ?? new ChoiceReader(form, breaches);
    choices.set(index, reader);
    reader.read(choice);
  }
  for (const reader of choices.values()) reader.end();
  breaches.check(choices.size > 0, 'a choice');
}

function checkEnvelopes(chunks: readonly Chunk[], form: ChatForm, breaches: Breaches): void {
  for (const member of ['id', 'created', 'model', 'object']) {
    const values = [...new Set(chunks.map((chunk) => chunk[member]))];
    breaches.check(values.length === 1, `constant ${member}`, values);
  }
  for (const { id, created, model, object, choices } of chunks) {
    breaches.check(typeof id === 'string' && id !== '', 'id', id);
    breaches.check(typeof model === 'string' && model !== '', 'model', model);
    // Milliseconds would be a thousand times as many.
    const isTime = Number.isInteger(created) && (created as number) < 1e11;
    breaches.check(isTime && (created as number) > 1e9, 'created in seconds', created);
    breaches.check(object === form.object, 'object', object);
    breaches.check(Array.isArray(choices), 'a list of choices', choices);
  }
}

function checkUsage(chunks: readonly Chunk[], { wantsUsage }: ChatForm, breaches: Breaches): void {
  const told = chunks.filter(({ usage }) => usage != null);
  if (!wantsUsage) {
    const alone = chunks.filter(({ choices, usage }) => choices?.length === 0 && usage != null);
    breaches.check(alone.length === 0, 'no chunk of usage that nobody asked for', alone[0]);
    return;
  }
  breaches.check(told.length === 1, 'usage once', told.length);
  breaches.check(chunks.at(-1)?.usage != null, 'usage in the last chunk', chunks.at(-1));
  breaches.check(told.at(-1)?.choices?.length === 0, 'usage in a chunk of its own', told.at(-1));
  breaches.check(
    chunks.every((chunk) => 'usage' in chunk),
    'usage is null before it is known',
  );
}

/** What has been told of one choice. */
class ChoiceReader {
  #isBegun = false;
  #finishReason: string | null | undefined;
  readonly #calls: string[] = [];

  constructor(
    private readonly form: ChatForm,
    private readonly breaches: Breaches,
  ) {}

  read({ delta, text, finish_reason: reason }: Choice): void {
    const { breaches } = this;
    breaches.check(this.#finishReason == null, 'nothing after the finish', { delta, text, reason });
    if (reason != null) {
      breaches.check(FINISH_REASONS.has(reason), 'a documented finish reason', reason);
      this.#finishReason = reason;
    }
    if (this.form.object === 'text_completion') {
      breaches.check(typeof text === 'string', 'text', text);
      return;
    }
    breaches.check(typeof delta === 'object' && delta !== null, 'delta', delta);
    this.#readRole(delta?.role);
    const isText = delta?.content == null || typeof delta.content === 'string';
    breaches.check(isText, 'content is text', delta?.content);
    for (const call of delta?.tool_calls ?? []) this.#readCall(call);
  }

  end(): void {
    const { breaches } = this;
    breaches.check(this.#finishReason != null, 'a finish for each choice');
    const called = this.#calls.length > 0;
    breaches.check(!called || this.#finishReason !== 'stop', 'calls are told by the finish reason');
    for (const text of this.#calls) {
      breaches.check(isJsonObject(text), 'arguments of a call are an object', text);
    }
  }

  #readRole(role: string | undefined): void {
    const isFirst = !this.#isBegun;
    this.#isBegun = true;
    if (isFirst) this.breaches.check(role === 'assistant', 'role in the first delta', role);
    else this.breaches.check(role === undefined, 'role once', role);
  }

  #readCall({ index, id, type, function: called }: ToolCallDelta): void {
    const { breaches } = this;
    const isDense = index !== undefined && index >= 0 && index <= this.#calls.length;
    breaches.check(isDense, 'dense indexes of calls', index);
    const place = index ?? 0;
    if (this.#calls[place] === undefined) {
      const isWhole = Boolean(id) && type === 'function' && Boolean(called?.name);
      breaches.check(isWhole, 'a call begins with id, type and name', { id, type, called });
      this.#calls[place] = '';
    } else {
      const again = id ?? type ?? called?.name ?? undefined;
      breaches.check(again === undefined, 'id, type and name of a call once', { id, type, called });
    }
    this.#calls[place] += called?.arguments ?? '';
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
