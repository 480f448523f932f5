import { MOST_CHARACTERS, said } from './said.js';
import type { Uncounted } from './token-estimator.js';

/** Memory that a stream may hold for the case that nobody counts: its first chunks, as they came. */
const MOST_CHUNKS = 64;
const MOST_SAMPLED = 16_384;
/** Parsing more than this would hold up the event loop. */
const MOST_JSON = 1_048_576;

/** JSON text, of an event or of a whole answer. */
export type JsonText = { readonly text: string } | string;

/**
 * The beginning of an answer, kept as it came: looked into only when its tokens have to be
 * estimated. Of a stream it is the first chunks, so a short answer is there as a whole.
 */
export class AnswerSample {
  readonly #chunks: JsonText[] = [];
  #characters = 0;
  #isWhole = true;

  /** @param characters that a model wrote in it */
  add(json: JsonText | undefined, characters: number): void {
    if (characters === 0) return;
    const isFull = this.#chunks.length >= MOST_CHUNKS || this.#characters >= MOST_SAMPLED;
    if (isFull || json === undefined || characters > MOST_CHARACTERS) {
      this.#isWhole = false;
      return;
    }
    this.#chunks.push(json);
    this.#characters += characters;
  }

  /**
   * What there is of an answer whose tokens have to be estimated.
   * @param characters of the part that nobody counted, which need not be all of it
   */
  read(characters: number): Uncounted {
    const read = this.#chunks.map((chunk) => said(parsed(chunk)));
    const pieces = [read.flatMap((each) => each.pieces).join('')];
    const length = pieces[0]?.length ?? 0;
    // Readers that do not parse count a character that is escaped as several.
    const isAll = length > 0 && length <= this.#characters && characters === this.#characters;
    if (isAll && this.#isWhole) {
      return { characters: length, said: { pieces, characters: length, isWhole: true } };
    }
    const sampled = Math.max(length, this.#characters);
    return { characters, said: { pieces, characters: sampled, isWhole: false } };
  }
}

function parsed(json: JsonText): unknown {
  const text = typeof json === 'string' ? json : json.text;
  if (text.length > MOST_JSON) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    // A chunk that a client is sent as it came need not be JSON.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
