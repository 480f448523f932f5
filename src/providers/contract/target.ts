import type { Flow } from './flow.js';
import type { ProviderInstance } from './provider-instance.js';
import type { RateSignal } from './rate-signal.js';
import type { TranslationReport } from './translation.js';

/** Everything that varies from call to call: where it goes and on whose behalf. */
export interface Target {
  readonly instance: ProviderInstance;
  /** The vendor's own model id, without the instance's name. */
  readonly model: string;
  /** The proxy's request id; sent upstream where the vendor takes one and logged everywhere. */
  readonly requestId: string;
  /** Aborts the upstream call in whatever phase it is. */
  readonly signal: AbortSignal;
  readonly flow: Flow;
  /** Allow-listed client headers (tracing, `openai-beta`, …), names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where converters note what could not simply be passed, before anything is sent. */
  readonly translation: TranslationReport;
  /** Longest time the whole call may take, when the caller asked for less than the instance allows. */
  readonly totalMs?: number | undefined;
  /**
   * Output tokens, over all choices, that are paid for; absent where that is no matter. The request
   * keeps to it already: who asks for more than the client did keeps to it as well.
   */
  readonly maxOutputTokens?: number | undefined;
  /** Hears what the answer tells of the vendor's limits: at most once, before anything of it is passed on. Never throws. */
  readonly heard?: ((signal: RateSignal) => void) | undefined;
  /** Gets the JSON that is sent, where somebody keeps it. Never throws. */
  readonly sent?: ((body: string) => void) | undefined;
}
