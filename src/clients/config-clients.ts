import { In, IsNull, Not, type EntityManager } from 'typeorm';
import type { Secret } from '../common/secret.js';
import type { FileClient } from '../config/configuration-file.js';
import { API_KEY_PREFIX, parseApiKeyId } from './api-key-format.js';
import { apiKeyIdOf } from './api-key-identity.js';
import { ApiKey } from './api-key.entity.js';
import { newClientId } from './client-rows.js';
import { Client } from './client.entity.js';
import { yieldDemoName } from './demo-client.js';
import type { KeyHasher } from './key-hasher.js';

/** What is wrong with the clients of a configuration file beyond its schema; a value is never named. */
export function findConfigClientProblems(clients: readonly FileClient[]): string[] {
  return clients.flatMap(({ apiKeys }, client) =>
    apiKeys.flatMap(({ key }, index) => {
      const text = key.reveal();
      if (!text.startsWith(API_KEY_PREFIX) || parseApiKeyId(text) !== undefined) return [];
      return [
        `clients[${client}].apiKeys[${index}]: starts with ${API_KEY_PREFIX} but is not a complete key`,
      ];
    }),
  );
}

/**
 * Makes the clients and keys of source `config` exactly those of the file, within a transaction of
 * `ClientWriter`. What the file no longer names is deactivated and its keys revoked; rows stay,
 * because usage refers to them. Returns the names of clients that were made by hand and are the
 * file's from now on.
 */
export async function syncConfigClients(
  manager: EntityManager,
  clients: readonly FileClient[],
  hasher: KeyHasher,
): Promise<string[]> {
  const takenOver: string[] = [];
  for (const fields of clients) {
    const { clientId, wasMadeByHand } = await upsertConfigClient(manager, fields);
    if (wasMadeByHand) takenOver.push(fields.name);
    await replaceConfigKeys(manager, clientId, fields, hasher);
  }
  await retireConfigClients(
    manager,
    clients.map(({ name }) => name),
  );
  return takenOver;
}

async function upsertConfigClient(
  manager: EntityManager,
  fields: FileClient,
): Promise<{ clientId: string; wasMadeByHand: boolean }> {
  await yieldDemoName(manager, fields.name);
  const now = Date.now();
  const changed = {
    source: 'config' as const,
    isActive: fields.isActive,
    queueMs: fields.onLimit === 'queue' ? fields.queueMs : 0,
    allowedModels: fields.models === undefined ? null : [...fields.models],
    updatedAt: now,
  };
  const existing = await manager.findOneBy(Client, { name: fields.name });
  if (existing !== null) {
    await manager.update(Client, { id: existing.id }, changed);
    return { clientId: existing.id, wasMadeByHand: existing.source === 'api' };
  }
  const clientId = newClientId();
  await manager.insert(Client, {
    id: clientId,
    name: fields.name,
    description: null,
    createdAt: now,
    ...changed,
  });
  return { clientId, wasMadeByHand: false };
}

/** Keys that people made for the client stay as they are. */
async function replaceConfigKeys(
  manager: EntityManager,
  clientId: string,
  fields: FileClient,
  hasher: KeyHasher,
): Promise<void> {
  const keys = fields.apiKeys.map(({ key }) => identifyConfigKey(key, hasher));
  const ids = keys.map(({ id }) => id);
  const now = Date.now();
  await manager.update(
    ApiKey,
    { clientId, source: 'config', revokedAt: IsNull(), id: Not(In(ids)) },
    { revokedAt: now },
  );
  const present = await manager.find(ApiKey, { select: { id: true }, where: { id: In(ids) } });
  const presentIds = new Set(present.map(({ id }) => id));
  for (const { id, hash } of keys) {
    const row = {
      clientId,
      hash,
      role: 'client',
      source: 'config',
      expiresAt: null,
      revokedAt: null,
    } as const;
    if (presentIds.has(id)) await manager.update(ApiKey, { id }, row);
    else await manager.insert(ApiKey, { id, createdAt: now, ...row });
  }
}

/** Under which id and hash a key of the file is stored. The file was checked: it has complete keys only. */
export function identifyConfigKey(key: Secret, hasher: KeyHasher): { id: string; hash: string } {
  const text = key.reveal();
  const hash = hasher.hash(text);
  const id = apiKeyIdOf(text, hash);
  if (id === undefined) throw new Error('a client key of the configuration is not a complete key');
  return { id, hash };
}

async function retireConfigClients(
  manager: EntityManager,
  names: readonly string[],
): Promise<void> {
  const retired = await manager.find(Client, {
    select: { id: true },
    where: { source: 'config', name: Not(In(names)) },
  });
  const ids = retired.map(({ id }) => id);
  const now = Date.now();
  await manager.update(
    Client,
    { id: In(ids), isActive: true },
    { isActive: false, updatedAt: now },
  );
  await manager.update(
    ApiKey,
    { clientId: In(ids), source: 'config', revokedAt: IsNull() },
    { revokedAt: now },
  );
}
