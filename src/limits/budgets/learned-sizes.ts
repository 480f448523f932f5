import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { totalInput, totalOutput, type TokenUsage } from '../../providers/contract/token-usage.js';

const REMEMBERED = 10_000;
/** While nothing is known of a model, so many requests of a key find out. */
const MOST_SCOUTS = 8;
/** A high-water mark sinks by this part of its distance to what comes after it. */
const DECAY = 1 / 16;
/** Dense text has a token for so many characters; what a vendor adds by itself comes on top. */
const COLD_CHARACTERS_PER_TOKEN = 2.5;
const COLD_OVERHEAD_TOKENS = 16;
/** A stream has so many more tokens than it shows, and some more, when its model thinks unseen. */
const UNSEEN = { factor: 1.5, tokens: 8 };

/** What the answers of one model to one key have used so far. */
export class LearnedSize {
  #isKnown = false;
  /** Requests in flight that began while nothing was known. */
  #scouts = 0;
  #outputTokens = 0;
  #inputPerCharacter = 0;
  #inputBeyondCold = 0;
  #outputPerCounted = 1;
  /** Of streams; undefined while none was seen. */
  #thinksUnseen: boolean | undefined;

  /** Whether a request may begin, or has to wait for the first to come back. */
  get mayBegin(): boolean {
    return this.#isKnown || this.#scouts < MOST_SCOUTS;
  }

  /** Undefined while nothing is known. */
  get outputTokens(): number | undefined {
    return this.#isKnown ? Math.ceil(this.#outputTokens) : undefined;
  }

  /**
   * Whether a stream may cost more than the proxy sees of it while it runs: not where streams have
   * shown all that they cost, and always where one has not.
   */
  get mayThinkUnseen(): boolean {
    return this.#thinksUnseen !== false;
  }

  /** The vendor's tokens for each that the proxy counts in a stream. */
  get outputPerCounted(): number {
    return this.#outputPerCounted;
  }

  /** As many tokens as a prompt of so many characters is likely to have at most. */
  inputTokens(characters: number): number {
    const cold = coldInputTokens(characters);
    if (!this.#isKnown) return cold;
    const byRatio = this.#inputPerCharacter * (characters + COLD_OVERHEAD_TOKENS);
    const likely = Math.ceil(Math.min(byRatio, cold + this.#inputBeyondCold));
    // What is broken off is settled at the ledger's estimate.
    return Math.max(likely, Math.ceil(characters / 4), 1);
  }

  /** Returns what is to be called when the request is over. */
  begin(): () => void {
    if (this.#isKnown) return nothing;
    this.#scouts += 1;
    return () => {
      this.#scouts -= 1;
    };
  }

  /** @param counted tokens that the proxy counted in a stream, 0 where it did not */
  learn(characters: number, usage: TokenUsage, counted: number): void {
    const input = totalInput(usage);
    const output = totalOutput(usage);
    const mark = (known: number, seen: number): number =>
      !this.#isKnown || seen >= known ? seen : known - (known - seen) * DECAY;
    this.#outputTokens = mark(this.#outputTokens, output);
    this.#inputPerCharacter = mark(
      this.#inputPerCharacter,
      input / (characters + COLD_OVERHEAD_TOKENS),
    );
    const beyond = Math.max(0, input - coldInputTokens(characters));
    this.#inputBeyondCold = mark(this.#inputBeyondCold, beyond);
    if (counted > 0) {
      const isUnseen =
        usage.outputReasoning > 0 && output > counted * UNSEEN.factor + UNSEEN.tokens;
      this.#thinksUnseen ||= isUnseen;
      if (!isUnseen) this.#outputPerCounted = mark(this.#outputPerCounted, output / counted);
    }
    this.#isKnown = true;
  }
}

/** What is known of the models that keys use; bounded, because models are callers' words. */
@Injectable()
export class LearnedSizes {
  readonly #sizes = new LRUCache<string, LearnedSize>({ max: REMEMBERED });

  of(keyId: string, instance: string, model: string): LearnedSize {
    const key = `${keyId}\n${instance}/${model}`;
    let size = this.#sizes.get(key);
    if (size === undefined) this.#sizes.set(key, (size = new LearnedSize()));
    return size;
  }
}

function nothing(): void {}

function coldInputTokens(characters: number): number {
  return Math.ceil(characters / COLD_CHARACTERS_PER_TOKEN) + COLD_OVERHEAD_TOKENS;
}
