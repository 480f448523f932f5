import { Injectable } from '@nestjs/common';
import { defer, lastValueFrom, toArray, type Observable } from 'rxjs';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ChatChunk, ChatRequest, ChatResponse } from '../chat/chat.js';
import { convertToEmbeddingsResponse } from '../embeddings/convert-to-embeddings-response.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import { PASSES_EVERYTHING } from '../chat/passes-everything.js';
import type { Dialect, Provider, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import { convertSimulatedAnswer } from './convert-simulated-answer.js';
import { convertSimulatedStream } from './convert-simulated-stream.js';
import { convertSimulatedUsage } from './convert-simulated-usage.js';
import { convertToSimulatedRequest } from './convert-to-simulated-request.js';
import { playSimulatedPieces } from './play-simulated-pieces.js';
import { convertToSimulatedEmbedding } from './convert-to-simulated-embedding.js';
import { embedSimulated } from './embed-simulated.js';
import type { SimulatedRequest } from './simulated-api.js';
import { SIMULATED_MODELS } from './simulated-models.js';
import { simulatedSettings } from './simulated-settings.js';
import { answerSimulated } from './simulated-vendor.js';

/**
 * A vendor within the process, for a first look, for tests and as the example to write others by.
 * The same request always gets the same answer.
 */
@Injectable()
export class SimulatedProvider implements Provider {
  readonly type = 'simulated';
  readonly dialects: readonly Dialect[] = ['chat'];
  readonly translation = PASSES_EVERYTHING;
  readonly settings = simulatedSettings;
  readonly defaults: ProviderDefaults = {
    baseUrl: 'http://simulated.invalid',
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: false,
    breaker: { enabled: false },
  };

  async chat(request: ChatRequest, target: Target): Promise<ChatResponse> {
    const simulated = this.#convert(request, target);
    const pieces = await lastValueFrom(this.#play(simulated, target).pipe(toArray()));
    const envelope = { ...envelopeOf(simulated, target), object: 'chat.completion' as const };
    const { completion, tally, characters } = convertSimulatedAnswer(pieces, envelope);
    return {
      body: JsonDocument.fromValue(completion),
      usage: convertSimulatedUsage(tally),
      characters,
    };
  }

  streamChat(request: ChatRequest, target: Target): Observable<ChatChunk> {
    return defer(() => {
      const simulated = this.#convert(request, target);
      const envelope = {
        ...envelopeOf(simulated, target),
        object: 'chat.completion.chunk' as const,
      };
      const wantsUsage = request.body.value.stream_options?.include_usage === true;
      return convertSimulatedStream(this.#play(simulated, target), envelope, wantsUsage);
    });
  }

  async embed(request: EmbeddingsRequest, target: Target): Promise<EmbeddingsResponse> {
    const { vectors, tally } = embedSimulated(convertToSimulatedEmbedding(request, target));
    const usage = convertSimulatedUsage({ ...tally, thought: 0, written: 0 });
    return convertToEmbeddingsResponse(request, { vectors, model: target.model, usage });
  }

  async listModels(): Promise<readonly ProviderModel[]> {
    return SIMULATED_MODELS;
  }

  #convert(request: ChatRequest, target: Target): SimulatedRequest {
    const settings = simulatedSettings.parse(target.instance.settings);
    return convertToSimulatedRequest(request, target, settings);
  }

  #play(request: SimulatedRequest, target: Target) {
    return playSimulatedPieces(answerSimulated(request), request.pace, target);
  }
}

function envelopeOf(request: SimulatedRequest, target: Target) {
  return {
    id: `chatcmpl-${request.seed}`,
    created: Math.floor(Date.now() / 1000),
    model: target.model,
    system_fingerprint: 'fp_simulated',
  };
}
