import OpenAI from 'openai';

/** What the official SDK made of an answer; the same for one answer and for a stream. */
export interface Reading {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string | null;
  /** As sent, without the `cost` that the gateway adds. */
  readonly usage: unknown;
  /** Chunks that carried usage and nothing else. */
  readonly usageChunks: number;
}

export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** An error the SDK raised as its own kind. */
export interface Refusal {
  readonly error: string;
  readonly status: number | undefined;
  readonly message: string;
  readonly code: unknown;
  readonly param: unknown;
  readonly type: unknown;
}

export interface ReadOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly user: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly requestId: string;
}

/** Fields that vendors add to the SDK's types. */
interface Parts {
  readonly content?: unknown;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly ToolCallPart[] | null;
}

interface ToolCallPart {
  readonly index?: number;
  readonly id?: string;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null };
}

/** Rejects only with what is not an error of the SDK: that would be a bug worth seeing. */
export async function readWithSdk(options: ReadOptions): Promise<Reading | Refusal> {
  const client = new OpenAI({ baseURL: options.baseUrl, apiKey: options.apiKey, maxRetries: 0 });
  try {
    return options.stream ? await readStream(client, options) : await readAnswer(client, options);
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    const { status, message, code, param, type } = error;
    return { error: error.constructor.name, status, message, code, param, type };
  }
}

async function readAnswer(client: OpenAI, options: ReadOptions): Promise<Reading> {
  const answer = await client.chat.completions.create(requestOf(options), headersOf(options));
  const reading = new ReadingBuilder();
  const choice = answer.choices[0];
  if (choice !== undefined) reading.add(choice.message, choice.finish_reason);
  return reading.build(answer.usage);
}

async function readStream(client: OpenAI, options: ReadOptions): Promise<Reading> {
  const stream = await client.chat.completions.create(
    {
      ...requestOf(options),
      stream: true,
      ...(options.includeUsage ? { stream_options: { include_usage: true } } : {}),
    },
    headersOf(options),
  );
  const reading = new ReadingBuilder();
  let usage: unknown;
  for await (const chunk of stream) {
    const choice = chunk.choices[0];
    if (choice !== undefined) reading.add(choice.delta, choice.finish_reason);
    else if (chunk.usage != null) reading.usageChunks += 1;
    usage = chunk.usage ?? usage;
  }
  return reading.build(usage);
}

function requestOf({ model, user }: ReadOptions) {
  return { model, user, messages: [{ role: 'user' as const, content: 'Play it again.' }] };
}

function headersOf({ requestId }: ReadOptions) {
  return { headers: { 'x-request-id': requestId } };
}

class ReadingBuilder {
  usageChunks = 0;
  readonly #toolCalls: ToolCall[] = [];
  #text = '';
  #reasoning = '';
  #refusal = '';
  #finishReason: string | null = null;

  add(parts: Parts, finishReason: string | null | undefined): void {
    this.#text += textOf(parts.content);
    this.#reasoning += parts.reasoning_content ?? parts.reasoning ?? '';
    this.#refusal += parts.refusal ?? '';
    this.#finishReason = finishReason ?? this.#finishReason;
    for (const [position, part] of (parts.tool_calls ?? []).entries()) {
      this.#addToolCall(part, part.index ?? position);
    }
  }

  build(usage: unknown): Reading {
    const counts = { ...(usage as Record<string, unknown> | undefined) };
    delete counts['cost'];
    return {
      text: this.#text,
      reasoning: this.#reasoning,
      refusal: this.#refusal,
      toolCalls: this.#toolCalls.filter((call) => call !== undefined),
      finishReason: this.#finishReason,
      usage: counts,
      usageChunks: this.usageChunks,
    };
  }

  #addToolCall(part: ToolCallPart, index: number): void {
    const call = (this.#toolCalls[index] ??= { id: '', name: '', arguments: '' });
    call.id ||= part.id ?? '';
    call.name ||= part.function?.name ?? '';
    call.arguments += part.function?.arguments ?? '';
  }
}

/** Mistral may send parts instead of text. */
function textOf(content: unknown): string {
  if (content == null) return '';
  return typeof content === 'string' ? content : JSON.stringify(content);
}
