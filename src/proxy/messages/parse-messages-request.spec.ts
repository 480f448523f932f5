import { describe, expect, it } from 'vitest';
import { parseCountTokensRequest, parseMessagesRequest } from './parse-messages-request.js';

const REQUEST = { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] };

function user(...content: unknown[]) {
  return { messages: [{ role: 'user', content }] };
}

describe(parseMessagesRequest.name, () => {
  it.each<[string, object]>([
    ['the least', {}],
    ['unknown members', { context_management: { edits: [] } }],
    ['unknown blocks', user({ type: 'container_upload', file_id: 'file_1' })],
    [
      'a search result, whose source is a text',
      user({
        type: 'search_result',
        title: 't',
        source: 'https://a.test',
        content: [{ type: 'text', text: 'a' }],
      }),
    ],
    [
      'a document of blocks',
      user({
        type: 'document',
        source: { type: 'content', content: [{ type: 'text', text: 'a' }] },
      }),
    ],
    ['a result without content', user({ type: 'tool_result', tool_use_id: 'a' })],
    ['thinking', { thinking: { type: 'enabled', budget_tokens: 1024 } }],
    ["Anthropic's own tools", { tools: [{ type: 'bash_20250124', name: 'bash' }] }],
    ['a tool choice', { tool_choice: { type: 'any', disable_parallel_tool_use: true } }],
    ['instructions in between', { messages: [{ role: 'system', content: 'Be brief.' }] }],
    ['no tokens, to fill the cache', { max_tokens: 0 }],
  ])('takes %s', (_name, members) => {
    expect(parseMessagesRequest({ ...REQUEST, ...members })).toMatchObject(members);
  });

  it.each<[string, object]>([
    ['model', { model: undefined }],
    ['max_tokens', { max_tokens: undefined }],
    ['max_tokens', { max_tokens: 1.5 }],
    ['messages', { messages: [] }],
    ['messages[0].role', { messages: [{ role: 'tool', content: '' }] }],
    ['messages[0].content', { messages: [{ role: 'user' }] }],
    ['messages[0].content[0].type', user({ text: 'a' })],
    ['messages[0].content[0].text', user({ type: 'text' })],
    [
      'messages[0].content[1].id',
      user({ type: 'text', text: '' }, { type: 'tool_use', name: 'f', input: {} }),
    ],
    ['messages[0].content[0].input', user({ type: 'tool_use', id: 'a', name: 'f', input: '{}' })],
    ['messages[0].content[0].tool_use_id', user({ type: 'tool_result' })],
    ['messages[0].content[0].source', user({ type: 'image' })],
    [
      'messages[0].content[0].source.data',
      user({ type: 'image', source: { type: 'base64', media_type: 'image/png' } }),
    ],
    [
      'messages[0].content[0].content[0].text',
      user({ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text' }] }),
    ],
    ['temperature', { temperature: 1.5 }],
    ['thinking.budget_tokens', { thinking: { type: 'enabled', budget_tokens: 10 } }],
    ['thinking.type', { thinking: { type: 'hard' } }],
    ['tools[0].input_schema', { tools: [{ name: 'f' }] }],
    ['tool_choice.name', { tool_choice: { type: 'tool' } }],
    ['service_tier', { service_tier: 'fast' }],
    ['output_config.format.schema', { output_config: { format: { type: 'json_schema' } } }],
  ])('refuses a wrong %s', (param, members) => {
    expect(() => parseMessagesRequest({ ...REQUEST, ...members })).toThrow(
      expect.objectContaining({ code: 'invalid_value', param }),
    );
  });
});

describe(parseCountTokensRequest.name, () => {
  it('does not need a limit of tokens', () => {
    const { max_tokens: _, ...rest } = REQUEST;
    expect(parseCountTokensRequest(rest)).toEqual(rest);
  });
});
