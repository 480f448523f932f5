import { randomBytes } from 'node:crypto';
import { IsNull, Not, type EntityManager } from 'typeorm';
import type { NewApiKey } from './api-key-format.js';
import { ApiKey } from './api-key.entity.js';
import { Client } from './client.entity.js';
import type { KeyHasher } from './key-hasher.js';

export const DEMO_CLIENT_ID = 'client_demo';

const NAME = 'demo';

/**
 * Makes the demo client and its key be there while `key` is, and the client inactive otherwise,
 * within a transaction of `ClientWriter`. A demo key that somebody revoked stays revoked.
 */
export async function syncDemoClient(
  manager: EntityManager,
  key: NewApiKey | undefined,
  hasher: KeyHasher,
): Promise<void> {
  const now = Date.now();
  const isActive = key !== undefined;
  const updated = await manager.findOneBy(Client, { id: DEMO_CLIENT_ID });
  if (updated !== null) {
    await manager.update(Client, { id: DEMO_CLIENT_ID }, { isActive, updatedAt: now });
  }
  if (key === undefined) return;
  if (updated === null) await insertDemoClient(manager, now);

  // Another pepper gives another demo key; the one before it must not live on.
  await manager.update(
    ApiKey,
    { clientId: DEMO_CLIENT_ID, revokedAt: IsNull(), id: Not(key.id) },
    { revokedAt: now },
  );
  if (await manager.existsBy(ApiKey, { id: key.id })) return;
  await manager.insert(ApiKey, {
    id: key.id,
    clientId: DEMO_CLIENT_ID,
    hash: hasher.hash(key.key.reveal()),
    role: 'client',
    source: 'demo',
    createdAt: now,
    expiresAt: null,
    revokedAt: null,
  });
}

/** A client of the configuration file may be called `demo`: ours then takes another name. */
export async function yieldDemoName(manager: EntityManager, wanted: string): Promise<void> {
  await manager.update(
    Client,
    { id: DEMO_CLIENT_ID, name: wanted },
    { name: spareName(), updatedAt: Date.now() },
  );
}

async function insertDemoClient(manager: EntityManager, now: number): Promise<void> {
  const isTaken = await manager.existsBy(Client, { name: NAME });
  await manager.insert(Client, {
    id: DEMO_CLIENT_ID,
    name: isTaken ? spareName() : NAME,
    description: 'Made while only the simulated provider is configured.',
    source: 'demo',
    isActive: true,
    allowedModels: null,
    createdAt: now,
    updatedAt: now,
  });
}

function spareName(): string {
  return `${NAME} (simulated ${randomBytes(4).toString('hex')})`;
}
