import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { READER } from '../database/data-source-options.js';
import { ApiKey } from './api-key.entity.js';
import { Client, type ManagedBy } from './client.entity.js';
import type { KeyRole } from './key-role.js';

/** All that decides whether a key is good, as stored at one moment. */
export interface StoredCredential {
  keyId: string;
  /** See `KeyHasher`; to be compared in constant time. */
  hash: string;
  role: KeyRole;
  source: ManagedBy;
  clientId: string;
  clientName: string;
  isClientActive: boolean;
  /** JSON array of model names and globs, or null. Not parsed yet: most callers need the hash first. */
  allowedModels: string | null;
  expiresAt: number | null;
  revokedAt: number | null;
}

/** Rows as the driver gives them: PostgreSQL bigint is text, SQLite has no boolean. */
interface CredentialRow {
  hash: string;
  role: KeyRole;
  source: ManagedBy;
  clientId: string;
  clientName: string;
  isClientActive: boolean | number;
  allowedModels: string | null;
  expiresAt: string | number | null;
  revokedAt: string | number | null;
}

@Injectable()
export class CredentialsService {
  constructor(@InjectDataSource(READER) private readonly reader: DataSource) {}

  /**
   * One statement, revoked and expired keys included. Reads plain rows: building entities for a
   * known id only would make it measurably slower than an unknown one.
   */
  async find(keyId: string): Promise<StoredCredential | undefined> {
    const row = await this.reader.manager
      .createQueryBuilder()
      .select('key.hash', 'hash')
      .addSelect('key.role', 'role')
      .addSelect('key.source', 'source')
      .addSelect('key.clientId', 'clientId')
      .addSelect('client.name', 'clientName')
      .addSelect('client.isActive', 'isClientActive')
      .addSelect('client.allowedModels', 'allowedModels')
      .addSelect('key.expiresAt', 'expiresAt')
      .addSelect('key.revokedAt', 'revokedAt')
      .from(ApiKey, 'key')
      .innerJoin(Client, 'client', 'client.id = key.clientId')
      .where('key.id = :keyId', { keyId })
      .getRawOne<CredentialRow>();
    return row === undefined ? undefined : convertRow(keyId, row);
  }
}

function convertRow(keyId: string, row: CredentialRow): StoredCredential {
  return {
    ...row,
    keyId,
    isClientActive: Boolean(row.isClientActive),
    expiresAt: row.expiresAt === null ? null : Number(row.expiresAt),
    revokedAt: row.revokedAt === null ? null : Number(row.revokedAt),
  };
}
