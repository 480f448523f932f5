import type { TranslationReport, TranslationTable } from '../contract/translation.js';
import type { ChatCompletionRequest } from './chat-api.js';
import type { ChatField } from './chat-fields.js';
import { findChatFields } from './find-chat-fields.js';

/**
 * Notes every part of a request whose outcome the table states as always the same, and what nobody
 * documents as dropped. What depends on the case is left to the converter, which knows it.
 * @throws ProviderError in strict mode, for what would be lost
 */
export function noteByTable(
  body: ChatCompletionRequest,
  table: TranslationTable,
  report: TranslationReport,
): void {
  for (const { field, path } of findChatFields(body)) {
    const declared = table[field as ChatField] as TranslationTable[ChatField] | undefined;
    if (declared === undefined) report.note(field, 'dropped', path);
    else if (typeof declared === 'string') report.note(field, declared, path);
  }
}
