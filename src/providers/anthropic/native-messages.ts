import { defer, type Observable } from 'rxjs';
import type {
  NativeChunk,
  NativeDialect,
  NativeRequest,
  NativeResponse,
} from '../contract/native.js';
import type { Target } from '../contract/target.js';
import { readStream } from '../upstream/read-stream.js';
import type { UpstreamCall } from '../upstream/upstream-call.js';
import type { Upstream } from '../upstream/upstream.js';
import { anthropicHeaders } from './anthropic-headers.js';
import { NativeStreamReader } from './native-stream-reader.js';
import { readNativeMessage, readTokenCount } from './read-native-message.js';

/** The Messages API for clients that speak it: nothing is converted, the usage is read on the way. */
export class NativeMessages implements NativeDialect {
  constructor(private readonly upstream: Upstream) {}

  async answer(request: NativeRequest, target: Target): Promise<NativeResponse> {
    const response = await this.upstream.json(callOf('/v1/messages', request, target));
    return readNativeMessage(response, target.instance);
  }

  stream(request: NativeRequest, target: Target): Observable<NativeChunk> {
    return defer(() =>
      readStream(
        this.upstream.events(callOf('/v1/messages', request, target)),
        () => new NativeStreamReader(target.instance),
      ),
    );
  }

  async countTokens(request: NativeRequest, target: Target): Promise<NativeResponse> {
    const call = callOf('/v1/messages/count_tokens', request, target);
    return readTokenCount(await this.upstream.json(call), target.instance);
  }
}

function callOf(path: string, { body }: NativeRequest, target: Target): UpstreamCall {
  return { target, method: 'POST', path, body: body.text, headers: anthropicHeaders(target) };
}
