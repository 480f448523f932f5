import type { TranslationReport } from '../contract/translation.js';
import type { ChatCompletionRequest } from './chat-api.js';
import { CHAT_MEMBERS, type ChatField } from './chat-fields.js';
import { isNeutral } from './neutral-values.js';

/** What a vendor's requests have and have not. */
export interface VendorMembers {
  /** Documented ones that the vendor has no place for. */
  readonly lacking: readonly ChatField[];
  /** Undocumented ones that it takes. */
  readonly own?: ReadonlySet<string>;
}

/**
 * Notes the members of a request that the vendor does not get: those that it lacks, and those that
 * nobody documents. Values that ask for nothing are not missed.
 * @throws ProviderError in strict mode
 */
export function noteDroppedMembers(
  body: ChatCompletionRequest,
  { lacking, own }: VendorMembers,
  report: TranslationReport,
): void {
  const absent: readonly string[] = lacking;
  for (const [name, value] of Object.entries(body)) {
    const isCarried = CHAT_MEMBERS.has(name) ? !absent.includes(name) : own?.has(name);
    if (!isCarried && !isNeutral(name, value)) report.note(name, 'dropped');
  }
}
