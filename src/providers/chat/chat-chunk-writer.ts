import { JsonDocument } from '../../common/json/json-document.js';
import type { TokenUsage } from '../contract/token-usage.js';
import type { ChatChunk, ChatDelta } from './chat.js';
import type {
  ChatChunkChoice,
  ChatCompletionChunk,
  FinishReason,
  GeneratedImage,
} from './chat-api.js';
import { convertToChatUsage } from './convert-to-chat-usage.js';
import type { ReasoningDetail } from './reasoning.js';

type Delta = ChatChunkChoice['delta'];

/** What all chunks of one answer share. */
export interface ChunkEnvelope {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly service_tier?: string;
  readonly system_fingerprint?: string;
}

export interface StartedToolCall {
  /** Dense from 0 within a choice. */
  readonly index: number;
  readonly id: string;
  readonly name: string;
  /** When the vendor gives them at once. */
  readonly arguments?: string;
  /** What has to come back with the call, such as a signature. */
  readonly extraContent?: unknown;
}

/**
 * Writes an answer as OpenAI streams one: the role once per choice, ids and names once per tool
 * call, one finish per choice, `usage: null` on every chunk but the last for those who asked.
 */
export class ChatChunkWriter {
  readonly #started = new Set<number>();
  readonly #finished = new Set<number>();

  /** @param wantsUsage `stream_options.include_usage` of the request */
  constructor(
    private readonly envelope: ChunkEnvelope,
    private readonly wantsUsage: boolean,
  ) {}

  /** Whether a choice has said why it stopped. */
  isFinished(choice = 0): boolean {
    return this.#finished.has(choice);
  }

  /** A chunk without content, which shows that the answer has begun. */
  start(choice = 0): ChatDelta {
    return this.#chunk(choice, { content: '' }, 0);
  }

  text(text: string, choice = 0): ChatDelta {
    return this.#chunk(choice, { content: text }, text.length);
  }

  refusal(text: string, choice = 0): ChatDelta {
    return this.#chunk(choice, { refusal: text }, text.length);
  }

  reasoning(text: string, choice = 0): ChatDelta {
    return this.#chunk(choice, { reasoning_content: text }, text.length);
  }

  /** A piece that has to come back as it is; its text must have been told by `reasoning`. */
  reasoningDetail(detail: ReasoningDetail, choice = 0): ChatDelta {
    return this.#chunk(choice, { reasoning_details: [detail] }, 0);
  }

  toolCall(call: StartedToolCall, choice = 0): ChatDelta {
    const text = call.arguments ?? '';
    return this.#chunk(
      choice,
      {
        tool_calls: [
          {
            index: call.index,
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: text },
            ...(call.extraContent !== undefined && { extra_content: call.extraContent }),
          },
        ],
      },
      text.length,
    );
  }

  toolArguments(index: number, text: string, choice = 0): ChatDelta {
    return this.#chunk(
      choice,
      { tool_calls: [{ index, function: { arguments: text } }] },
      text.length,
    );
  }

  images(images: readonly GeneratedImage[], choice = 0): ChatDelta {
    return this.#chunk(choice, { images }, 0);
  }

  /**
   * Members that only some vendors have, such as `annotations`.
   * @param characters of text, reasoning and tool arguments among them
   */
  delta(delta: Delta, characters = 0, choice = 0): ChatDelta {
    return this.#chunk(choice, delta, characters);
  }

  logprobs(text: string, logprobs: unknown, choice = 0): ChatDelta {
    return this.#chunk(choice, { content: text }, text.length, null, logprobs);
  }

  finish(reason: FinishReason, choice = 0): ChatDelta {
    this.#finished.add(choice);
    return this.#chunk(choice, {}, 0, reason);
  }

  /** The end of the answer: a chunk for those who asked, and the count itself. */
  usage(usage: TokenUsage): ChatChunk[] {
    const count: ChatChunk = { kind: 'usage', usage };
    if (!this.wantsUsage) return [count];
    const chunk = { ...this.#head(), choices: [], usage: convertToChatUsage(usage) };
    return [delta(chunk, 'only', 0), count];
  }

  #chunk(
    index: number,
    content: Delta,
    characters: number,
    finishReason: FinishReason | null = null,
    logprobs: unknown = null,
  ): ChatDelta {
    const isFirst = !this.#started.has(index);
    if (isFirst) this.#started.add(index);
    const choice: ChatChunkChoice = {
      index,
      delta: isFirst ? { role: 'assistant', ...content } : content,
      logprobs,
      finish_reason: finishReason,
    };
    const chunk = { ...this.#head(), choices: [choice] };
    return delta(this.wantsUsage ? { ...chunk, usage: null } : chunk, 'none', characters);
  }

  #head() {
    return { ...this.envelope, object: 'chat.completion.chunk' as const };
  }
}

function delta(chunk: ChatCompletionChunk, usage: 'none' | 'only', characters: number): ChatDelta {
  return { kind: 'delta', body: JsonDocument.fromValue(chunk), usage, characters };
}
