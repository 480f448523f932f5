import type { TranslationReport } from '../contract/translation.js';
import { objectsIn, type AnthropicRequest, type JsonObject } from './anthropic-api.js';

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const MAX_MARKS = 4;

/**
 * Takes the earliest marks away when there are too many: a later one caches all that is before it
 * as well. In Anthropic's order, which is tools, system, messages.
 */
export function limitCacheMarks(request: AnthropicRequest, translation: TranslationReport): void {
  const marked = [
    ...(request.tools ?? []),
    ...(Array.isArray(request.system) ? request.system : []),
    ...request.messages.flatMap(({ content }) => content.flatMap(withInner)),
  ].filter((block) => 'cache_control' in block && block.cache_control !== undefined);
  if (marked.length <= MAX_MARKS) return;
  translation.note('messages.cache_control', 'dropped', 'messages');
  for (const block of marked.slice(0, -MAX_MARKS)) delete block['cache_control'];
}

/** What a tool's result is made of may be marked too. */
function withInner(block: object): JsonObject[] {
  const known = block as JsonObject;
  return [...objectsIn(known['content']), known];
}
