import type { Endpoint } from '../config/endpoints.js';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import type { ProviderError } from '../providers/contract/provider-error.js';
import type { Target } from '../providers/contract/target.js';
import type { TokenUsage } from '../providers/contract/token-usage.js';
import type { UsageUnits } from '../providers/contract/usage-units.js';
import type { RouteTarget } from '../routing/route-target.js';
import type { JsonBody } from './body/read-json-body.js';
import type { Upload } from './body/upload.js';
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
  /** The part of the request that a model reads, as JSON value; absent where characters have to do. */
  readonly prompt?: unknown;
  /** False where characters say nothing of what a vendor charges for: no estimate is made. */
  readonly estimates?: boolean;
  /** What the request itself shows of the units that it uses; what a vendor says of them comes first. */
  readonly counted?: UsageUnits | undefined;
  /** Units that it may use at most, as far as it tells. */
  readonly mostUnits?: UsageUnits | undefined;
  /** Tokens that the caller allows at most, over all choices; absent where it says nothing. */
  readonly maxOutputTokens?: number | undefined;
  /** Answers that it asks for; absent for one. */
  readonly answers?: number | undefined;
  /** How much the model is to think, where the request goes out as a chat. */
  readonly reasoningEffort?: string | undefined;
  /** Whether the request may be sent once more after this failure; absent where nothing speaks against it. */
  mayRepeat?(error: ProviderError): boolean;
  /** The provider instance that knows the conversation so far; asked first where it can answer. */
  readonly home?: string | undefined;
}

/** JSON text, made with the usage that the ledger has where the dialect cannot do without one. */
export type AnswerBody = { readonly text: string } | ((usage: TokenUsage) => string);

/** One whole answer, as far as the ledger and the writer of a JSON body need it. */
export interface WholeAnswer {
  readonly body: AnswerBody;
  /** What a model wrote, as JSON, where `body` is not made yet. */
  readonly said?: { readonly text: string };
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

/** What all routes have in common, whatever their requests look like. */
export interface RouteBase<Input extends RouteInput> {
  /** As the ledger names it. */
  readonly dialect: Endpoint;
  /** Its answers cost nothing and are not in the ledger. */
  readonly isFree?: boolean;
  /** False where no request can say how long its answer may be. */
  readonly takesMaximum?: boolean;
  /** A request may name further models in `models`, to be asked when `model` does not answer. */
  readonly takesModels?: boolean;
  /** Whether a target can be asked at all; absent where each one can. */
  readonly serves?: (target: RouteTarget) => boolean;
  /**
   * Answers a request that is in the ledger, and settles it. Rejects with `ApiError` until the
   * first byte of the answer; later failures are told in the stream.
   */
  answer(call: Call<Input>, streams: StreamSettings): Promise<void>;
}

/** What is particular to one route of the client API; the pipeline around it is the same for all. */
export interface Route<Input extends RouteInput> extends RouteBase<Input> {
  /**
   * Rejects or throws with `ApiError` `invalid_value` and the like. A promise only where something
   * has to be looked up: most requests need none.
   */
  read(body: JsonBody, request: Request): Input | Promise<Input>;
}

/** A route whose requests are forms with files, which are not held in memory. */
export interface UploadRoute<Input extends RouteInput> extends RouteBase<Input> {
  /** Throws `ApiError` `invalid_value`. */
  readUpload(upload: Upload): Input;
}
