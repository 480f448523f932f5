import { Injectable } from '@nestjs/common';
import type { ProviderDefaults } from '../contract/provider.js';
import { OpenAiCompatibleProvider } from '../openai-compatible/openai-compatible.provider.js';

/** OpenAI itself, whose answers need no repair: they go through byte for byte. */
@Injectable()
export class OpenAiProvider extends OpenAiCompatibleProvider {
  override readonly type = 'openai';
  override readonly defaults: ProviderDefaults = {
    baseUrl: 'https://api.openai.com/v1',
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: true,
  };

  protected override readonly requestIdHeader = 'x-client-request-id';

  protected override chunkRepair(): undefined {
    return undefined;
  }

  protected override repairCompletion(): boolean {
    return false;
  }
}
