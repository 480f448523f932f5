import type { VendorMembers } from '../chat/note-dropped-members.js';
import { OLLAMA_OPTIONS } from './ollama-api.js';

export const OLLAMA_MEMBERS: VendorMembers = {
  lacking: [
    'logit_bias',
    'user',
    'safety_identifier',
    'metadata',
    'store',
    'service_tier',
    'verbosity',
    'modalities',
    'audio',
    'prediction',
    'moderation',
    'web_search_options',
    'prompt_cache_key',
    'prompt_cache_retention',
    'prompt_cache_options',
    'parallel_tool_calls',
  ],
  own: new Set([...OLLAMA_OPTIONS, 'options', 'keep_alive', 'think', 'truncate', 'shift']),
};
