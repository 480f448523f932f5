import type { Change } from '../audit/audit-log.js';
import type { ApiKeyView } from './api-key-view.js';
import type { Client } from './client.entity.js';

/** A change of a client, as the audit shows it. */
export function clientAudit(
  verb: 'create' | 'update',
  before: Client | undefined,
  after: Client,
): Change {
  return {
    action: `client.${verb}`,
    subject: { type: 'client', id: after.id, name: after.name },
    before: before && stateOf(before),
    after: stateOf(after),
  };
}

/** A change of a key; the key itself is in no view. */
export function keyAudit(
  verb: 'create' | 'rotate' | 'revoke',
  before: ApiKeyView | undefined,
  after: ApiKeyView,
): Change {
  return {
    action: `api_key.${verb}`,
    subject: { type: 'api_key', id: after.id, name: after.clientName },
    before,
    after,
  };
}

function stateOf({ name, description, isActive, allowedModels, queueMs }: Client): object {
  return { name, description, isActive, allowedModels, queueMs };
}
