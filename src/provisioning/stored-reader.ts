import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { StoredKind, StoredObject } from '../config/stored-object.js';
import { READER } from '../database/data-source-options.js';
import { readRows } from './stored-codec.js';
import { findRows, StoredLayer } from './stored-layer.js';

/** What is stored, in force or not. */
@Injectable()
export class StoredReader {
  constructor(
    @InjectDataSource(READER) private readonly reader: DataSource,
    private readonly layer: StoredLayer,
  ) {}

  async all(kind: StoredKind): Promise<readonly StoredObject[]> {
    const { objects } = readRows(await findRows(this.reader.manager), this.layer.sealer);
    return objects.filter((object) => object.kind === kind);
  }

  async find(kind: StoredKind, name: string): Promise<StoredObject | undefined> {
    return (await this.all(kind)).find((object) => object.name === name);
  }
}
