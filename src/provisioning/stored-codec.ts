import { Secret } from '../common/secret.js';
import { OtherMasterKeyError, type SealedPlace, type Sealer } from '../common/sealing/sealer.js';
import type { StoredObject } from '../config/stored-object.js';
import type { StoredObjectRow } from './stored-object.entity.js';

type Bindable = Pick<StoredObjectRow, 'id'> & Pick<StoredObject, 'value'>;

/** A row that cannot be used, with the reason. */
export interface UnreadableRow {
  readonly row: StoredObjectRow;
  readonly reason: 'other master key' | 'changed since it was set';
}

export interface ReadRows {
  readonly objects: readonly StoredObject[];
  readonly unreadable: readonly UnreadableRow[];
}

/** Rows as the configuration takes them, their keys opened. */
export function readRows(rows: readonly StoredObjectRow[], sealer: Sealer): ReadRows {
  const objects: StoredObject[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const row of rows) {
    try {
      objects.push(readRow(row, sealer));
    } catch (error) {
      const isOther = error instanceof OtherMasterKeyError;
      unreadable.push({ row, reason: isOther ? 'other master key' : 'changed since it was set' });
    }
  }
  return { objects, unreadable };
}

/** Throws as `Sealer.open`. */
export function readRow(row: StoredObjectRow, sealer: Sealer): StoredObject {
  const { id, kind, name, sealed } = row;
  const value = JSON.parse(row.value) as StoredObject['value'];
  const keys =
    sealed === null
      ? []
      : (JSON.parse(sealer.open(sealed, placeOf({ id, value }))) as readonly string[]);
  return { kind, name, value, apiKeys: keys.map((key) => new Secret(key)) };
}

/** The two columns that hold an object. */
export function cellsOf(
  id: string,
  { value, apiKeys }: StoredObject,
  sealer: Sealer,
): Pick<StoredObjectRow, 'value' | 'sealed'> {
  const keys = JSON.stringify(apiKeys.map((key) => key.reveal()));
  return {
    value: JSON.stringify(value),
    sealed: apiKeys.length === 0 ? null : sealer.seal(keys, placeOf({ id, value })),
  };
}

/** Where keys may be sent to. With another place they do not open, so that they must be given anew. */
export function addressOf(value: StoredObject['value']): string {
  return JSON.stringify([value['type'], value['baseUrl'] ?? '', value['preset'] ?? '']);
}

function placeOf({ id, value }: Bindable): SealedPlace {
  return { id, bound: addressOf(value) };
}
