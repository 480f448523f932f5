import { Injectable } from '@nestjs/common';
import { defer, type Observable } from 'rxjs';
import type { ChatChunk, ChatRequest, ChatResponse } from '../chat/chat.js';
import type { Dialect, Provider, ProviderDefaults, ProviderModel } from '../contract/provider.js';
import type { Target } from '../contract/target.js';
import type { NativeDialect } from '../contract/native.js';
import type { UpstreamCall } from '../upstream/upstream-call.js';
import { Upstream } from '../upstream/upstream.js';
import type { UsageReporting } from '../contract/usage-report.js';
import { AnthropicUsageReporting } from './anthropic-usage-reporting.js';
import { anthropicHeaders } from './anthropic-headers.js';
import { ANTHROPIC_TRANSLATION } from './anthropic-translation.js';
import { convertAnthropicModels } from './convert-anthropic-models.js';
import { convertAnthropicStream } from './convert-anthropic-stream.js';
import { findModelFamily } from './anthropic-models.js';
import { thinkingBudget } from './convert-thinking.js';
import { convertToAnthropicRequest, type AnthropicCall } from './convert-to-anthropic-request.js';
import { NativeMessages } from './native-messages.js';
import { readAnthropicMessage } from './read-anthropic-message.js';

/** More than Anthropic has models for, so that a list that never ends does not keep us. */
const MAX_PAGES = 20;

/** Anthropic's Messages API. */
@Injectable()
export class AnthropicProvider implements Provider {
  readonly type = 'anthropic';
  readonly dialects: readonly Dialect[] = ['messages'];
  readonly translation = ANTHROPIC_TRANSLATION;
  readonly wantsReasoningBack = true;
  readonly defaults: ProviderDefaults = {
    baseUrl: 'https://api.anthropic.com',
    authentication: { header: 'x-api-key', prefix: '' },
    requiresApiKey: true,
  };

  readonly native: { readonly messages: NativeDialect };
  readonly usageReporting: UsageReporting;

  constructor(private readonly upstream: Upstream) {
    this.native = { messages: new NativeMessages(upstream) };
    this.usageReporting = new AnthropicUsageReporting(upstream);
  }

  thinkingBeyond(model: string, effort: string): number {
    return thinkingBudget(effort, findModelFamily(model));
  }

  async chat(request: ChatRequest, target: Target): Promise<ChatResponse> {
    const call = convertToAnthropicRequest(request.body.value, target);
    const response = await this.upstream.json(messagesCall(call, target));
    return readAnthropicMessage(response, call.form, target);
  }

  streamChat(request: ChatRequest, target: Target): Observable<ChatChunk> {
    return defer(() => {
      const body = request.body.value;
      const call = convertToAnthropicRequest(body, target);
      const streamed = { ...call, body: { ...call.body, stream: true as const } };
      return convertAnthropicStream(this.upstream.events(messagesCall(streamed, target)), {
        target,
        form: call.form,
        wantsUsage: body.stream_options?.include_usage === true,
      });
    });
  }

  async listModels(target: Target): Promise<readonly ProviderModel[]> {
    const models: ProviderModel[] = [];
    let after: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const from = after === undefined ? '' : `&after_id=${encodeURIComponent(after)}`;
      const path = `/v1/models?limit=1000${from}`;
      const headers = anthropicHeaders(target);
      const response = await this.upstream.json({ target, method: 'GET', path, headers });
      const { models: more, nextAfter } = convertAnthropicModels(response);
      models.push(...more);
      if (nextAfter === undefined || nextAfter === after) break;
      after = nextAfter;
    }
    return models;
  }
}

function messagesCall({ body, betas }: AnthropicCall, target: Target): UpstreamCall {
  return {
    target,
    method: 'POST',
    path: '/v1/messages',
    body: JSON.stringify(body),
    headers: anthropicHeaders(target, betas),
  };
}
