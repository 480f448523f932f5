import { defer, type Observable } from 'rxjs';
import type {
  NativeChunk,
  NativeDialect,
  NativeRequest,
  NativeResponse,
} from '../../contract/native.js';
import { ProviderError } from '../../contract/provider-error.js';
import type { ProviderInstance } from '../../contract/provider-instance.js';
import type { Target } from '../../contract/target.js';
import type { UpstreamCall } from '../../upstream/upstream-call.js';
import type { Upstream } from '../../upstream/upstream.js';
import { convertResponsesStream } from './convert-responses-stream.js';
import { readResponse, readTokenCount } from './read-response.js';
import type { ResponsesRepair } from './repair-response.js';

/** What a vendor does in its own way. */
export interface ResponsesEndpoint {
  /** Where an endpoint of the protocol is, below the instance's base URL. */
  readonly path: (endpoint: string, target: Target) => string;
  readonly headers: (target: Target) => Readonly<Record<string, string>>;
  /** Whether an instance has the API; all have when absent. */
  readonly isSpokenBy?: (instance: ProviderInstance) => boolean;
  /** Whether it says how long a prompt is (`/responses/input_tokens`). */
  readonly countsTokens?: boolean;
  /** Whether it makes conversations shorter (`/responses/compact`). */
  readonly compacts?: boolean;
  /** For a vendor that leaves out what clients rely on. All others' answers go on byte for byte. */
  readonly repair?: ResponsesRepair;
}

/** The Responses API of OpenAI and of vendors that have it too. */
export class OpenAiResponses implements NativeDialect {
  readonly isSpokenBy: (instance: ProviderInstance) => boolean;
  readonly countTokens?: NonNullable<NativeDialect['countTokens']>;
  readonly compact?: NonNullable<NativeDialect['compact']>;

  constructor(
    private readonly upstream: Upstream,
    private readonly endpoint: ResponsesEndpoint,
  ) {
    this.isSpokenBy = endpoint.isSpokenBy ?? (() => true);
    if (endpoint.countsTokens === true) {
      this.countTokens = async (request, target) => {
        const call = this.#call('/responses/input_tokens', request, target);
        return readTokenCount(await this.upstream.json(call), target.instance);
      };
    }
    if (endpoint.compacts === true) {
      this.compact = async (request, target) => {
        const call = this.#call('/responses/compact', request, target);
        return readResponse(await this.upstream.json(call), target.instance);
      };
    }
  }

  async answer(request: NativeRequest, target: Target): Promise<NativeResponse> {
    const call = this.#call('/responses', request, target);
    return readResponse(await this.upstream.json(call), target.instance, this.endpoint.repair);
  }

  stream(request: NativeRequest, target: Target): Observable<NativeChunk> {
    return defer(() =>
      convertResponsesStream(
        this.upstream.events(this.#call('/responses', request, target)),
        target.instance,
        this.endpoint.repair,
      ),
    );
  }

  async forget(id: string, target: Target): Promise<void> {
    const { path, headers } = this.endpoint;
    try {
      await this.upstream.json({
        target,
        method: 'DELETE',
        path: path(`/responses/${encodeURIComponent(id)}`, target),
        headers: headers(target),
      });
    } catch (error) {
      // It is gone, which is all that was wanted.
      if (error instanceof ProviderError && error.status === 404) return;
      throw error;
    }
  }

  #call(endpoint: string, { body }: NativeRequest, target: Target): UpstreamCall {
    const { path, headers } = this.endpoint;
    return {
      target,
      method: 'POST',
      path: path(endpoint, target),
      body: body.text,
      headers: headers(target),
    };
  }
}
