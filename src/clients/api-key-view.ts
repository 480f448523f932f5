import type { Secret } from '../common/secret.js';
import type { ApiKey } from './api-key.entity.js';
import type { Client, ManagedBy } from './client.entity.js';
import type { KeyRole } from './key-role.js';

/** What may be shown of a key at any time: neither the key nor its hash. Times are epoch milliseconds. */
export interface ApiKeyView {
  id: string;
  clientId: string;
  clientName: string;
  role: KeyRole;
  source: ManagedBy;
  status: 'active' | 'expired' | 'revoked' | 'client_inactive';
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
}

/** A key at the moment it is made, the only one at which it can be shown. */
export interface CreatedApiKey extends ApiKeyView {
  key: Secret;
}

export interface RotatedApiKey extends CreatedApiKey {
  /** The key before it, with the moment at which it ends. */
  replaces: ApiKeyView;
}

export function apiKeyView(key: ApiKey, client: Client): ApiKeyView {
  const { id, clientId, role, source, createdAt, expiresAt, revokedAt } = key;
  const status = statusOf(key, client);
  return {
    id,
    clientId,
    clientName: client.name,
    role,
    source,
    status,
    createdAt,
    expiresAt,
    revokedAt,
  };
}

function statusOf(key: ApiKey, client: Client): ApiKeyView['status'] {
  if (key.revokedAt !== null) return 'revoked';
  if (key.expiresAt !== null && key.expiresAt <= Date.now()) return 'expired';
  return client.isActive ? 'active' : 'client_inactive';
}
