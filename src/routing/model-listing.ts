import { Logger } from '@nestjs/common';
import { newRequestId } from '../common/http/request-id.js';
import { Flow } from '../providers/contract/flow.js';
import type { ProviderModel } from '../providers/contract/provider.js';
import type { ProviderInstance } from '../providers/contract/provider-instance.js';
import type { Target } from '../providers/contract/target.js';
import { TranslationReport } from '../providers/contract/translation.js';

/** A list that takes longer is asked for again later. */
const LONGEST_CALL_MS = 30_000;
/** After the first failure; doubled for each further one, up to the ordinary time. */
const FIRST_RETRY_MS = 30_000;

export interface ModelListingOptions {
  readonly instance: ProviderInstance;
  /** Rejects with `ProviderError`. */
  readonly list: (target: Target) => Promise<readonly ProviderModel[]>;
  readonly everyMs: number;
  /** Returns the number of models that were kept. */
  readonly register: (models: readonly ProviderModel[]) => number;
}

/** The list of one instance, asked for again and again. What it said last holds until it says more. */
export class ModelListing {
  readonly #logger = new Logger(ModelListing.name);
  readonly #options: ModelListingOptions;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(options: ModelListingOptions) {
    this.#options = options;
  }

  /** Asks at once, and does not wait for the answer. */
  start(): void {
    void this.#refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  async #refresh(): Promise<void> {
    const { everyMs } = this.#options;
    let nextMs = everyMs;
    try {
      const models = await this.#options.list(this.#target());
      if (this.#abort.signal.aborted) return;
      this.#accept(models);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      nextMs = Math.min(everyMs, FIRST_RETRY_MS * 2 ** this.#failures);
      this.#fail(error);
    }
    this.#timer = setTimeout(() => void this.#refresh(), nextMs).unref();
  }

  #accept(models: readonly ProviderModel[]): void {
    const { instance, register } = this.#options;
    const kept = register(models);
    if (this.#failures > 0) {
      this.#logger.log({ message: 'models are listed again', provider: instance.name });
    }
    this.#failures = 0;
    if (kept < models.length) {
      this.#logger.warn({
        message: 'a list of models is longer than is kept of it',
        provider: instance.name,
        count: models.length,
      });
    }
  }

  /** Once for each outage. */
  #fail(error: unknown): void {
    this.#failures += 1;
    if (this.#failures > 1) return;
    const provider = this.#options.instance.name;
    this.#logger.warn({ message: 'models could not be listed', provider, err: error });
  }

  #target(): Target {
    return {
      instance: this.#options.instance,
      model: '',
      requestId: newRequestId(),
      signal: this.#abort.signal,
      flow: new Flow(),
      headers: {},
      translation: new TranslationReport(),
      totalMs: LONGEST_CALL_MS,
    };
  }
}
