import { Inject, Injectable } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ANALYTICS } from '../../database/data-source-options.js';

/** What clients are called now. Clients are never deleted, so each that has used something has a name. */
@Injectable()
export class UsageNames {
  constructor(@Inject(getDataSourceToken(ANALYTICS)) private readonly source: DataSource) {}

  /** By id. */
  async ofClients(): Promise<ReadonlyMap<string, string>> {
    const rows: { id: string; name: string }[] = await this.source.query(
      'SELECT id, name FROM clients',
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
