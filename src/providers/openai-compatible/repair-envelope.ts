import type { Target } from '../contract/target.js';
import type { OpenAiChunk } from './openai-api.js';

/** Beyond the year 5000 in seconds, so it must be milliseconds. */
const MILLISECONDS_FROM = 1e11;

const ID_PREFIXES = {
  'chat.completion': 'chatcmpl',
  'chat.completion.chunk': 'chatcmpl',
  text_completion: 'cmpl',
} as const;

/** The members that every chunk of one answer has in common, as far as the vendor left them out. */
export class Envelope {
  #id: string | undefined;
  #created: number | undefined;
  #model: string | undefined;

  constructor(
    private readonly object: keyof typeof ID_PREFIXES,
    private readonly target: Target,
  ) {}

  /** Fills in what is missing; true when something was. */
  repair(answer: OpenAiChunk): boolean {
    this.#id ??= text(answer.id) ?? `${ID_PREFIXES[this.object]}-${this.target.requestId}`;
    this.#created ??= seconds(answer.created) ?? Math.floor(Date.now() / 1000);
    this.#model ??= text(answer.model) ?? this.target.model;
    if (this.#isWhole(answer)) return false;
    answer.id = text(answer.id) ?? this.#id;
    answer.object = this.object;
    answer.created = seconds(answer.created) ?? this.#created;
    answer.model = text(answer.model) ?? this.#model;
    return true;
  }

  /** A chunk of this answer that the vendor did not send. */
  wrap(choices: unknown[]): OpenAiChunk {
    const chunk: OpenAiChunk = { choices };
    this.repair(chunk);
    return chunk;
  }

  #isWhole(answer: OpenAiChunk): boolean {
    return (
      typeof answer.id === 'string' &&
      answer.id !== '' &&
      answer.object === this.object &&
      Number.isInteger(answer.created) &&
      seconds(answer.created) === answer.created &&
      typeof answer.model === 'string' &&
      answer.model !== ''
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
