import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { Figures } from '../../common/metrics/figures.js';
import { QUEUE_DEPTH } from '../../common/metrics/queue-depth.js';
import { Configuration } from '../../config/configuration.js';
import { estimateTokens } from '../estimate-tokens.js';
import type { Said } from './said.js';

const WORKER = fileURLToPath(new URL(`./token-worker${extname(import.meta.url)}`, import.meta.url));
/** A thread that has nothing to do for this long gives its memory back. */
const IDLE_MS = 60_000;
const MOST_WAITING = 64;
const THREAD_MEGABYTES = 64;
const YOUNG_MEGABYTES = 2;

/** A text whose tokens nobody has counted. */
export interface Uncounted {
  /** Of all of it, whatever was kept. */
  readonly characters: number;
  /** As much of it as there is. */
  readonly said: Said;
}

/**
 * Counts tokens that a vendor did not, with a tokenizer in a thread of its own that is started when
 * it is first needed. When that is late, busy or dead, a number of characters per token stands.
 */
@Injectable()
export class TokenEstimator implements OnApplicationShutdown {
  readonly #logger = new Logger(TokenEstimator.name);
  readonly #timeoutMs: number;
  #pool: Piscina | undefined;
  #closed = false;
  /** A trouble is told once, until the next count that works. */
  #failureTold = false;

  constructor({ environment }: Configuration, figures: Figures) {
    this.#timeoutMs = environment.ledgerEstimateTimeoutMs;
    figures.addGauge(QUEUE_DEPTH, () => [
      { labels: { queue: 'token_estimates' }, value: this.#pool?.queueSize ?? 0 },
    ]);
  }

  /**
   * An estimate for each of the texts, at least one token where it has characters. Never rejects;
   * waits no longer than is configured.
   */
  async estimate(texts: readonly Uncounted[]): Promise<number[]> {
    const counts = await this.#count(texts.map(({ said }) => said.pieces));
    return texts.map((text, index) => scaled(text, counts?.[index]));
  }

  async onApplicationShutdown(): Promise<void> {
    this.#closed = true;
    await this.#pool?.destroy();
  }

  async #count(lists: readonly (readonly string[])[]): Promise<number[] | undefined> {
    if (this.#timeoutMs === 0 || this.#closed) return undefined;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.#timeoutMs);
    });
    try {
      const counts = await Promise.race([this.#run(lists), tooLate]);
      if (counts !== undefined) this.#failureTold = false;
      return counts;
    } catch (error) {
      this.#tellFailure(error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  #run(lists: readonly (readonly string[])[]): Promise<number[]> {
    this.#pool ??= this.createPool();
    return this.#pool.run(lists) as Promise<number[]>;
  }

  /** With one thread at most, which is started by the first text. */
  protected createPool(filename = WORKER): Piscina {
    return new Piscina({
      filename,
      minThreads: 0,
      maxThreads: 1,
      maxQueue: MOST_WAITING,
      idleTimeout: IDLE_MS,
      resourceLimits: {
        maxOldGenerationSizeMb: THREAD_MEGABYTES,
        maxYoungGenerationSizeMb: YOUNG_MEGABYTES,
      },
    });
  }

  #tellFailure(error: unknown): void {
    if (this.#failureTold || this.#closed) return;
    this.#failureTold = true;
    this.#logger.warn({ message: 'tokens are estimated by characters', err: error });
  }
}

/** From what was counted to all of it. */
function scaled({ characters, said }: Uncounted, counted: number | undefined): number {
  if (characters === 0) return 0;
  if (counted === undefined || counted === 0) return estimateTokens(characters);
  const rest = characters - said.characters;
  if (rest === 0) return counted;
  // What is no text, such as an image, is given in characters that stand for its tokens.
  if (rest > 0 && said.isWhole) return counted + estimateTokens(rest);
  return Math.max(1, Math.round((counted * characters) / said.characters));
}
