import { Injectable } from '@nestjs/common';
import type { ChatRequest } from '../chat/chat.js';
import type { ProviderDefaults } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import { OpenAiChatProvider } from '../openai-compatible/openai-chat.provider.js';
import { RuleBook } from '../openai-compatible/rules/rule-book.js';
import { BLACKBOX_RULES } from './blackbox-rules.js';

const RULES = new RuleBook(BLACKBOX_RULES);

/** Blackbox AI, a router with a chat endpoint; it documents no list of its models. */
@Injectable()
export class BlackboxProvider extends OpenAiChatProvider {
  readonly type = 'blackbox';
  override readonly translation = RULES.table;
  readonly defaults: ProviderDefaults = {
    baseUrl: 'https://api.blackbox.ai',
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: true,
  };

  protected override requestBody(request: ChatRequest, target: Target): string {
    return RULES.rewrite(request.body, target);
  }
}
