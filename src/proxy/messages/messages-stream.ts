import type { ApiError } from '../../common/errors/api-error.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { ChatCompletionChunk } from '../../providers/chat/chat-api.js';
import type { TokenUsage } from '../../providers/contract/token-usage.js';
import { convertToMessagesUsage } from './convert-to-messages-usage.js';
import { findStopDetails, mapStopReason } from './map-stop-reason.js';
import { MessageContent } from './content/message-content.js';
import { convertToMessageId } from './message-id.js';
import type { StreamEvent } from './messages-answer-api.js';
import { convertToMessagesError } from './messages-error.js';

/** One record of the stream: the `event:` line and the JSON of the `data:` line. */
export interface MessagesEvent {
  readonly event: StreamEvent['type'];
  readonly data: string;
}

export interface MessagesStreamOptions {
  /** What the prompt is estimated at; the true count comes at the end. */
  readonly inputTokens: number;
  /** Named where the vendor names none. */
  readonly model: string;
  readonly omitsThinking?: boolean;
}

/** Keeps a silent connection open; allowed anywhere in a stream. */
export const PING: MessagesEvent = record({ type: 'ping' });

/**
 * Tells a stream of canonical chunks as Anthropic would: a message that starts at once, its blocks
 * one after the other, and the usage and the reason of the end when both are known.
 */
export class MessagesStream {
  readonly #content: MessageContent;
  #finishReason: string | null = null;
  #isStarted = false;
  #isOver = false;

  constructor(private readonly options: MessagesStreamOptions) {
    this.#content = new MessageContent(options.omitsThinking ?? false);
  }

  /** What a chunk adds to the stream; often nothing or one event. */
  delta({ body }: ChatDelta): MessagesEvent[] {
    if (this.#isOver) return [];
    const chunk = body.value;
    // A Messages request asks for one answer. Chunks without one tell the usage, or a filter's view.
    const choice = chunk.choices?.find(({ index }) => (index ?? 0) === 0);
    if (choice === undefined) return [];
    if (choice.delta) this.#content.add(choice.delta);
    this.#finishReason = choice.finish_reason ?? this.#finishReason;
    return [...this.#start(chunk), ...this.#content.take(false).map(record)];
  }

  /** The end of a whole answer. */
  finish(usage: TokenUsage): MessagesEvent[] {
    if (this.#isOver) return [];
    this.#isOver = true;
    const { hasToolUse, refusal } = this.#content;
    const ending = { finishReason: this.#finishReason, hasToolUse, refusal };
    return [
      ...this.#start(undefined),
      ...this.#content.take(true).map(record),
      record({
        type: 'message_delta',
        delta: {
          stop_reason: mapStopReason(ending),
          stop_sequence: null,
          ...findStopDetails(ending),
        },
        usage: convertToMessagesUsage(usage),
      }),
      record({ type: 'message_stop' }),
    ];
  }

  /** The end of a broken answer: the message is not closed, so that nobody takes it for whole. */
  fail(error: ApiError, requestId: string): MessagesEvent[] {
    if (this.#isOver) return [];
    this.#isOver = true;
    return [record(convertToMessagesError(error, requestId).body)];
  }

  #start(chunk: ChatCompletionChunk | undefined): MessagesEvent[] {
    if (this.#isStarted) return [];
    this.#isStarted = true;
    return [
      record({
        type: 'message_start',
        message: {
          id: convertToMessageId(chunk?.id ?? ''),
          type: 'message',
          role: 'assistant',
          model: chunk?.model || this.options.model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: {
            input_tokens: this.options.inputTokens,
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 0,
            output_tokens: 0,
          },
        },
      }),
    ];
  }
}

function record(event: StreamEvent): MessagesEvent {
  return { event: event.type, data: JSON.stringify(event) };
}
