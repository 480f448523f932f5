import { MediaLoader, type Media } from '../contract/media.js';
import { ProviderError } from '../contract/provider-error.js';
import { invalidValue } from '../contract/refusals.js';
import type { Target } from '../contract/target.js';
import { GuardedDialer, type Resolve } from './guarded-dialer.js';
import { downloadMedia } from './media-download.js';
import { isDataUrl, parseDataUrl } from './parse-data-url.js';
import { Turns } from './turns.js';

const MAX_DOWNLOADS = 16;
const MAX_WAITING = 256;
const BUSY_RETRY_MS = 1000;

export interface MediaSettings {
  /** Of all files that one call fetches, together. */
  readonly maxBytes: number;
  /** For one file, its wait for a turn included. */
  readonly timeoutMs: number;
  /** Hosts as `host:port` that may be private and need no TLS. */
  readonly allowedHosts: ReadonlySet<string>;
  /** The system's own when absent. */
  readonly resolve?: Resolve;
}

/** Fetches files from where clients say they are, and from nowhere inside the operator's network. */
export class GuardedMediaLoader extends MediaLoader {
  readonly #dialer: GuardedDialer;
  readonly #turns = new Turns(MAX_DOWNLOADS, MAX_WAITING);
  /** Bytes fetched for each call so far. */
  readonly #fetched = new WeakMap<Target, number>();

  constructor(private readonly settings: MediaSettings) {
    super();
    this.#dialer = new GuardedDialer(settings.allowedHosts, settings.resolve);
  }

  override async load(url: string, target: Target, path: string): Promise<Media> {
    if (isDataUrl(url)) return parseDataUrl(url, path);
    const { timeoutMs } = this.settings;
    const { totalMs = timeoutMs, instance } = target;
    const milliseconds = Math.min(timeoutMs, totalMs, instance.timeouts.totalMs);
    const signal = AbortSignal.any([target.signal, AbortSignal.timeout(milliseconds)]);
    try {
      return await this.#download(url, target, path, signal);
    } catch (error) {
      if (target.signal.aborted) {
        throw new ProviderError('aborted', 'The call was aborted', { cause: error });
      }
      if (signal.aborted) throw invalidValue(path, 'takes too long to be fetched', error);
      if (error instanceof ProviderError) throw error;
      // One answer for a closed place, an unknown one and a silent one: it must not be a map.
      throw invalidValue(path, 'cannot be fetched from the public internet', error);
    }
  }

  async #download(url: string, target: Target, path: string, signal: AbortSignal): Promise<Media> {
    const giveBack = await this.#turns.take(signal);
    if (!giveBack) {
      throw new ProviderError('unavailable', 'Too many files are being fetched already', {
        retryAfterMs: BUSY_RETRY_MS,
      });
    }
    const { timeoutMs } = this.settings;
    const admit = (bytes: number) => this.#admit(target, bytes);
    try {
      return await downloadMedia({ url, path, dialer: this.#dialer, timeoutMs, signal, admit });
    } finally {
      giveBack();
    }
  }

  #admit(target: Target, bytes: number): boolean {
    const fetched = (this.#fetched.get(target) ?? 0) + bytes;
    this.#fetched.set(target, fetched);
    return fetched <= this.settings.maxBytes;
  }
}
