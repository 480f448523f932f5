import { describe, expect, it } from 'vitest';
import { scanObject } from '../../common/json/json-text.js';
import type { RouteTarget } from '../../routing/route-target.js';
import { ChatInput } from './chat-input.js';

const input = (text: string): ChatInput =>
  new ChatInput({ text, members: scanObject(text, { maxDepth: 64 }), value: JSON.parse(text) });

const target = (dialects: string[]): RouteTarget =>
  ({ provider: { dialects }, model: 'vendor-model' }) as unknown as RouteTarget;

const MESSAGES = '"messages":[{"role":"user","content":"hi"}]';

describe(ChatInput.name, () => {
  it('changes the model name and no other byte on the identity path', () => {
    const text = `{ "seed": 12345678901234567890,\n "model" : "openai/gpt", ${MESSAGES}, "x": {"y":[1.0]} }`;
    expect(input(text).requestFor(target(['chat'])).body.text).toBe(
      text.replace('"openai/gpt"', '"vendor-model"'),
    );
  });

  it('asks for usage on streams, keeping other stream options', () => {
    const text = `{"model":"m",${MESSAGES},"stream":true,"stream_options":{"include_obfuscation":false}}`;
    const { body } = input(text).requestFor(target(['chat']));
    expect(body.text).toBe(
      `{"model":"vendor-model",${MESSAGES},"stream":true,"stream_options":{"include_obfuscation":false,"include_usage":true}}`,
    );
    expect(JSON.parse(body.text)).toEqual(body.value);
  });

  it('knows whether the client itself wants usage', () => {
    const asked = `{"model":"m",${MESSAGES},"stream":true,"stream_options":{"include_usage":true}}`;
    expect(input(asked).wantsUsage).toBe(true);
    expect(input(`{"model":"m",${MESSAGES},"stream":true}`).wantsUsage).toBe(false);
  });

  it('leaves the model of every duplicate member as the one that counts', () => {
    const text = `{"model":"a","model":"b",${MESSAGES}}`;
    expect(JSON.parse(input(text).requestFor(target(['chat'])).body.text).model).toBe(
      'vendor-model',
    );
  });

  it.each([
    ['{"messages":[]}', 'model'],
    ['{"model":"m"}', 'messages'],
    ['{"model":"m","messages":[]}', 'messages'],
    ['{"model":1,"messages":[{"role":"user","content":""}]}', 'model'],
    ['{"model":"m","messages":[{"role":"wizard"}]}', 'messages[0].role'],
    ['{"model":"m","messages":[{"role":"user","content":5}]}', 'messages[0].content'],
    [`{"model":"m",${MESSAGES},"temperature":3}`, 'temperature'],
    [`{"model":"m",${MESSAGES},"n":0}`, 'n'],
    [`{"model":"m",${MESSAGES},"max_tokens":1.5}`, 'max_tokens'],
    [`{"model":"m",${MESSAGES},"stream":"yes"}`, 'stream'],
  ])('refuses %s and names %s', (text, param) => {
    expect(() => input(text)).toThrow(expect.objectContaining({ code: 'invalid_value', param }));
  });

  it('sees images in the actual content only', () => {
    const image = '{"type":"image_url","image_url":{"url":"https://x/y.png"}}';
    expect(input(`{"model":"m","messages":[{"role":"user","content":[${image}]}]}`).hasImages).toBe(
      true,
    );
    expect(
      input(`{"model":"m","messages":[{"role":"user","content":"image_url"}]}`).hasImages,
    ).toBe(false);
  });
});
