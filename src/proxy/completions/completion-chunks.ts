import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { ChatChunkChoice } from '../../providers/chat/chat-api.js';
import type { Completion, CompletionChoice } from '../../providers/completions/completions-api.js';
import type { CompletionRecord } from '../../providers/completions/completions.js';
import { convertLogprobs, countCharacters } from './convert-logprobs.js';
import { mapFinishReason, wrapCompletion } from './convert-to-completion.js';

/** Turns the chunks of one chat stream into those of the older completions. */
export class CompletionChunks {
  /** By choice, the characters that were sent. */
  readonly #offsets = new Map<number, number>();
  #id: string | undefined;

  /** @param echo what each choice has to begin with */
  constructor(private readonly echo: string) {}

  /** Undefined for a chunk that says nothing here, such as one of reasoning. */
  convert({ body, usage, characters }: ChatDelta): CompletionRecord | undefined {
    const chunk = body.value;
    const choices = (chunk.choices ?? []).flatMap((choice) => this.#convertChoice(choice));
    if (choices.length === 0 && usage !== 'only') return undefined;
    const value: Completion = wrapCompletion(chunk, choices);
    // An id that the vendor left out is made up, but only once.
    value.id = this.#id ??= value.id;
    return { kind: 'record', body: JsonDocument.fromValue(value), usage, characters };
  }

  #convertChoice({ index, delta, logprobs, finish_reason: reason }: ChatChunkChoice) {
    const offset = this.#offsets.get(index);
    const written = (delta?.content ?? '') + (delta?.refusal ?? '');
    // The first chunk of a choice is always told: it shows that the answer has begun.
    if (offset !== undefined && written === '' && logprobs == null && reason == null) return [];
    const text = offset === undefined ? this.echo + written : written;
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
