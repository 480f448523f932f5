import { Injectable } from '@nestjs/common';
import { catchError, defer, from, switchMap, throwError, type Observable } from 'rxjs';
import type { ChatChunk, ChatRequest, ChatResponse } from '../chat/chat.js';
import { MediaLoader } from '../contract/media.js';
import type { Dialect, Provider, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import type { UpstreamCall, UpstreamResponse } from '../upstream/upstream-call.js';
import { Upstream } from '../upstream/upstream.js';
import { convertOllamaAnswer } from './convert-ollama-answer.js';
import {
  convertOllamaEmbeddings,
  convertToOllamaEmbedRequest,
} from './convert-ollama-embeddings.js';
import { convertOllamaModels } from './convert-ollama-models.js';
import { convertOllamaStream } from './convert-ollama-stream.js';
import { convertToOllamaRequest } from './convert-to-ollama-request.js';
import { explainMissingModel } from './explain-missing-model.js';
import { loadMedia } from './load-media.js';
import { ollamaSettings } from './ollama-settings.js';
import { OLLAMA_TRANSLATION } from './ollama-translation.js';

/**
 * Ollama by its native API: its OpenAI-compatible one ignores several fields, and cannot be told
 * how much context a model shall have and how long it shall stay loaded.
 */
@Injectable()
export class OllamaProvider implements Provider {
  readonly type = 'ollama';
  readonly dialects: readonly Dialect[] = [];
  readonly translation = OLLAMA_TRANSLATION;
  readonly settings = ollamaSettings;
  readonly wantsReasoningBack = true;
  readonly defaults: ProviderDefaults = {
    baseUrl: 'http://127.0.0.1:11434',
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: false,
  };

  constructor(
    private readonly upstream: Upstream,
    private readonly media: MediaLoader,
  ) {}

  async chat(request: ChatRequest, target: Target): Promise<ChatResponse> {
    const response = await this.#json(await this.#chatCall(request, target, false));
    return convertOllamaAnswer(response, target);
  }

  streamChat(request: ChatRequest, target: Target): Observable<ChatChunk> {
    const wantsUsage = request.body.value.stream_options?.include_usage === true;
    return defer(() => from(this.#chatCall(request, target, true))).pipe(
      switchMap((call) => convertOllamaStream(this.upstream.events(call), target, wantsUsage)),
      catchError((error: unknown) => throwError(() => explainMissingModel(error))),
    );
  }

  async embed(request: EmbeddingsRequest, target: Target): Promise<EmbeddingsResponse> {
    const settings = ollamaSettings.parse(target.instance.settings);
    const body = JSON.stringify(convertToOllamaEmbedRequest(request, target, settings));
    const response = await this.#json({ target, method: 'POST', path: '/api/embed', body });
    return convertOllamaEmbeddings(request, response, target);
  }

  async listModels(target: Target): Promise<readonly ProviderModel[]> {
    return convertOllamaModels(
      await this.upstream.json({ target, method: 'GET', path: '/api/tags' }),
    );
  }

  async #chatCall(request: ChatRequest, target: Target, stream: boolean): Promise<UpstreamCall> {
    const settings = ollamaSettings.parse(target.instance.settings);
    const converted = convertToOllamaRequest(request, target, { settings, stream });
    const body = JSON.stringify(await loadMedia(converted, this.media, target));
    return { target, method: 'POST', path: '/api/chat', body, framing: 'ndjson' };
  }

  async #json(call: UpstreamCall): Promise<UpstreamResponse> {
    try {
      return await this.upstream.json(call);
    } catch (error) {
      throw explainMissingModel(error);
    }
  }
}
