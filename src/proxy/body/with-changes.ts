import { JsonDocument } from '../../common/json/json-document.js';
import { withMembers } from '../../common/json/json-text.js';
import type { JsonBody } from './read-json-body.js';

/**
 * A body with some of its members set.
 * @param keepsText where the vendor reads the client's own text: every other byte stays as it came
 */
export function withChanges<T extends object>(
  body: JsonBody,
  changes: Partial<T>,
  keepsText: boolean,
): JsonDocument<T> {
  const value = { ...(body.value as T), ...changes };
  if (!keepsText) return JsonDocument.fromValue(value);
  const members: Record<string, string> = {};
  for (const key in changes) members[key] = JSON.stringify(changes[key]);
  return JsonDocument.fromBoth(withMembers(body.text, body.members, members), value);
}
