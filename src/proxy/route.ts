import type { Request } from 'express';
import type { Observable } from 'rxjs';
import type { Provider } from '../providers/contract/provider.js';
import type { Target } from '../providers/contract/target.js';
import type { TokenUsage } from '../providers/contract/token-usage.js';
import type { RouteTarget } from '../routing/route-target.js';
import type { JsonBody } from './body/read-json-body.js';
import type { Call } from './call.js';
import type { EventStreamSettings } from './event-stream.js';

/** A valid request, as far as every route has it. */
export interface RouteInput {
  /** The name that the client asks for. */
  readonly model: string;
  readonly stream: boolean;
  /** Characters of what a model would read; the base of an estimate of the input. */
  readonly characters: number;
  readonly hasImages: boolean;
  /** Whom the client says it asks for. */
  readonly user: string | null;
  /** The provider instance that knows the conversation so far; asked first where it can answer. */
  readonly home?: string | undefined;
}

/** One whole answer, as far as the ledger and the writer of a JSON body need it. */
export interface WholeAnswer {
  readonly body: { readonly text: string };
  /** Absent when the vendor reported none. */
  readonly usage?: TokenUsage;
  /** Characters of what a model wrote; absent where it writes nothing. */
  readonly characters?: number;
  readonly upstreamRequestId?: string;
}

/** Asks one target; cold, errors with `ProviderError`. */
export type Ask<Input extends RouteInput, T> = (
  target: RouteTarget,
  to: Target,
  call: Call<Input>,
) => Observable<T>;

export type StreamSettings = Omit<EventStreamSettings, 'copy'>;

/** What is particular to one route of the client API; the pipeline around it is the same for all. */
export interface Route<Input extends RouteInput> {
  /** As the ledger names it. */
  readonly dialect: string;
  /** Whether a provider type can be asked at all; absent where each one can. */
  readonly serves?: (provider: Provider) => boolean;
  /**
   * Rejects or throws with `ApiError` `invalid_value` and the like. A promise only where something
   * has to be looked up: most requests need none.
   */
  read(body: JsonBody, request: Request): Input | Promise<Input>;
  /**
   * Answers a request that is in the ledger, and settles it. Rejects with `ApiError` until the
   * first byte of the answer; later failures are told in the stream.
   */
  answer(call: Call<Input>, streams: StreamSettings): Promise<void>;
}
