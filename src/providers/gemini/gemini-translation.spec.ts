import { describe, expect, it } from 'vitest';
import { createInstance, createTarget } from '../../../test/support/provider-fixtures.js';
import { JsonDocument } from '../../common/json/json-document.js';
import { CHAT_FIELD_SAMPLES } from '../chat/chat-field-samples.contract.js';
import { CHAT_FIELDS, type ChatField } from '../chat/chat-fields.js';
import { ProviderError } from '../contract/provider-error.js';
import { TranslationReport } from '../contract/translation.js';
import { convertToGeminiRequest } from './convert-to-gemini-request.js';
import { GEMINI_TRANSLATION } from './gemini-translation.js';

const instance = createInstance('https://vendor.example');

function outcomeOf(field: ChatField, model: string) {
  const translation = new TranslationReport();
  const messages = [{ role: 'user', content: 'Hello' }];
  const body = JsonDocument.fromValue({ model, messages, ...CHAT_FIELD_SAMPLES[field] });
  try {
    convertToGeminiRequest({ body }, createTarget(instance, { model, translation }));
    return translation.outcomeOf(field);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'rejected') return 'dropped';
    throw error;
  }
}

describe('GEMINI_TRANSLATION', () => {
  it.each([
    'gemma-3-27b-it',
    'gemini-2.0-flash',
    'gemini-2.5-pro',
    'gemini-2.5-flash-image',
    'gemini-3-pro-preview',
    'gemini-3.8-flash',
    'gemini-9-unheard-of',
  ])('holds for %s', (model) => {
    for (const field of CHAT_FIELDS) {
      const declared = GEMINI_TRANSLATION[field];
      const outcomes = typeof declared === 'string' ? [declared] : declared.outcomes;
      expect(outcomes, field).toContain(outcomeOf(field, model));
    }
  });
});
