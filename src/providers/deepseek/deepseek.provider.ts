import { Injectable } from '@nestjs/common';
import type { ChatRequest } from '../chat/chat.js';
import type { Dialect, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import { OpenAiChatProvider } from '../openai-compatible/openai-chat.provider.js';
import { RuleBook } from '../openai-compatible/rules/rule-book.js';
import { DEEPSEEK_BETA_RULES, DEEPSEEK_RULES, isBeta } from './deepseek-rules.js';

const RULES = new RuleBook(DEEPSEEK_RULES);
const BETA_RULES = new RuleBook(DEEPSEEK_BETA_RULES);

/** DeepSeek, which wants the reasoning of its tool calls back. */
@Injectable()
export class DeepSeekProvider extends OpenAiChatProvider {
  readonly type = 'deepseek';
  override readonly dialects: readonly Dialect[] = ['chat', 'completions'];
  readonly native = { completions: this.completions(({ baseUrl }) => isBeta(baseUrl)) };
  override readonly translation = RULES.table;
  readonly wantsReasoningBack = true;
  readonly defaults: ProviderDefaults = {
    baseUrl: 'https://api.deepseek.com',
    authentication: { header: 'authorization', prefix: 'Bearer ' },
    requiresApiKey: true,
  };

  protected override readonly failures = new Set(['error', 'insufficient_system_resource']);

  listModels(target: Target): Promise<readonly ProviderModel[]> {
    return this.readModels(target);
  }

  protected override requestBody(request: ChatRequest, target: Target): string {
    const rules = isBeta(target.instance.baseUrl) ? BETA_RULES : RULES;
    return rules.rewrite(request.body, target);
  }
}
