import { describe, expect, it } from 'vitest';
import { JsonDocument } from '../../common/json/json-document.js';
import { ChatChunkWriter } from '../../providers/chat/chat-chunk-writer.js';
import type { ChatDelta } from '../../providers/chat/chat.js';
import type { ChatMessage } from '../../providers/chat/chat-api.js';
import type { ReasoningDetail } from '../../providers/chat/reasoning.js';
import { NO_USAGE } from '../../providers/contract/token-usage.js';
import { TranslationReport } from '../../providers/contract/translation.js';
import { convertFromMessagesRequest } from './convert-from-messages-request.js';
import { convertToMessagesResponse } from './convert-to-messages-response.js';
import type { ContentBlock } from './messages-answer-api.js';
import type { MessagesRequest } from './messages-api.js';
import { expectGrammar, readWithAnthropicSdk } from './messages-grammar.contract.js';
import { MessagesStream } from './messages-stream.js';
import { withoutForeignThinking } from './request/without-foreign-thinking.js';

/** What a model said, in the canonical form. */
interface Turn {
  readonly reasoning?: string;
  readonly details?: readonly ReasoningDetail[];
  readonly text?: string;
  readonly call?: { readonly id: string; readonly extra?: unknown };
}

const TURNS: ReadonlyArray<[string, Turn]> = [
  ['bare reasoning', { reasoning: 'hm', text: 'a', call: { id: 'call_1' } }],
  [
    "Anthropic's",
    {
      reasoning: 'hm',
      details: [
        {
          type: 'reasoning.text',
          text: 'hm',
          signature: 'c2ln',
          format: 'anthropic-claude-v1',
          index: 0,
        },
      ],
      call: { id: 'toolu_1' },
    },
  ],
  [
    "OpenAI's",
    {
      reasoning: 'hm',
      details: [
        {
          type: 'reasoning.summary',
          summary: 'hm',
          format: 'openai-responses-v1',
          index: 0,
          id: 'rs_1',
        },
        {
          type: 'reasoning.encrypted',
          data: 'aGlk',
          format: 'openai-responses-v1',
          index: 1,
          id: 'rs_1',
        },
      ],
      call: { id: 'call_1' },
    },
  ],
  [
    "Gemini's",
    {
      reasoning: 'hm',
      text: 'a',
      call: { id: 'call_1', extra: { google: { thought_signature: 'c2ln' } } },
    },
  ],
  [
    'hidden',
    {
      details: [
        { type: 'reasoning.encrypted', data: 'aGlk', format: 'xai-responses-v1', index: 0 },
      ],
      text: 'a',
    },
  ],
];

function chunksOf({ reasoning, details = [], text, call }: Turn): ChatDelta[] {
  const writer = new ChatChunkWriter({ id: 'chatcmpl-1', created: 1, model: 'm' }, true);
  return [
    writer.start(),
    ...(reasoning === undefined ? [] : [...reasoning].map((letter) => writer.reasoning(letter))),
    ...details.map((detail) => writer.reasoningDetail(detail)),
    ...(text === undefined ? [] : [writer.text(text)]),
    ...(call === undefined
      ? []
      : [
          writer.toolCall({
            index: 0,
            id: call.id,
            name: 'f',
            arguments: '{}',
            extraContent: call.extra,
          }),
        ]),
    writer.finish(call === undefined ? 'stop' : 'tool_calls'),
  ];
}

function messageOf({ reasoning, details, text, call }: Turn): ChatMessage {
  return {
    role: 'assistant',
    content: text ?? null,
    ...(reasoning !== undefined && { reasoning_content: reasoning }),
    ...(details !== undefined && { reasoning_details: details }),
    ...(call !== undefined && {
      tool_calls: [
        {
          id: call.id,
          type: 'function',
          function: { name: 'f', arguments: '{}' },
          ...(call.extra !== undefined && { extra_content: call.extra }),
        },
      ],
    }),
  };
}

async function streamed(turn: Turn, omitsThinking: boolean): Promise<ContentBlock[]> {
  const stream = new MessagesStream({ inputTokens: 1, model: 'm', omitsThinking });
  const events = chunksOf(turn).flatMap((chunk) => stream.delta(chunk));
  const all = [...events, ...stream.finish(NO_USAGE)];
  expectGrammar(all);
  const { content } = await readWithAnthropicSdk(all);
  return JSON.parse(JSON.stringify(content)) as ContentBlock[];
}

function whole(turn: Turn, omitsThinking: boolean): ContentBlock[] {
  const message = { refusal: null, ...messageOf(turn) } as never;
  const completion = {
    id: 'chatcmpl-1',
    object: 'chat.completion' as const,
    created: 1,
    model: 'm',
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' as const }],
  };
  const response = convertToMessagesResponse(completion, NO_USAGE, omitsThinking);
  return JsonDocument.fromValue(response).value.content;
}

function nextRequest(content: ContentBlock[]): MessagesRequest {
  return {
    model: 'm',
    max_tokens: 10,
    messages: [{ role: 'assistant', content }],
  };
}

describe('reasoning that a client keeps as it is', () => {
  const cases = TURNS.flatMap(([name, turn]) =>
    [false, true].map((omits) => ({ name: omits ? `${name}, not shown` : name, turn, omits })),
  );

  it.each(cases)('comes back from a stream: $name', async ({ turn, omits }) => {
    const report = new TranslationReport(true);
    const request = nextRequest(await streamed(turn, omits));
    expect(convertFromMessagesRequest(request, report).messages).toEqual([messageOf(turn)]);
  });

  it.each(cases)('comes back from a whole answer: $name', ({ turn, omits }) => {
    const report = new TranslationReport(true);
    const request = nextRequest(whole(turn, omits));
    expect(convertFromMessagesRequest(request, report).messages).toEqual([messageOf(turn)]);
  });
});

describe(withoutForeignThinking.name, () => {
  it("takes out what Anthropic did not sign, and leaves Anthropic's", () => {
    const report = new TranslationReport();
    const [, [, ours], [, theirs]] = TURNS as [unknown, [string, Turn], [string, Turn]];
    const kept = nextRequest(whole(ours, false));
    const stripped = withoutForeignThinking(nextRequest(whole(theirs, false)), report);

    expect(withoutForeignThinking(kept, report)).toBe(kept);
    expect(stripped.messages).toMatchObject([{ content: [{ type: 'tool_use' }] }]);
    expect(report.toString()).toBe('messages.thinking=dropped');
  });

  it('leaves out a turn of which nothing is left', () => {
    const [thinking] = whole({ reasoning: 'hm' }, false);
    const request = nextRequest([thinking!]);
    expect(withoutForeignThinking(request, new TranslationReport()).messages).toEqual([]);
  });
});
