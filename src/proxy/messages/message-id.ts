import { randomUUID } from 'node:crypto';

const PREFIX = 'msg_';
const NOT_IN_AN_ID = /[^A-Za-z0-9_-]/g;

/** An id in Anthropic's form that still shows which answer of the vendor it stands for. */
export function convertToMessageId(id: string): string {
  if (id.startsWith(PREFIX)) return id;
  const own = id.replace(/^chatcmpl-/, '').replace(NOT_IN_AN_ID, '_');
  return PREFIX + (own || randomUUID().replaceAll('-', ''));
}
