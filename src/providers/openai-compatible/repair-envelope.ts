import type { Target } from '../contract/target.js';
import type { OpenAiChunk } from './openai-api.js';
import { renameServiceTier } from './rename-service-tier.js';
import { hasValueStartingWith } from './scan-chunk.js';

/** Beyond the year 5000 in seconds, so it must be milliseconds. */
const MILLISECONDS_FROM = 1e11;

const ID_PREFIXES = {
  'chat.completion': 'chatcmpl',
  'chat.completion.chunk': 'chatcmpl',
  text_completion: 'cmpl',
} as const;

/**
 * The members that every chunk of one answer has in common. Some vendors leave them out, and some
 * tell the time of each chunk: what the first chunk says holds for all.
 */
export class Envelope {
  #id: string | undefined;
  #created: number | undefined;
  #model: string | undefined;
  /** The same as they stand in the text of a chunk; undefined before the first. */
  #texts: readonly (readonly [name: string, value: string])[] | undefined;

  constructor(
    private readonly object: keyof typeof ID_PREFIXES,
    private readonly target: Target,
  ) {}

  /** Fills in what is missing or has changed; true when something was, or the tier had another name. */
  repair(answer: OpenAiChunk): boolean {
    this.#id ??= text(answer.id) ?? `${ID_PREFIXES[this.object]}-${this.target.requestId}`;
    this.#created ??= seconds(answer.created) ?? Math.floor(Date.now() / 1000);
    this.#model ??= text(answer.model) ?? this.target.model;
    const renamed = renameServiceTier(answer);
    if (this.#isWhole(answer)) return renamed;
    answer.id = this.#id;
    answer.object = this.object;
    answer.created = this.#created;
    answer.model = this.#model;
    return true;
  }

  /** Whether the JSON of a chunk shows the members of this answer; false before the first chunk. */
  isShownBy(json: string): boolean {
    if (this.#id === undefined) return false;
    this.#texts ??= [
      ['id"', JSON.stringify(this.#id)],
      ['created"', String(this.#created)],
      ['model"', JSON.stringify(this.#model)],
    ];
    return this.#texts.every(([name, value]) => hasValueStartingWith(json, name, value));
  }

  /** A chunk of this answer that the vendor did not send. */
  wrap(choices: unknown[]): OpenAiChunk {
    const chunk: OpenAiChunk = { choices };
    this.repair(chunk);
    return chunk;
  }

  #isWhole(answer: OpenAiChunk): boolean {
    return (
      answer.id === this.#id &&
      answer.object === this.object &&
      answer.created === this.#created &&
      answer.model === this.#model
    );
  }
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whole seconds, or undefined for a value that is no time at all. */
function seconds(value: unknown): number | undefined {
  if (typeof value !== 'number' || !(value > 0)) return undefined;
  return Math.floor(value >= MILLISECONDS_FROM ? value / 1000 : value);
}
