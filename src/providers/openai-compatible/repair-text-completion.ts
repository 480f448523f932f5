import type { Target } from '../contract/target.js';
import { mapOpenAiFinishReason } from './map-openai-finish-reason.js';
import { choicesOf, isObject, type OpenAiChoice, type OpenAiChunk } from './openai-api.js';
import type { ChunkRepair } from './openai-stream-reader.js';
import { Envelope } from './repair-envelope.js';
import { put } from './repair-message.js';
import { hasMember, hasValueStartingWith } from './scan-chunk.js';

const OBJECT = 'text_completion';

/**
 * Puts right in place what clients stumble over in a whole answer of the older completions: a
 * missing id, object, created, model, index or text, an unknown or missing finish reason. True
 * when something was changed.
 */
export function repairTextCompletion(completion: OpenAiChunk, target: Target): boolean {
  let changed = new Envelope(OBJECT, target).repair(completion);
  choicesOf(completion).forEach((choice, position) => {
    changed = repairChoice(choice, position) || changed;
    changed = put(choice, 'finish_reason', choice.finish_reason ?? 'stop') || changed;
  });
  return changed;
}

/** The same, chunk by chunk. */
export class RepairTextChunk implements ChunkRepair {
  /** The vendor leaves out or changes what every chunk must have, so every chunk is parsed. */
  #isCareless = false;
  readonly #envelope: Envelope;
  /** By index, whether it has said why it stopped. */
  readonly #choices = new Map<unknown, boolean>();

  constructor(target: Target) {
    this.#envelope = new Envelope(OBJECT, target);
  }

  suspects(json: string): boolean {
    return (
      this.#isCareless ||
      !this.#envelope.isShownBy(json) ||
      !hasMember(json, 'text"') ||
      hasValueStartingWith(json, 'finish_reason"', '""')
    );
  }

  repair(chunk: OpenAiChunk): boolean {
    const hadList = Array.isArray(chunk.choices);
    if (!hadList) chunk.choices = [];
    const choices = choicesOf(chunk);
    if (choices.length === 0 && !isObject(chunk.usage)) return !hadList;

    let changed = this.#envelope.repair(chunk);
    choices.forEach((choice, position) => {
      changed = repairChoice(choice, position) || changed;
      const ended = this.#choices.get(choice.index) ?? false;
      this.#choices.set(choice.index, ended || choice.finish_reason != null);
    });
    if (changed) this.#isCareless = true;
    return changed || !hadList;
  }

  missingEnd(): OpenAiChunk | undefined {
    const open = [...this.#choices].filter(([, ended]) => !ended).map(([index]) => index);
    if (open.length === 0) return undefined;
    return this.#envelope.wrap(
      open.map((index) => ({ index, text: '', logprobs: null, finish_reason: 'stop' })),
    );
  }
}

function repairChoice(choice: OpenAiChoice, position: number): boolean {
  let changed = !Number.isInteger(choice.index) && put(choice, 'index', position);
  if (typeof choice['text'] !== 'string') changed = put(choice, 'text', '') || changed;
  const reason = mapOpenAiFinishReason(choice.finish_reason);
  return put(choice, 'finish_reason', reason) || changed;
}
