import { describe, expect, it } from 'vitest';
import { createInstance } from '../../../test/support/provider-fixtures.js';
import { sanitiseMessage } from './sanitise-message.js';

const KEY = 'correct-horse';
const instance = createInstance('https://llm.example.internal:8443/v1', { apiKeys: [KEY, 'abc'] });
const clean = (text: string) => sanitiseMessage(text, instance);

describe(sanitiseMessage, () => {
  it.each([
    ['the key itself', `no ${KEY}, really ${KEY}!`, 'no [key], really [key]!'],
    ['an OpenAI key', 'provided: sk-proj-abcDEF123456.', 'provided: [key]'],
    ['a masked key', 'provided: sk-abc***************wxyz here', 'provided: [key] here'],
    ['a Google key', 'key AIzaSyA1234567890abc is', 'key [key] is'],
    ['a bearer', 'header Authorization: Bearer abc.def-123', 'header Authorization: Bearer [key]'],
    ['a JWT', 'token eyJhbGciOi.eyJzdWIi.abc', 'token [key]'],
    ['long random text', `id ${'a1'.repeat(20)} x`, 'id [key] x'],
    ['a URL', 'see https://api.openai.com/docs?a=b#c, or', 'see [url] or'],
    ['a URL with a password', 'postgres://me:secret@db/x failed', '[url] failed'],
    ['its own host', 'llm.example.internal:8443 refused', '[host] refused'],
    ['a host', 'getaddrinfo ENOTFOUND api.vendor.com', 'getaddrinfo ENOTFOUND [host]'],
    ['a host and port', 'connect api.vendor.io:443 failed', 'connect [host] failed'],
    ['a local host', 'connect localhost:8080', 'connect [host]'],
    ['an address', 'connect ECONNREFUSED 10.1.2.3:443', 'connect ECONNREFUSED [address]'],
    ['an IPv6 address', 'connect [2001:db8::1]:443 or ::1', 'connect [address]:443 or [address]'],
    ['control characters', 'a\r\nb\u0000c\u001b[31md\u2028e\u202ef', 'a b c [31md e f'],
  ])('hides %s', (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it.each([
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    'The model `gpt-4.1-mini-2025-04-14` does not exist',
    'messages.0.content.1.image_url: Input should be an object (tools.function.name)',
    "Invalid value for 'messages[3].tool_calls[0].id'",
    'Limit 10000, used 9999, at 12:34:56, ratio 0.5',
    'No tool call found for 123e4567-e89b-12d3-a456-426614174000',
    'prompt is too long: 210000 tokens > 200000 maximum',
    'Größe 漢字 🎉',
  ])('leaves alone: %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  it('does not take short keys for words', () => {
    expect(clean('abc')).toBe('abc');
  });

  it('takes a bare service name for a host only with its port', () => {
    const local = createInstance('http://ollama:11434');
    expect(sanitiseMessage('ollama at ollama:11434 failed', local)).toBe('ollama at [host] failed');
  });

  it('is at most 1 kB long, however long the input', () => {
    expect(clean('word '.repeat(1000)).length).toBe(1024);
    expect(clean('a.'.repeat(5_000_000)).length).toBeLessThanOrEqual(1024);
    expect(clean(':'.repeat(5_000_000)).length).toBeLessThanOrEqual(1024);
  });

  it('shows no first half of a key where the input is cut', () => {
    const text = `${'https://x.com/1 '.repeat(256).slice(0, 4096 - 10)} sk-proj-abcdefghijklmnop`;
    expect(clean(text)).not.toContain('sk-');
  });
});
