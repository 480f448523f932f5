import { Injectable } from '@nestjs/common';
import type { ChatRequest } from '../chat/chat.js';
import type { Dialect, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import { OpenAiChatProvider } from '../openai-compatible/openai-chat.provider.js';
import { FILLED_RESPONSES } from '../openai-compatible/responses/repair-response.js';
import { RuleBook } from '../openai-compatible/rules/rule-book.js';
import { XAI_RULES } from './xai-rules.js';

const RULES = new RuleBook(XAI_RULES);

/** xAI, which counts reasoning beside the completion and says what a call cost. */
@Injectable()
export class XaiProvider extends OpenAiChatProvider {
  readonly type = 'xai';
  override readonly dialects: readonly Dialect[] = ['chat', 'responses'];
  override readonly translation = RULES.table;
  readonly defaults: ProviderDefaults = {
    baseUrl: 'https://api.x.ai/v1',
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: true,
  };
  /** Its answers lack what would be null, and say what its own tools did in a form of their own. */
  readonly native = { responses: this.responses({ repair: FILLED_RESPONSES }) };

  readonly relay = this.relayTo(new Set(['images/generations'] as const));

  listModels(target: Target): Promise<readonly ProviderModel[]> {
    return this.readModels(target);
  }

  protected override requestBody(request: ChatRequest, target: Target): string {
    return RULES.rewrite(request.body, target);
  }
}
