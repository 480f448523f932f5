import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { ChatChunkChoice, ChatCompletionChunk } from '../../providers/chat/chat-api.js';
import type { Completion, CompletionChoice } from '../../providers/completions/completions-api.js';
import type { CompletionRecord } from '../../providers/completions/completions.js';
import type { CompletionsInput } from './completions-input.js';
import { convertLogprobs, countCharacters } from './convert-logprobs.js';
import { mapFinishReason, wrapCompletion } from './convert-to-completion.js';

/** Turns the chunks of one chat stream into those of the older completions. */
export class CompletionChunks {
  /** By choice, the characters that were sent. */
  readonly #offsets = new Map<number, number>();
  #id: string | undefined;
  /** The vendor's last word on it, wherever it stood. */
  #usage: Completion | undefined;

  /** @param options `echo`: what each choice has to begin with */
  constructor(private readonly options: Pick<CompletionsInput, 'echo' | 'wantsUsage'>) {}

  /** Undefined for a chunk that says nothing here, such as one of reasoning. */
  convert({ body, usage, characters }: ChatDelta): CompletionRecord | undefined {
    const chunk = body.value;
    if (usage !== 'none') this.#usage = this.#wrap(chunk, []);
    const choices = (chunk.choices ?? []).flatMap((choice) => this.#convertChoice(choice));
    if (choices.length === 0) return undefined;
    const { usage: _, ...value } = this.#wrap(chunk, choices);
    // Until it is known: to those who asked for it.
    const told = this.options.wantsUsage ? { ...value, usage: null } : value;
    return { kind: 'record', body: JsonDocument.fromValue(told), usage: 'none', characters };
  }

  /** The chunk that comes after all others; undefined when the vendor did not count. */
  usage(): CompletionRecord | undefined {
    if (this.#usage === undefined) return undefined;
    const body = JsonDocument.fromValue(this.#usage);
    return { kind: 'record', body, usage: 'only', characters: 0 };
  }

  #wrap(chunk: ChatCompletionChunk, choices: CompletionChoice[]): Completion {
    const value = wrapCompletion(chunk, choices);
    // An id that the vendor left out is made up, but only once.
    return { ...value, id: (this.#id ??= value.id) };
  }

  #convertChoice({ index, delta, logprobs, finish_reason: reason }: ChatChunkChoice) {
    const offset = this.#offsets.get(index);
    const written = (delta?.content ?? '') + (delta?.refusal ?? '');
    // The first chunk of a choice is always told: it shows that the answer has begun.
    if (offset !== undefined && written === '' && logprobs == null && reason == null) return [];
    const text = offset === undefined ? this.options.echo + written : written;
    const start = offset ?? 0;
    this.#offsets.set(index, start + countCharacters(text));
    const choice: CompletionChoice = {
      text,
      index,
      logprobs: convertLogprobs(logprobs, start + countCharacters(text) - countCharacters(written)),
      finish_reason: reason == null ? null : mapFinishReason(reason),
    };
    return [choice];
  }
}
