import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
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
import { ClientWriter } from './client-writer.js';
import { Client } from './client.entity.js';

/** What is to change; an absent member stays as it is. */
export type ClientChange = Partial<NewClient>;

@Injectable()
export class ClientsService {
  constructor(
    private readonly writer: ClientWriter,
    @InjectDataSource(READER) private readonly reader: DataSource,
  ) {}

  /** Throws `invalid_value` with `param` when a field is wrong or the name taken. */
  async create(fields: NewClient): Promise<Client> {
    return this.writer.write((manager) => insertClient(manager, fields, 'api'));
  }

  /** Throws `not_found`, `invalid_value`, or refuses clients that the configuration file manages. */
  async update(id: string, change: ClientChange): Promise<Client> {
    return this.writer.write((manager) => updateClient(manager, id, change));
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
  id: string,
  change: ClientChange,
): Promise<Client> {
  const client = await getClientRow(manager, id);
  refuseManaged(client.source);
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
  await manager.update(Client, { id }, client);
  return client;
}
