import type { ChatCompletionRequest } from '../chat/chat-api.js';
import { noteDroppedMembers, type VendorMembers } from '../chat/note-dropped-members.js';
import { unsupported } from '../contract/refusals.js';
import type { TranslationReport } from '../contract/translation.js';

const MEMBERS: VendorMembers = {
  lacking: [
    'seed',
    'presence_penalty',
    'frequency_penalty',
    'logit_bias',
    'logprobs',
    'top_logprobs',
    'store',
    'verbosity',
    'audio',
    'prediction',
    'moderation',
    'prompt_cache_key',
    'prompt_cache_retention',
    'prompt_cache_options',
  ],
};

/** Refuses what nobody could do without, and reports what does not arrive. */
export function noteTheRest(body: ChatCompletionRequest, translation: TranslationReport): void {
  if (body.n != null && body.n !== 1) {
    throw unsupported('n', 'must be 1: the provider gives one answer to a request');
  }
  const modalities = body['modalities'];
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== 'text')) {
    throw unsupported('modalities', 'must be text: the provider answers with nothing else');
  }
  noteDroppedMembers(body, MEMBERS, translation);
}
