import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { ApiError } from '../common/errors/api-error.js';
import {
  parseAllowedModels,
  parseClientName,
  parseDescription,
  parseQueueMs,
} from './client-fields.js';
import { Client, type ManagedBy } from './client.entity.js';

export interface NewClient {
  /** Unique, 1 to 100 characters. */
  name: string;
  description?: string | null;
  /** Model names and `*` globs; null or absent allows every model. */
  allowedModels?: readonly string[] | null;
  isActive?: boolean;
  /** Longest wait of a request that meets a limit, in milliseconds; 0, the default, refuses it at once. */
  queueMs?: number;
}

export function newClientId(): string {
  return `client_${uuidV7().replaceAll('-', '')}`;
}

/** Inserts within a transaction of `ClientWriter`; throws `invalid_value` when the name is taken. */
export async function insertClient(
  manager: EntityManager,
  fields: NewClient,
  source: ManagedBy,
): Promise<Client> {
  const name = parseClientName(fields.name);
  await refuseTakenName(manager, name);
  const now = Date.now();
  const client = manager.create(Client, {
    id: newClientId(),
    name,
    description: parseDescription(fields.description),
    source,
    isActive: fields.isActive ?? true,
    queueMs: parseQueueMs(fields.queueMs),
    allowedModels: parseAllowedModels(fields.allowedModels),
    createdAt: now,
    updatedAt: now,
  });
  await manager.insert(Client, client);
  return client;
}

export async function refuseTakenName(manager: EntityManager, name: string): Promise<void> {
  if (!(await manager.existsBy(Client, { name }))) return;
  throw new ApiError('invalid_value', 'A client of this name exists already.', { param: 'name' });
}

export async function getClientRow(manager: EntityManager, id: string): Promise<Client> {
  const client = await manager.findOneBy(Client, { id });
  if (client === null) throw new ApiError('not_found', 'There is no such client.');
  return client;
}

/** What the configuration file and the demo made is theirs to change. */
export function refuseManaged(source: ManagedBy): void {
  if (source === 'api') return;
  const owner = source === 'config' ? 'the configuration file' : 'the demo';
  throw new ApiError('invalid_value', `This is managed by ${owner} and cannot be changed here.`);
}
