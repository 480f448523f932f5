import { Injectable } from '@nestjs/common';
import { defer, type Observable } from 'rxjs';
import type { ChatChunk, ChatRequest, ChatResponse } from '../chat/chat.js';
import { PASSES_EVERYTHING } from '../chat/passes-everything.js';
import type { Dialect, Provider, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import type { TranslationTable } from '../contract/translation.js';
import type { TokenUsage } from '../contract/token-usage.js';
import type { UpstreamCall } from '../upstream/upstream-call.js';
import { Upstream } from '../upstream/upstream.js';
import { convertOpenAiModels } from './convert-openai-models.js';
import { convertOpenAiStream } from './convert-openai-stream.js';
import { convertOpenAiUsage } from './convert-openai-usage.js';
import type { OpenAiChunk } from './openai-api.js';
import type { ChunkRepair } from './openai-stream-reader.js';
import { readChatCompletion } from './read-chat-completion.js';
import { RepairChatChunk } from './repair-chat-chunk.js';
import { repairChatCompletion } from './repair-chat-completion.js';

/**
 * Any endpoint that speaks OpenAI's chat protocol, well or less well. A vendor of its own extends
 * this class and overrides what it does differently.
 */
@Injectable()
export class OpenAiCompatibleProvider implements Provider {
  readonly type: string = 'openai-compatible';
  readonly dialects: readonly Dialect[] = ['chat'];
  readonly translation: TranslationTable = PASSES_EVERYTHING;
  readonly defaults: ProviderDefaults = {
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: false,
  };

  /** Where the vendor takes the caller's own id of a request. */
  protected readonly requestIdHeader: string = 'x-request-id';

  constructor(protected readonly upstream: Upstream) {}

  async chat(request: ChatRequest, target: Target): Promise<ChatResponse> {
    const response = await this.upstream.json(this.#chatCall(request, target));
    return readChatCompletion(response, {
      instance: target.instance,
      convertUsage: (raw, tier) => this.convertUsage(raw, tier),
      repair: (completion) => this.repairCompletion(completion, target),
    });
  }

  streamChat(request: ChatRequest, target: Target): Observable<ChatChunk> {
    return defer(() =>
      convertOpenAiStream(this.upstream.events(this.#chatCall(request, target)), {
        instance: target.instance,
        convertUsage: (raw, tier) => this.convertUsage(raw, tier),
        repair: this.chunkRepair(target),
      }),
    );
  }

  async listModels(target: Target): Promise<readonly ProviderModel[]> {
    return convertOpenAiModels(
      await this.upstream.json({ target, method: 'GET', path: '/models' }),
    );
  }

  /** JSON text of the call; by default what the client sent. */
  protected requestBody(request: ChatRequest, _target: Target): string {
    return request.body.text;
  }

  protected convertUsage(raw: unknown, serviceTier: unknown): TokenUsage | undefined {
    return convertOpenAiUsage(raw, serviceTier);
  }

  /** Undefined for a vendor whose chunks need none. */
  protected chunkRepair(target: Target): ChunkRepair | undefined {
    return new RepairChatChunk(target);
  }

  /** Changes the answer in place; true when it did. */
  protected repairCompletion(completion: OpenAiChunk, target: Target): boolean {
    return repairChatCompletion(completion, target);
  }

  #chatCall(request: ChatRequest, target: Target): UpstreamCall {
    return {
      target,
      method: 'POST',
      path: '/chat/completions',
      body: this.requestBody(request, target),
      headers: { [this.requestIdHeader]: target.requestId },
    };
  }
}
