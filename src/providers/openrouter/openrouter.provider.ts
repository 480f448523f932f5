import { Injectable } from '@nestjs/common';
import { scanObject, withMembers } from '../../common/json/json-text.js';
import type { ChatRequest } from '../chat/chat.js';
import type { NativeRequest } from '../contract/native.js';
import type { Dialect, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import { OpenAiChatProvider } from '../openai-compatible/openai-chat.provider.js';
import { RuleBook } from '../openai-compatible/rules/rule-book.js';
import { convertOpenRouterModels } from './convert-openrouter-models.js';
import { OPENROUTER_RULES } from './openrouter-rules.js';
import type { UsageReporting } from '../contract/usage-report.js';
import { OpenRouterUsageReporting } from './openrouter-usage-reporting.js';
import { openRouterSettings } from './openrouter-settings.js';

const RULES = new RuleBook(OPENROUTER_RULES);

/** OpenRouter, which passes requests on to whoever serves the model and says what each cost. */
@Injectable()
export class OpenRouterProvider extends OpenAiChatProvider {
  readonly type = 'openrouter';
  override readonly dialects: readonly Dialect[] = ['chat', 'completions'];
  readonly native = { completions: this.completions() };
  override readonly translation = RULES.table;
  readonly wantsReasoningBack = true;
  readonly usageReporting: UsageReporting = new OpenRouterUsageReporting(this.upstream);
  readonly settings = openRouterSettings;
  readonly defaults: ProviderDefaults = {
    baseUrl: 'https://openrouter.ai/api/v1',
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: true,
  };

  async listModels(target: Target): Promise<readonly ProviderModel[]> {
    return convertOpenRouterModels(
      await this.upstream.json({ target, method: 'GET', path: '/models' }),
    );
  }

  embed(request: EmbeddingsRequest, target: Target): Promise<EmbeddingsResponse> {
    return this.readEmbeddings(request, target);
  }

  protected override requestBody(request: ChatRequest, target: Target): string {
    return RULES.rewrite(request.body, target);
  }

  /** What the call cost is told only to those who ask. */
  protected override completionsBody({ body }: NativeRequest): string {
    if (body.value['usage'] !== undefined) return body.text;
    const { text } = body;
    return withMembers(text, scanObject(text, { maxDepth: Infinity }), {
      usage: '{"include":true}',
    });
  }

  protected override headers(target: Target): Readonly<Record<string, string>> {
    const { siteUrl, siteName } = openRouterSettings.parse(target.instance.settings);
    return {
      ...super.headers(target),
      ...(siteUrl !== undefined && { 'http-referer': siteUrl }),
      ...(siteName !== undefined && { 'x-title': siteName }),
    };
  }
}
