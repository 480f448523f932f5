import type { TranslationTable } from '../contract/translation.js';
import { CHAT_FIELDS } from './chat-fields.js';

/** The table of a vendor that gets the body as it came: whether it heeds a field is its own affair. */
export const PASSES_EVERYTHING = Object.fromEntries(
  CHAT_FIELDS.map((field) => [field, 'passed']),
) as unknown as TranslationTable;
