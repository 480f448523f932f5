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
import { readResponse } from './read-response.js';

/** What a vendor does in its own way. */
export interface ResponsesEndpoint {
  /** Where an endpoint of the protocol is, below the instance's base URL. */
  readonly path: (endpoint: string, target: Target) => string;
  readonly headers: (target: Target) => Readonly<Record<string, string>>;
  /** Whether an instance has the API; all have when absent. */
  readonly isSpokenBy?: (instance: ProviderInstance) => boolean;
}

/** The Responses API of OpenAI and of vendors that have it too. */
export class OpenAiResponses implements NativeDialect {
  readonly isSpokenBy: (instance: ProviderInstance) => boolean;

  constructor(
    private readonly upstream: Upstream,
    private readonly endpoint: ResponsesEndpoint,
  ) {
    this.isSpokenBy = endpoint.isSpokenBy ?? (() => true);
  }

  async answer(request: NativeRequest, target: Target): Promise<NativeResponse> {
    return readResponse(await this.upstream.json(this.#call(request, target)), target.instance);
  }

  stream(request: NativeRequest, target: Target): Observable<NativeChunk> {
    return defer(() =>
      convertResponsesStream(this.upstream.events(this.#call(request, target)), target.instance),
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

  #call({ body }: NativeRequest, target: Target): UpstreamCall {
    const { path, headers } = this.endpoint;
    return {
      target,
      method: 'POST',
      path: path('/responses', target),
      body: body.text,
      headers: headers(target),
    };
  }
}
