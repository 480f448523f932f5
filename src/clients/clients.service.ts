import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { READER } from '../database/data-source-options.js';
import {
  parseAllowedModels,
  parseClientName,
  parseDescription,
  parseQueueMs,
} from './client-fields.js';
import {
  getClientRow,
  insertClient,
  type NewClient,
  refuseManaged,
  refuseTakenName,
} from './client-rows.js';
import { clientAudit } from './client-audit.js';
import { ClientWriter } from './client-writer.js';
import { Client } from './client.entity.js';

/** What is to change; an absent member stays as it is. */
export type ClientChange = Partial<NewClient>;

/** What is stored together with a client, or not at all. */
export type WithClient = (manager: EntityManager, client: Client) => Promise<void>;

@Injectable()
export class ClientsService {
  constructor(
    private readonly writer: ClientWriter,
    private readonly audit: AuditLog,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {}

  /**
   * Throws `invalid_value` with `param` when a field is wrong or the name taken. `also` is what
   * else belongs to the client, in the same transaction.
   */
  async create(fields: NewClient, also?: WithClient): Promise<Client> {
    return this.writer.write(async (manager) => {
      const client = await insertClient(manager, fields, 'api');
      await this.audit.record(manager, clientAudit('create', undefined, client));
      await also?.(manager, client);
      return client;
    });
  }

  /**
   * Throws `not_found`, `invalid_value`, or refuses clients that the configuration file manages.
   */
  async update(id: string, change: ClientChange, also?: WithClient): Promise<Client> {
    return this.writer.write(async (manager) => {
      const before = await getClientRow(manager, id);
      refuseManaged(before.source);
      const after = await updateClient(manager, manager.create(Client, before), change);
      await this.audit.record(manager, clientAudit('update', before, after));
      await also?.(manager, after);
      return after;
    });
  }

  /** Refuses every key of the client from now on. The row stays: usage refers to it. */
  async delete(id: string): Promise<Client> {
    return this.update(id, { isActive: false });
  }

  async find(id: string): Promise<Client | undefined> {
    return (await this.reader.manager.findOneBy(Client, { id })) ?? undefined;
  }

  /** Throws `not_found`. */
  async get(id: string): Promise<Client> {
    return getClientRow(this.reader.manager, id);
  }

  async findByName(name: string): Promise<Client | undefined> {
    return (await this.reader.manager.findOneBy(Client, { name })) ?? undefined;
  }

  /** All clients, inactive ones too, by name. */
  async list(): Promise<Client[]> {
    return this.reader.manager.find(Client, { order: { name: 'ASC' } });
  }
}

async function updateClient(
  manager: EntityManager,
  client: Client,
  change: ClientChange,
): Promise<Client> {
  const earlierName = client.name;
  if (change.name !== undefined) client.name = parseClientName(change.name);
  if (change.description !== undefined) client.description = parseDescription(change.description);
  if (change.allowedModels !== undefined) {
    client.allowedModels = parseAllowedModels(change.allowedModels);
  }
  if (change.queueMs !== undefined) client.queueMs = parseQueueMs(change.queueMs);
  if (change.isActive !== undefined) client.isActive = change.isActive;
  if (client.name !== earlierName) await refuseTakenName(manager, client.name);
  client.updatedAt = Date.now();
  await manager.update(Client, { id: client.id }, client);
  return client;
}
