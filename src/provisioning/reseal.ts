import type { EntityManager } from 'typeorm';
import { ApiError } from '../common/errors/api-error.js';
import { BrokenSealError, OtherMasterKeyError, type Sealer } from '../common/sealing/sealer.js';
import { cellsOf, readRow } from './stored-codec.js';
import { StoredObjectRow } from './stored-object.entity.js';
import { findRows } from './stored-layer.js';

export interface Resealed {
  /** Rows with keys that are sealed anew. */
  readonly resealed: number;
  /** Those that were sealed with the new master key before. */
  readonly already: number;
}

/**
 * Seals every key that is stored with another master key, in the transaction of `manager`. Throws
 * `conflict` with the name of the row when one opens with neither master key; then nothing was changed.
 */
export async function reseal(
  manager: EntityManager,
  { from, to }: { from: Sealer; to: Sealer },
): Promise<Resealed> {
  let resealed = 0;
  let already = 0;
  for (const row of await findRows(manager)) {
    if (row.sealed === null) continue;
    if (opensWith(row, to)) {
      already += 1;
      continue;
    }
    await manager.update(StoredObjectRow, { id: row.id }, cellsOf(row.id, open(row, from), to));
    resealed += 1;
  }
  return { resealed, already };
}

function open(row: StoredObjectRow, sealer: Sealer) {
  try {
    return readRow(row, sealer);
  } catch (error) {
    throw new ApiError(
      'conflict',
      `The keys of ${row.name} do not open with the master key that is in use: set them again or remove the provider. Nothing was changed.`,
      { cause: error },
    );
  }
}

function opensWith(row: StoredObjectRow, sealer: Sealer): boolean {
  try {
    readRow(row, sealer);
    return true;
  } catch (error) {
    // A broken seal is found out, and said, when it is opened with the earlier key.
    if (error instanceof OtherMasterKeyError || error instanceof BrokenSealError) return false;
    throw error;
  }
}
