import { Injectable } from '@nestjs/common';
import { defer, from, mergeMap, type Observable } from 'rxjs';
import type { ChatChunk, ChatRequest, ChatResponse } from '../chat/chat.js';
import { MediaLoader } from '../contract/media.js';
import type { Dialect, Provider, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import { convertToEmbeddingsResponse } from '../embeddings/convert-to-embeddings-response.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import type { UpstreamCall } from '../upstream/upstream-call.js';
import { Upstream } from '../upstream/upstream.js';
import type { PendingMedia } from './convert-content.js';
import {
  addUsages,
  convertEmbeddingAnswer,
  convertToEmbeddingCalls,
  type EmbeddedSlice,
} from './convert-embeddings.js';
import { convertGeminiAnswer } from './convert-gemini-answer.js';
import { convertGeminiModels } from './convert-gemini-models.js';
import { convertGeminiStream } from './convert-gemini-stream.js';
import { convertToGeminiRequest } from './convert-to-gemini-request.js';
import { GEMINI_TRANSLATION } from './gemini-translation.js';

/** More would be an endless list. */
const MAX_PAGES = 50;

/** Google's Gemini in its own protocol, which says more than its OpenAI endpoint does. */
@Injectable()
export class GeminiProvider implements Provider {
  readonly type = 'gemini';
  readonly dialects: readonly Dialect[] = [];
  readonly translation = GEMINI_TRANSLATION;
  readonly wantsReasoningBack = true;
  readonly defaults: ProviderDefaults = {
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    // Never in the query, where the vendor also takes it and logs keep it.
    authentication: { header: 'x-goog-api-key', prefix: '' },
    requiresApiKey: true,
  };

  constructor(
    private readonly upstream: Upstream,
    private readonly media: MediaLoader,
  ) {}

  async chat(request: ChatRequest, target: Target): Promise<ChatResponse> {
    const converted = convertToGeminiRequest(request, target);
    await this.#load(converted.pending, target);
    const call = callOf(target, 'generateContent', converted.request);
    return convertGeminiAnswer(await this.upstream.json(call), target);
  }

  streamChat(request: ChatRequest, target: Target): Observable<ChatChunk> {
    return defer(() => {
      const converted = convertToGeminiRequest(request, target);
      const wantsUsage = request.body.value.stream_options?.include_usage === true;
      const stream = () => {
        const call = callOf(target, 'streamGenerateContent?alt=sse', converted.request);
        return convertGeminiStream(this.upstream.events(call), target, wantsUsage);
      };
      if (converted.pending.length === 0) return stream();
      return from(this.#load(converted.pending, target)).pipe(mergeMap(stream));
    });
  }

  async embed(request: EmbeddingsRequest, target: Target): Promise<EmbeddingsResponse> {
    const model = resourceOf(target.model);
    const slices: EmbeddedSlice[] = [];
    for (const call of convertToEmbeddingCalls(request, model, target)) {
      const answer = await this.upstream.json(callOf(target, call.method, call.body));
      slices.push(convertEmbeddingAnswer(answer.text, call, target));
    }
    return convertToEmbeddingsResponse(request, {
      vectors: slices.flatMap(({ vectors }) => vectors),
      model: target.model,
      usage: addUsages(slices),
    });
  }

  async listModels(target: Target): Promise<readonly ProviderModel[]> {
    const models: ProviderModel[] = [];
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const next = token === undefined ? '' : `&pageToken=${encodeURIComponent(token)}`;
      const path = `/models?pageSize=1000${next}`;
      const answer = await this.upstream.json({ target, method: 'GET', path });
      const { models: more, nextPageToken } = convertGeminiModels(answer.text, target);
      models.push(...more);
      if (nextPageToken === undefined || nextPageToken === token) break;
      token = nextPageToken;
    }
    return models;
  }

  async #load(pending: readonly PendingMedia[], target: Target): Promise<void> {
    await Promise.all(
      pending.map(async ({ blob, url, path }) => {
        const { mediaType, base64 } = await this.media.load(url, target, path);
        blob.mimeType = mediaType;
        blob.data = base64;
      }),
    );
  }
}

function callOf(target: Target, method: string, body: object): UpstreamCall {
  const [collection = '', name = ''] = resourceOf(target.model).split(/\/(.*)/s);
  // Whatever the name holds, it stays one segment of the path.
  const path = `/${collection}/${encodeURIComponent(name)}:${method}`;
  return { target, method: 'POST', path, body: JSON.stringify(body) };
}

/** A name may say itself that it is a model or a tuned one. */
function resourceOf(model: string): string {
  return /^(?:models|tunedModels)\/[^/]+$/.test(model) ? model : `models/${model}`;
}
