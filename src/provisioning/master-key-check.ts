import { getDataSourceToken } from '@nestjs/typeorm';
import type { Provider } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Sealer } from '../common/sealing/sealer.js';
import { Configuration } from '../config/configuration.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { READER } from '../database/data-source-options.js';
import { readRows } from './stored-codec.js';
import { findRows, isOfOtherMaster } from './stored-layer.js';

export const MASTER_KEY_CHECK = Symbol('MASTER_KEY_CHECK');

/**
 * Stops the boot when the keys in the database were sealed with another master key. While modules
 * are put together, because by then nothing of this process has been written.
 */
export const masterKeyCheck: Provider = {
  provide: MASTER_KEY_CHECK,
  inject: [Configuration, getDataSourceToken(READER)],
  useFactory: async ({ environment }: Configuration, reader: DataSource): Promise<true> => {
    const sealer = new Sealer(environment.encryptionKey);
    const { unreadable } = readRows(await findRows(reader.manager), sealer);
    const names = unreadable.filter(isOfOtherMaster).map(({ row }) => row.name);
    if (names.length === 0) return true;
    throw new ConfigurationError('environment', [
      `ENCRYPTION_KEY: the keys of ${names.join(', ')} in the database were sealed with another one. Set the ENCRYPTION_KEY, or put back the secret.key in DATA_DIR, that was in use when they were set; nothing was changed`,
    ]);
  },
};
