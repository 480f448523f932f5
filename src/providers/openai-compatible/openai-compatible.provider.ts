import { Injectable } from '@nestjs/common';
import type { ChatRequest } from '../chat/chat.js';
import type { Dialect, Provider, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import type { TokenUsage } from '../contract/token-usage.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import { convertOpenAiUsage } from './convert-openai-usage.js';
import { OpenAiChatProvider } from './openai-chat.provider.js';
import { ALL_ENDPOINTS } from './relay/endpoints.js';
import { findPreset, presetSettings, PRESETS_TABLE } from './presets/presets.js';

/** Any endpoint that speaks OpenAI's protocol; a preset says how a known vendor deviates from it. */
@Injectable()
export class OpenAiCompatibleProvider extends OpenAiChatProvider {
  readonly type = 'openai-compatible';
  override readonly dialects: readonly Dialect[] = ['chat', 'completions'];
  readonly native = {
    completions: this.completions(({ settings }) => {
      const preset = findPreset(settings);
      return preset === undefined || preset.hasCompletions === true;
    }),
  };
  override readonly translation = PRESETS_TABLE;
  readonly settings = presetSettings;
  readonly defaults: ProviderDefaults = {
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: false,
  };

  readonly wantsReasoningBack: Provider['wantsReasoningBack'] = (settings) =>
    findPreset(settings)?.wantsReasoningBack ?? false;

  readonly relay = this.relayTo(ALL_ENDPOINTS);

  defaultsFor(settings: Readonly<Record<string, unknown>>): ProviderDefaults {
    const preset = findPreset(settings);
    if (preset === undefined) return this.defaults;
    const { baseUrl, requiresApiKey } = preset;
    return { ...this.defaults, baseUrl, requiresApiKey };
  }

  listModels(target: Target): Promise<readonly ProviderModel[]> {
    return this.readModels(target);
  }

  embed(request: EmbeddingsRequest, target: Target): Promise<EmbeddingsResponse> {
    return this.readEmbeddings(request, target);
  }

  protected override requestBody({ body }: ChatRequest, target: Target): string {
    return findPreset(target.instance.settings)?.book.rewrite(body, target) ?? body.text;
  }

  protected override convertUsage(
    raw: unknown,
    serviceTier: unknown,
    { instance }: Target,
  ): TokenUsage | undefined {
    return convertOpenAiUsage(raw, serviceTier, findPreset(instance.settings)?.usage);
  }
}
