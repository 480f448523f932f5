import { Injectable } from '@nestjs/common';
import { defer, type Observable } from 'rxjs';
import type { ChatChunk, ChatRequest, ChatResponse } from '../chat/chat.js';
import { PASSES_EVERYTHING } from '../chat/passes-everything.js';
import type { CompletionRecord } from '../completions/completions.js';
import type { NativeDialect, NativeRequest } from '../contract/native.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import type { Dialect, Provider, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Relay, RelayedEndpoint, RelayRequest, RelayStep } from '../contract/relay.js';
import type { Target } from '../contract/target.js';
import type { TranslationTable } from '../contract/translation.js';
import type { TokenUsage } from '../contract/token-usage.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import type { UpstreamCall } from '../upstream/upstream-call.js';
import { Upstream } from '../upstream/upstream.js';
import { completionsDialect } from './completions-dialect.js';
import { convertOpenAiModels } from './convert-openai-models.js';
import { convertOpenAiStream } from './convert-openai-stream.js';
import { convertOpenAiUsage } from './convert-openai-usage.js';
import type { OpenAiChunk } from './openai-api.js';
import type { ChunkRepair } from './openai-stream-reader.js';
import { readChatCompletion } from './read-chat-completion.js';
import { readEmbeddings } from './read-embeddings.js';
import { convertRelayedAnswer } from './relay/convert-relayed-answer.js';
import { RepairChatChunk } from './repair-chat-chunk.js';
import { repairChatCompletion } from './repair-chat-completion.js';
import { RepairTextChunk } from './repair-text-completion.js';
import { OpenAiResponses, type ResponsesEndpoint } from './responses/openai-responses.js';

const FAILURES: ReadonlySet<string> = new Set(['error']);

/**
 * Whoever speaks OpenAI's chat protocol, well or less well. A vendor extends this class, declares
 * what it does differently, and adds the methods of what else it can do.
 */
@Injectable()
export abstract class OpenAiChatProvider implements Provider {
  abstract readonly type: string;
  abstract readonly defaults: ProviderDefaults;
  readonly dialects: readonly Dialect[] = ['chat'];
  readonly translation: TranslationTable = PASSES_EVERYTHING;

  /** Where the vendor takes the caller's own id of a request. */
  protected readonly requestIdHeader: string = 'x-request-id';
  /** Finish reasons that say that the vendor failed. */
  protected readonly failures: ReadonlySet<string> = FAILURES;

  constructor(protected readonly upstream: Upstream) {}

  async chat(request: ChatRequest, target: Target): Promise<ChatResponse> {
    const response = await this.upstream.json(this.#chatCall(request, target));
    return readChatCompletion(response, {
      ...this.#readingOf(target),
      repair: (completion) => this.repairCompletion(completion, target),
    });
  }

  streamChat(request: ChatRequest, target: Target): Observable<ChatChunk> {
    return defer(() =>
      convertOpenAiStream(this.upstream.events(this.#chatCall(request, target)), {
        ...this.#readingOf(target),
        repair: this.chunkRepair(target),
      }),
    );
  }

  /** For vendors that list their models. */
  protected async readModels(target: Target): Promise<readonly ProviderModel[]> {
    return convertOpenAiModels(
      await this.upstream.json({ target, method: 'GET', path: this.path('/models', target) }),
    );
  }

  /** For vendors that have embeddings. */
  protected async readEmbeddings(
    request: EmbeddingsRequest,
    target: Target,
  ): Promise<EmbeddingsResponse> {
    const response = await this.upstream.json(this.#call('/embeddings', request.body.text, target));
    return readEmbeddings(response, request, {
      target,
      convertUsage: (raw) => this.convertUsage(raw, undefined, target),
    });
  }

  /** For vendors that have some of these endpoints. */
  protected relayTo(endpoints: ReadonlySet<RelayedEndpoint>): Relay {
    return { endpoints, send: (request, target) => this.#send(request, target) };
  }

  /**
   * For vendors that have the older completions too.
   * @param isSpokenBy where not every instance of the type has them, or not for every model
   */
  protected completions(
    isSpokenBy?: (instance: ProviderInstance, model: string) => boolean,
  ): NativeDialect<CompletionRecord> {
    return completionsDialect({
      upstream: this.upstream,
      isSpokenBy,
      callOf: (request, target) =>
        this.#call('/completions', this.completionsBody(request, target), target),
      readingOf: (target) => this.#readingOf(target),
      chunkRepair: (target) => this.textChunkRepair(target),
    });
  }

  /** For vendors that have the Responses API too, all of it or the core, all their instances or some. */
  protected responses(
    extent: Pick<ResponsesEndpoint, 'isSpokenBy' | 'countsTokens' | 'compacts' | 'repair'> = {},
  ): NativeDialect {
    return new OpenAiResponses(this.upstream, {
      path: (endpoint, target) => this.path(endpoint, target),
      headers: (target) => this.headers(target),
      ...extent,
    });
  }

  /** JSON text of the call; by default what the client sent. */
  protected requestBody(request: ChatRequest, _target: Target): string {
    return request.body.text;
  }

  /** The same of a call of the older completions. */
  protected completionsBody(request: NativeRequest, _target: Target): string {
    return request.body.text;
  }

  /** Where an endpoint of the protocol is, below the instance's base URL. */
  protected path(endpoint: string, _target: Target): string {
    return endpoint;
  }

  protected headers(target: Target): Readonly<Record<string, string>> {
    return { [this.requestIdHeader]: target.requestId };
  }

  protected convertUsage(
    raw: unknown,
    serviceTier: unknown,
    _target: Target,
  ): TokenUsage | undefined {
    return convertOpenAiUsage(raw, serviceTier);
  }

  /** Undefined for a vendor whose chunks need none. */
  protected chunkRepair(target: Target): ChunkRepair | undefined {
    return new RepairChatChunk(target);
  }

  /** For the older completions. */
  protected textChunkRepair(target: Target): ChunkRepair {
    return new RepairTextChunk(target);
  }

  /** Changes the answer in place; true when it did. */
  protected repairCompletion(completion: OpenAiChunk, target: Target): boolean {
    return repairChatCompletion(completion, target);
  }

  #send({ endpoint, body }: RelayRequest, target: Target): Observable<RelayStep> {
    return convertRelayedAnswer(
      (began) => {
        const path = this.path(`/${endpoint}`, target);
        const headers = this.headers(target);
        return this.upstream.bytes({ target, method: 'POST', path, body, headers }, began);
      },
      endpoint,
      target,
    );
  }

  #chatCall(request: ChatRequest, target: Target): UpstreamCall {
    return this.#call('/chat/completions', this.requestBody(request, target), target);
  }

  #call(endpoint: string, body: string, target: Target): UpstreamCall {
    const path = this.path(endpoint, target);
    return { target, method: 'POST', path, body, headers: this.headers(target) };
  }

  #readingOf(target: Target) {
    return {
      instance: target.instance,
      failures: this.failures,
      convertUsage: (raw: unknown, tier: unknown) => this.convertUsage(raw, tier, target),
    };
  }
}
