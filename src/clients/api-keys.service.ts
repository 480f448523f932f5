import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { currentActor } from '../audit/acting.js';
import { includesRole } from '../audit/actor.js';
import { AuditLog } from '../audit/audit-log.js';
import { ApiError } from '../common/errors/api-error.js';
import { READER } from '../database/data-source-options.js';
import { generateApiKey } from './api-key-format.js';
import {
  type ApiKeyView,
  apiKeyView,
  type CreatedApiKey,
  type RotatedApiKey,
} from './api-key-view.js';
import { ApiKey } from './api-key.entity.js';
import { parseAllowedModels, parseClientName } from './client-fields.js';
import { clientAudit, keyAudit } from './client-audit.js';
import { getClientRow, insertClient, refuseManaged } from './client-rows.js';
import { ClientWriter } from './client-writer.js';
import { Client } from './client.entity.js';
import { KeyHasher } from './key-hasher.js';
import type { KeyRole } from './key-role.js';

/** How long a rotated key stays good beside its successor. */
export const DEFAULT_OVERLAP_MS = 24 * 60 * 60 * 1000;

export interface NewKeyOptions {
  /** Default `client`. */
  role?: KeyRole;
  /** Epoch milliseconds in the future; absent or null never expires. */
  expiresAt?: number | null;
}

/** What is to be stored in the transaction that makes a key, so that neither is there without the other. */
export type InsertWithKey = (manager: EntityManager, keyId: string) => Promise<void>;

export interface RotateOptions {
  /** How long the old key stays good, at most to its own end; default 24 h, 0 ends it now. */
  overlapMs?: number;
  /** End of the successor, null for never. Must be given when the old key has an end of its own. */
  expiresAt?: number | null;
}

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly writer: ClientWriter,
    private readonly hasher: KeyHasher,
    private readonly audit: AuditLog,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {}

  /** Throws `not_found` without the client, `invalid_value` when it is inactive or of the demo. */
  async create(clientId: string, options: NewKeyOptions = {}): Promise<CreatedApiKey> {
    return this.writer.write(async (manager) =>
      this.createWithin(manager, await getClientRow(manager, clientId), options),
    );
  }

  /**
   * Makes the client too when there is none of that name. `allowedModels` belong to the client:
   * for one that exists with others, throws `invalid_value` rather than change its other keys.
   */
  async createForClientName(
    clientName: string,
    options: NewKeyOptions & {
      allowedModels?: readonly string[];
      insertWith?: InsertWithKey;
    } = {},
  ): Promise<CreatedApiKey> {
    const name = parseClientName(clientName);
    return this.writer.write(async (manager) => {
      const existing = await manager.findOneBy(Client, { name });
      if (existing !== null) refuseOtherModels(existing, options.allowedModels);
      const client = existing ?? (await this.insertClient(manager, name, options.allowedModels));
      const created = await this.createWithin(manager, client, options);
      await options.insertWith?.(manager, created.id);
      return created;
    });
  }

  /** Newest last; revoked and expired keys too. */
  async list(filter: { clientId?: string } = {}): Promise<ApiKeyView[]> {
    const keys = await this.reader.manager.find(ApiKey, {
      where: filter.clientId === undefined ? {} : { clientId: filter.clientId },
      relations: { client: true },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    return keys.map((key) => apiKeyView(key, key.client as Client));
  }

  /**
   * A new key of the same client and role; the old one stays good for a while beside it. Of many
   * rotations at once exactly one succeeds: the first gives the key an end, and a key with an end
   * is rotated only by somebody who says when its successor ends. Throws `not_found`, or
   * `invalid_value` for a key that has ended or is managed elsewhere.
   */
  async rotate(id: string, options: RotateOptions = {}): Promise<RotatedApiKey> {
    const overlapMs = options.overlapMs ?? DEFAULT_OVERLAP_MS;
    if (!Number.isSafeInteger(overlapMs) || overlapMs < 0) throw invalid('overlapMs', '0 or more');
    return this.writer.write(async (manager) => {
      const { key, client } = await getKeyRow(manager, id);
      refuseManaged(key.source);
      refuseAboveOwnRole(key.role);
      const now = Date.now();
      const before = apiKeyView(key, client);
      refuseUnlessRotatable(key, options, now);
      const successor = await this.insertKey(manager, client, {
        role: key.role,
        expiresAt: options.expiresAt,
      });
      key.expiresAt = Math.min(now + overlapMs, key.expiresAt ?? Number.MAX_SAFE_INTEGER);
      await manager.update(ApiKey, { id }, { expiresAt: key.expiresAt });
      const replaces = apiKeyView(key, client);
      await this.audit.record(manager, keyAudit('rotate', before, replaces));
      await this.audit.record(manager, keyAudit('create', undefined, viewOf(successor)));
      return { ...successor, replaces };
    });
  }

  /** Refused everywhere from now on, however it came to be; doing it twice changes nothing. Throws `not_found`. */
  async revoke(id: string): Promise<ApiKeyView> {
    return this.writer.write(async (manager) => {
      const { key, client } = await getKeyRow(manager, id);
      if (key.source === 'config') refuseManaged(key.source);
      refuseAboveOwnRole(key.role);
      const before = apiKeyView(key, client);
      if (key.revokedAt !== null) return before;
      key.revokedAt = Date.now();
      await manager.update(ApiKey, { id }, { revokedAt: key.revokedAt });
      const after = apiKeyView(key, client);
      await this.audit.record(manager, keyAudit('revoke', before, after));
      return after;
    });
  }

  private async createWithin(
    manager: EntityManager,
    client: Client,
    options: NewKeyOptions,
  ): Promise<CreatedApiKey> {
    const created = await this.insertKey(manager, client, options);
    await this.audit.record(manager, keyAudit('create', undefined, viewOf(created)));
    return created;
  }

  private async insertClient(
    manager: EntityManager,
    name: string,
    allowedModels: readonly string[] | undefined,
  ): Promise<Client> {
    const client = await insertClient(manager, { name, allowedModels }, 'api');
    await this.audit.record(manager, clientAudit('create', undefined, client));
    return client;
  }

  private async insertKey(
    manager: EntityManager,
    client: Client,
    options: NewKeyOptions,
  ): Promise<CreatedApiKey> {
    if (client.source === 'demo') refuseManaged(client.source);
    if (!client.isActive) throw new ApiError('invalid_value', 'The client is inactive.');
    refuseAboveOwnRole(options.role ?? 'client');
    const now = Date.now();
    const expiresAt = options.expiresAt ?? null;
    if (expiresAt !== null && (!Number.isSafeInteger(expiresAt) || expiresAt <= now)) {
      throw invalid('expiresAt', 'in the future');
    }
    const { id, key } = generateApiKey();
    const row = manager.create(ApiKey, {
      id,
      clientId: client.id,
      hash: this.hasher.hash(key.reveal()),
      role: options.role ?? 'client',
      source: 'api',
      createdAt: now,
      expiresAt,
      revokedAt: null,
    });
    await manager.insert(ApiKey, row);
    return { ...apiKeyView(row, client), key };
  }
}

async function getKeyRow(
  manager: EntityManager,
  id: string,
): Promise<{ key: ApiKey; client: Client }> {
  const key = await manager.findOne(ApiKey, { where: { id }, relations: { client: true } });
  if (key?.client === undefined) throw new ApiError('not_found', 'There is no such API key.');
  return { key, client: key.client };
}

/** A key with the role admin opens everything, so making or changing one takes that role. */
function refuseAboveOwnRole(role: KeyRole): void {
  if (role !== 'admin' || includesRole(currentActor().role, 'admin')) return;
  throw new ApiError('insufficient_permissions', 'Keys with the role admin are for admins only.');
}

function viewOf({ key: _secret, ...view }: CreatedApiKey): ApiKeyView {
  return view;
}

function refuseUnlessRotatable(key: ApiKey, options: RotateOptions, now: number): void {
  if (key.revokedAt !== null) throw new ApiError('invalid_value', 'The API key is revoked.');
  if (key.expiresAt === null) return;
  if (key.expiresAt <= now) throw new ApiError('invalid_value', 'The API key has expired.');
  if (options.expiresAt !== undefined) return;
  throw new ApiError(
    'invalid_value',
    'The API key was rotated before or made to expire. Say when its successor expires.',
    { param: 'expiresAt' },
  );
}

function invalid(param: string, rule: string): ApiError {
  return new ApiError('invalid_value', `${param} must be ${rule}.`, { param });
}

function refuseOtherModels(client: Client, models: readonly string[] | undefined): void {
  if (models === undefined) return;
  const wanted = parseAllowedModels(models)?.toSorted();
  const present = client.allowedModels?.toSorted();
  if (JSON.stringify(wanted) === JSON.stringify(present)) return;
  throw new ApiError('invalid_value', 'The client exists with other allowed models.', {
    param: 'allowedModels',
  });
}
