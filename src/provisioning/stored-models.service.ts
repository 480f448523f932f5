import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { ApiError } from '../common/errors/api-error.js';
import { Configuration } from '../config/configuration.js';
import type { StoredKind, StoredObject } from '../config/stored-object.js';
import { refuseManagedModel, refuseManagedPrice } from './managed.js';
import { modelAudit } from './provisioning-audit.js';
import type { StoredEdit } from './stored-edit.js';
import { StoredReader } from './stored-reader.js';
import { StoredWriter } from './stored-writer.js';

type Values = StoredObject['value'];

/** What is said of one model; what is absent stays as it is. */
export interface ModelChange {
  /** Entries of `prices` as in the file, without the model; null takes the override away. */
  readonly prices?: readonly object[] | null | undefined;
  readonly enabled?: boolean | undefined;
  /** One more public name that leads to it. */
  readonly alias?: string | undefined;
}

const AUDITED = { model: 'route', price: 'price', model_switch: 'model' } as const;

/** Public names, prices and what is turned off, as people set them. */
@Injectable()
export class StoredModels {
  constructor(
    private readonly configuration: Configuration,
    private readonly writer: StoredWriter,
    private readonly reader: StoredReader,
    private readonly audit: AuditLog,
  ) {}

  routes(): Promise<readonly StoredObject[]> {
    return this.reader.all('model');
  }

  /** Throws `conflict` when there is one of that name, `invalid_value` for what is wrong. */
  async createRoute(name: string, value: Values): Promise<void> {
    await this.writer.write((edit) => this.#createRoute(edit, name, value));
  }

  /** Null takes a member away. Throws `not_found`, `conflict` for one of the file, `invalid_value`. */
  async changeRoute(name: string, values: Values): Promise<void> {
    refuseManagedModel(this.configuration, name);
    await this.writer.write(async (edit) => {
      const before = edit.find('model', name);
      if (before === undefined) throw routeNotFound(name);
      const merged = Object.entries({ ...before.value, ...values });
      await this.#put(edit, 'model', name, withoutNulls(merged));
    });
  }

  /** Throws `not_found`, or `conflict` for one of the file. */
  async removeRoute(name: string): Promise<void> {
    refuseManagedModel(this.configuration, name);
    await this.writer.write(async (edit) => {
      if (edit.find('model', name) === undefined) throw routeNotFound(name);
      await this.#remove(edit, 'model_switch', name);
      await this.#remove(edit, 'model', name);
    });
  }

  /**
   * @param name a public name or `instance/model`
   * @throws ApiError `conflict` for what the file says, `invalid_value`
   */
  async changeModel(name: string, { prices, enabled, alias }: ModelChange): Promise<void> {
    if (prices !== undefined) refuseManagedPrice(this.configuration, name);
    await this.writer.write(async (edit) => {
      if (prices === null) await this.#remove(edit, 'price', name);
      else if (prices !== undefined) await this.#put(edit, 'price', name, { prices });
      if (enabled === true) await this.#remove(edit, 'model_switch', name);
      if (enabled === false) await this.#put(edit, 'model_switch', name, { enabled });
      if (alias !== undefined) {
        await this.#createRoute(edit, alias, { targets: [{ model: name }] });
      }
    });
  }

  async #createRoute(edit: StoredEdit, name: string, value: Values): Promise<void> {
    refuseManagedModel(this.configuration, name);
    if (edit.find('model', name) !== undefined) {
      throw new ApiError('conflict', `There is a route ${name} already.`, { param: 'name' });
    }
    await this.#put(edit, 'model', name, withoutNulls(Object.entries(value)));
  }

  async #put(
    edit: StoredEdit,
    kind: keyof typeof AUDITED,
    name: string,
    value: Values,
  ): Promise<void> {
    const before = edit.find(kind, name);
    const after: StoredObject = { kind, name, value, apiKeys: [] };
    await edit.put(after);
    await this.audit.record(edit.manager, modelAudit(AUDITED[kind], before, after));
  }

  async #remove(edit: StoredEdit, kind: keyof typeof AUDITED, name: string): Promise<void> {
    const before = edit.find(kind satisfies StoredKind, name);
    if (before === undefined) return;
    await edit.remove(kind, name);
    await this.audit.record(edit.manager, modelAudit(AUDITED[kind], before, undefined));
  }
}

function withoutNulls(entries: readonly (readonly [string, unknown])[]): Values {
  return Object.fromEntries(entries.filter(([, member]) => member != null));
}

function routeNotFound(name: string): ApiError {
  return new ApiError('not_found', `There is no route '${name}' that was set here.`);
}
