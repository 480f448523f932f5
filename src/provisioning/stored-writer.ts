import { Injectable } from '@nestjs/common';
import { ApiError } from '../common/errors/api-error.js';
import { Configuration } from '../config/configuration.js';
import { ChangeFeed } from '../database/change-feed.js';
import { GroupCommitWriter } from '../database/group-commit-writer.js';
import { readRows } from './stored-codec.js';
import { StoredEdit } from './stored-edit.js';
import { findRows, isOfOtherMaster, PROVISIONING_TOPIC, StoredLayer } from './stored-layer.js';

/** The only way to change what people set: writes, puts it in force here and tells every process. */
@Injectable()
export class StoredWriter {
  constructor(
    private readonly writer: GroupCommitWriter,
    private readonly feed: ChangeFeed,
    private readonly layer: StoredLayer,
    private readonly configuration: Configuration,
  ) {}

  /**
   * Runs `work` in one transaction, in turn with every other change; it awaits the edit and its
   * manager only. When this resolves, the change is in force in this process.
   */
  async write<T>(work: (edit: StoredEdit) => Promise<T>): Promise<T> {
    const result = await this.writer.transaction(async (manager) => {
      // First: its row stays locked to the end, so that `work` may read and then write.
      await this.feed.bump(manager, PROVISIONING_TOPIC);
      const rows = await findRows(manager);
      const { sealer } = this.layer;
      const { objects, unreadable } = readRows(rows, sealer);
      if (unreadable.some(isOfOtherMaster)) throw resealed();
      const { configuration } = this;
      return work(new StoredEdit({ manager, configuration, sealer, rows, objects }));
    });
    this.feed.announce(PROVISIONING_TOPIC);
    await this.layer.refresh();
    return result;
  }
}

function resealed(): ApiError {
  return new ApiError(
    'conflict',
    'The keys were sealed with another master key meanwhile. Start the server with that one.',
  );
}
