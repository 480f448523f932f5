import type { ChatChunk } from '../chat/chat.js';
import { ChatChunkWriter } from '../chat/chat-chunk-writer.js';
import type { Target } from '../contract/target.js';
import { endedEarly, type StreamReader } from '../upstream/read-stream.js';
import type { ServerSentEvent } from '../upstream/upstream-call.js';
import { convertOllamaToolCalls } from './convert-ollama-tool-calls.js';
import { convertOllamaUsage } from './convert-ollama-usage.js';
import { mapOllamaFinishReason } from './map-ollama-finish-reason.js';
import { type OllamaAnswer, textOf } from './ollama-api.js';
import { envelopeOf, logprobsOf, readOllamaAnswer } from './read-ollama-answer.js';

/** Reads the lines of one stream. */
export class OllamaStreamReader implements StreamReader<ChatChunk> {
  /** The line that says so was read. */
  done = false;
  #writer: ChatChunkWriter | undefined;
  #toolCalls = 0;

  constructor(
    private readonly target: Target,
    private readonly wantsUsage: boolean,
  ) {}

  /** The chunks that a line stands for, often one and sometimes none. Throws a `ProviderError`. */
  read({ data }: ServerSentEvent): ChatChunk[] {
    const answer = readOllamaAnswer(data, this.target);
    this.#writer ??= new ChatChunkWriter(envelopeOf(answer, this.target), this.wantsUsage);
    const chunks = this.#convertMessage(answer, this.#writer);
    if (answer.done !== true) return chunks;
    this.done = true;
    const usage = convertOllamaUsage(answer);
    return [
      ...chunks,
      this.#writer.finish(mapOllamaFinishReason(answer.done_reason, this.#toolCalls > 0)),
      ...(usage ? this.#writer.usage(usage) : []),
    ];
  }

  end(): ChatChunk[] {
    if (!this.done) throw endedEarly();
    return [];
  }

  #convertMessage(answer: OllamaAnswer, writer: ChatChunkWriter): ChatChunk[] {
    const chunks: ChatChunk[] = [];
    const thinking = textOf(answer.message?.thinking);
    const text = textOf(answer.message?.content);
    const logprobs = answer.logprobs === undefined ? undefined : logprobsOf(answer);
    if (thinking !== '') chunks.push(writer.reasoning(thinking));
    if (logprobs !== undefined) chunks.push(writer.logprobs(text, logprobs));
    else if (text !== '') chunks.push(writer.text(text));
    for (const { id, function: called } of convertOllamaToolCalls(answer.message?.tool_calls)) {
      chunks.push(writer.toolCall({ index: this.#toolCalls, id, ...called }));
      this.#toolCalls += 1;
    }
    return chunks;
  }
}
