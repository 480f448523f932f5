import type { ApiKeyView as StoredKey, CreatedApiKey } from '../../clients/api-key-view.js';

/** What may be shown of a key at any time. Times are ISO 8601. */
export class ApiKeyView {
  /** The public part of the key, which begins `sk-lp_` and then this. */
  id!: string;
  clientId!: string;
  clientName!: string;
  role!: 'client' | 'admin';
  source!: 'api' | 'config' | 'demo';
  status!: 'active' | 'expired' | 'revoked' | 'client_inactive';
  createdAt!: string;
  expiresAt!: string | null;
  revokedAt!: string | null;
}

/** A key at the moment it is made: it is never shown again. */
export class NewApiKeyView extends ApiKeyView {
  key!: string;
}

export class ApiKeyPage {
  items!: ApiKeyView[];
  nextCursor!: string | null;
}

export function apiKeyViewOf(key: StoredKey): ApiKeyView {
  const { id, clientId, clientName, role, source, status } = key;
  return {
    id,
    clientId,
    clientName,
    role,
    source,
    status,
    createdAt: isoOf(key.createdAt),
    expiresAt: key.expiresAt === null ? null : isoOf(key.expiresAt),
    revokedAt: key.revokedAt === null ? null : isoOf(key.revokedAt),
  };
}

export function newApiKeyViewOf(created: CreatedApiKey): NewApiKeyView {
  return { ...apiKeyViewOf(created), key: created.key.reveal() };
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
