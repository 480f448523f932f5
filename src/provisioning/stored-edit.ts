import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { ApiError } from '../common/errors/api-error.js';
import type { Sealer } from '../common/sealing/sealer.js';
import type { Configuration } from '../config/configuration.js';
import { storedKey, type StoredKind, type StoredObject } from '../config/stored-object.js';
import { cellsOf } from './stored-codec.js';
import { StoredObjectRow } from './stored-object.entity.js';

interface EditOptions {
  readonly manager: EntityManager;
  readonly configuration: Configuration;
  readonly sealer: Sealer;
  readonly rows: readonly StoredObjectRow[];
  readonly objects: readonly StoredObject[];
}

/** One change of what is stored, within a transaction that nobody else's comes between. */
export class StoredEdit {
  readonly manager: EntityManager;
  readonly #configuration: Configuration;
  readonly #sealer: Sealer;
  readonly #ids: Map<string, string>;
  #objects: readonly StoredObject[];

  constructor(options: EditOptions) {
    this.manager = options.manager;
    this.#configuration = options.configuration;
    this.#sealer = options.sealer;
    this.#objects = options.objects;
    this.#ids = new Map(options.rows.map((row) => [storedKey(row), row.id]));
  }

  find(kind: StoredKind, name: string): StoredObject | undefined {
    const key = storedKey({ kind, name });
    return this.#objects.find((object) => storedKey(object) === key);
  }

  all(kind: StoredKind): readonly StoredObject[] {
    return this.#objects.filter((object) => object.kind === kind);
  }

  /** Throws `invalid_value` with what is wrong, `conflict` when others would not fit any more. */
  async put(object: StoredObject): Promise<void> {
    const { kind, name } = object;
    const key = storedKey(object);
    this.#accept([...this.#without(key), object], key);
    const now = Date.now();
    const known = this.#ids.get(key);
    const id = known ?? `stored_${uuidV7().replaceAll('-', '')}`;
    const cells = { ...cellsOf(id, object, this.#sealer), updatedAt: now };
    if (known !== undefined) await this.manager.update(StoredObjectRow, { id }, cells);
    else await this.manager.insert(StoredObjectRow, { id, kind, name, ...cells, createdAt: now });
    this.#ids.set(key, id);
  }

  /** Throws `conflict` when others lead to it. False when there was none. */
  async remove(kind: StoredKind, name: string): Promise<boolean> {
    const key = storedKey({ kind, name });
    const id = this.#ids.get(key);
    if (id === undefined) return false;
    this.#accept(this.#without(key), key);
    await this.manager.delete(StoredObjectRow, { id });
    this.#ids.delete(key);
    return true;
  }

  #without(key: string): StoredObject[] {
    return this.#objects.filter((object) => storedKey(object) !== key);
  }

  #accept(objects: readonly StoredObject[], changed: string): void {
    const before = this.#configuration.problemsOf(this.#objects);
    const after = this.#configuration.problemsOf(objects);
    const own = after.get(changed);
    if (own !== undefined) throw invalid(own);
    const broken = [...after.keys()].filter((key) => !before.has(key));
    if (broken.length > 0) {
      throw new ApiError(
        'conflict',
        `Others lead there: ${broken.map(spoken).join(', ')}. Change or delete them first.`,
      );
    }
    this.#objects = objects;
  }
}

function spoken(key: string): string {
  return key.replace(/^model /, 'route ');
}

/** The member that the first problem is about, as far as it names one. */
function invalid(problems: readonly string[]): ApiError {
  const [first = ''] = problems;
  const place = /^(?:providers\.[^:]*\.)?([A-Za-z]\w*)[^:\s]*: /.exec(first)?.[1];
  const options = place === undefined ? {} : { param: place };
  return new ApiError('invalid_value', `${problems.join('; ')}.`, options);
}
