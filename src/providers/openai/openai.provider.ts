import { Injectable } from '@nestjs/common';
import type { ChatRequest } from '../chat/chat.js';
import type { Dialect, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import { OpenAiChatProvider } from '../openai-compatible/openai-chat.provider.js';
import { OPENAI_ENDPOINTS } from '../openai-compatible/relay/endpoints.js';
import { isChatOnly } from '../openai-compatible/rules/chat-only-models.js';
import { OPENAI_RULES } from '../openai-compatible/rules/openai-rules.js';
import { RuleBook } from '../openai-compatible/rules/rule-book.js';
import type { UsageReporting } from '../contract/usage-report.js';
import { OpenAiUsageReporting } from './openai-usage-reporting.js';

const RULES = new RuleBook(OPENAI_RULES);

/** OpenAI itself, whose answers need no repair: they go through byte for byte. */
@Injectable()
export class OpenAiProvider extends OpenAiChatProvider {
  readonly type = 'openai';
  override readonly dialects: readonly Dialect[] = ['chat', 'responses', 'completions'];
  override readonly translation = RULES.table;
  readonly defaults: ProviderDefaults = {
    baseUrl: 'https://api.openai.com/v1',
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: true,
  };

  readonly native = {
    responses: this.responses({ countsTokens: true, compacts: true }),
    completions: this.completions((_instance, model) => !isChatOnly(model)),
  };
  readonly relay = this.relayTo(OPENAI_ENDPOINTS);
  readonly usageReporting: UsageReporting = new OpenAiUsageReporting(this.upstream);

  protected override readonly requestIdHeader = 'x-client-request-id';

  listModels(target: Target): Promise<readonly ProviderModel[]> {
    return this.readModels(target);
  }

  embed(request: EmbeddingsRequest, target: Target): Promise<EmbeddingsResponse> {
    return this.readEmbeddings(request, target);
  }

  protected override requestBody(request: ChatRequest, target: Target): string {
    return RULES.rewrite(request.body, target);
  }

  protected override chunkRepair(): undefined {
    return undefined;
  }

  protected override repairCompletion(): boolean {
    return false;
  }
}
