import { JsonDocument } from '../../src/common/json/json-document.js';
import type { ChatCompletionRequest } from '../../src/providers/chat/chat-api.js';
import type { Provider } from '../../src/providers/contract/provider.js';
import type { ProviderInstance } from '../../src/providers/contract/provider-instance.js';
import { TranslationReport } from '../../src/providers/contract/translation.js';
import type { Upstream } from '../../src/providers/upstream/upstream.js';
import type { UpstreamCall, UpstreamResponse } from '../../src/providers/upstream/upstream-call.js';
import { createInstance, createTarget } from './provider-fixtures.js';

export interface SentRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it went out. */
  readonly text: string;
  readonly body: Record<string, unknown>;
  /** What the report says, such as `seed=dropped`. */
  readonly report: string;
}

export interface Asking {
  readonly model?: string;
  readonly baseUrl?: string;
  readonly settings?: ProviderInstance['settings'];
  readonly strict?: boolean;
}

/**
 * What a provider makes of a chat request, without a network: the call is caught where it would
 * leave. `request` may be JSON text; `messages` are filled in when it has none.
 */
export async function sentRequest(
  create: (upstream: Upstream) => Provider,
  request: string | Partial<ChatCompletionRequest>,
  { model = 'model', baseUrl = 'https://vendor.example', settings = {}, strict }: Asking = {},
): Promise<SentRequest> {
  let call: UpstreamCall | undefined;
  const upstream = {
    json: (caught: UpstreamCall): Promise<UpstreamResponse> => {
      call = caught;
      const text = '{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}';
      return Promise.resolve({ status: 200, headers: {}, text });
    },
  } as unknown as Upstream;
  const translation = new TranslationReport(strict);
  const target = createTarget(createInstance(baseUrl, { settings }), { model, translation });
  const body =
    typeof request === 'string'
      ? JsonDocument.fromText<ChatCompletionRequest>(request)
      : JsonDocument.fromValue<ChatCompletionRequest>({
          model,
          messages: [{ role: 'user', content: 'Hello' }],
          ...request,
        });
  await create(upstream).chat({ body }, target);
  const { path, headers = {}, body: sent } = call as UpstreamCall;
  const text = typeof sent === 'string' ? sent : '';
  const value = JSON.parse(text) as Record<string, unknown>;
  return { path, headers, text, body: value, report: translation.toString() };
}
