import type { Exception } from './exceptions.js';

/**
 * What is left of a vendor's own grammar: OpenAI's and Anthropic's own words go on byte for byte,
 * and elsewhere clients that read the documented way understand it.
 */
export const VENDORS_OWN_GRAMMAR: readonly Exception[] = [
  {
    route: 'chat',
    recordings: /^(xai|openai-compatible\/chat|groq|mistral)\//,
    rules: ['usage is null before it is known'],
    reason:
      'the vendor does not mention it until it is known, which OpenAI’s types allow; every chunk would have to be written anew',
  },
  {
    route: 'messages',
    recordings: /^anthropic\/anthropic-programmatic-tool-calling.* \(([2-9]|1[0-4])\)$/,
    rules: [
      'a stop reason',
      'message_delta after all blocks',
      'start, delta and stop of a message',
      'the message begins open',
      'usage at the end',
    ],
    reason:
      'a call that code has made: the message is whole in its first event, and told in blocks as well it would be there twice',
  },
  {
    route: 'responses',
    recordings: /^openai\/responses\/openai-(client-tool-search|shell-tool.*\(1\)$)/,
    rules: ['stable ids of items'],
    reason:
      'the id of the call is told when it is done, or events name the place of the item alone',
  },
  {
    route: 'responses',
    recordings: /^openai\/responses\/openai-reasoning-encrypted-content.*\(1\)$/,
    rules: ['the response is what the items add up to'],
    reason: 'the reasoning is encrypted anew for the whole response',
  },
  {
    route: 'responses',
    recordings: /^open-responses\/responses\/lmstudio-tool-call/,
    rules: ['a text is what its deltas add up to'],
    reason:
      'LM Studio tells the arguments of a call without deltas, by an instance that is configured as OpenAI’s',
  },
];
