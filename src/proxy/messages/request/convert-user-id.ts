import { createHash } from 'node:crypto';
import type { MessagesRequest } from '../messages-api.js';
import type { Notes } from './recorded-notes.js';

/** What OpenAI takes; Anthropic takes four times as much, and Claude Code makes use of it. */
const MAX_LENGTH = 64;

/** An opaque name for the end user. A long one becomes its hash, which tells users apart as well. */
export function convertUserId(
  metadata: MessagesRequest['metadata'],
  notes: Notes,
): { user?: string } {
  if (metadata == null) return {};
  for (const [name, value] of Object.entries(metadata)) {
    if (name !== 'user_id' && value != null) notes.note(`metadata.${name}`, 'dropped');
  }
  const { user_id: id } = metadata;
  if (id == null || id === '') return {};
  if (id.length <= MAX_LENGTH) return { user: id };
  notes.note('metadata.user_id', 'mapped');
  return { user: createHash('sha256').update(id).digest('hex') };
}
