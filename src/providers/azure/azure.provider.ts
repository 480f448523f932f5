import { Injectable } from '@nestjs/common';
import type { ChatRequest } from '../chat/chat.js';
import type { Dialect, ProviderDefaults } from '../contract/provider.js';
import type { ProviderInstance } from '../contract/provider-instance.js';
import type { Target } from '../contract/target.js';
import type { EmbeddingsRequest, EmbeddingsResponse } from '../embeddings/embeddings.js';
import { OpenAiChatProvider } from '../openai-compatible/openai-chat.provider.js';
import { AZURE_ENDPOINTS } from '../openai-compatible/relay/endpoints.js';
import { RepairChatChunk } from '../openai-compatible/repair-chat-chunk.js';
import { RepairTextChunk } from '../openai-compatible/repair-text-completion.js';
import { isChatOnly } from '../openai-compatible/rules/chat-only-models.js';
import { OPENAI_RULES } from '../openai-compatible/rules/openai-rules.js';
import { RuleBook } from '../openai-compatible/rules/rule-book.js';
import { azurePath } from './azure-path.js';
import { azureSettings } from './azure-settings.js';
import { RepairAzureChunk } from './repair-azure-chunk.js';

const RULES = new RuleBook(OPENAI_RULES);

/**
 * OpenAI's models in a customer's own resource, under the names of its deployments. The list of
 * models there is of what could be deployed, so this type has none.
 */
@Injectable()
export class AzureProvider extends OpenAiChatProvider {
  readonly type = 'azure';
  override readonly dialects: readonly Dialect[] = ['chat', 'responses', 'completions'];
  override readonly translation = RULES.table;
  readonly settings = azureSettings;
  readonly defaults: ProviderDefaults = {
    authentication: { header: 'api-key', prefix: '' },
    requiresApiKey: true,
  };
  readonly native = {
    completions: this.completions((instance, model) => !isChatOnly(modelBehind(instance, model))),
    responses: this.responses({
      /** Only this style has it. */
      isSpokenBy: ({ settings }) => azureSettings.parse(settings).urlStyle === 'v1',
      compacts: true,
    }),
  };

  readonly relay = this.relayTo(AZURE_ENDPOINTS);

  protected override readonly requestIdHeader = 'x-ms-client-request-id';

  embed(request: EmbeddingsRequest, target: Target): Promise<EmbeddingsResponse> {
    return this.readEmbeddings(request, target);
  }

  protected override requestBody(request: ChatRequest, target: Target): string {
    return RULES.rewrite(request.body, target, modelBehind(target.instance, target.model));
  }

  protected override path(endpoint: string, { instance, model }: Target): string {
    return azurePath(endpoint, instance.baseUrl, model, azureSettings.parse(instance.settings));
  }

  protected override chunkRepair(target: Target): RepairAzureChunk {
    return new RepairAzureChunk(new RepairChatChunk(target));
  }

  protected override textChunkRepair(target: Target): RepairAzureChunk {
    return new RepairAzureChunk(new RepairTextChunk(target));
  }
}

/** Which model a deployment serves, as far as its name or the settings say. */
function modelBehind({ settings }: ProviderInstance, deployment: string): string {
  return azureSettings.parse(settings).deployments[deployment] ?? deployment;
}
