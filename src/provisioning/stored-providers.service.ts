import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { ApiError } from '../common/errors/api-error.js';
import { Secret } from '../common/secret.js';
import { Configuration } from '../config/configuration.js';
import type { ProviderMode, StoredObject } from '../config/stored-object.js';
import { BaseUrlCheck } from './base-url-check.js';
import { refuseManagedProvider } from './managed.js';
import { modelAudit, providerAudit } from './provisioning-audit.js';
import { addressOf } from './stored-codec.js';
import type { StoredEdit } from './stored-edit.js';
import { StoredReader } from './stored-reader.js';
import { StoredWriter } from './stored-writer.js';

/** What is said of an instance; null takes a member away, an absent one stays as it is. */
export interface ProviderChange {
  readonly values: Readonly<Record<string, unknown>>;
  /** Replaces all of them; an empty list takes them away. */
  readonly apiKeys: readonly string[] | undefined;
}

/** The provider instances that people set. */
@Injectable()
export class StoredProviders {
  constructor(
    private readonly configuration: Configuration,
    private readonly writer: StoredWriter,
    private readonly reader: StoredReader,
    private readonly baseUrls: BaseUrlCheck,
    private readonly audit: AuditLog,
  ) {}

  list(): Promise<readonly StoredObject[]> {
    return this.reader.all('provider');
  }

  /** Throws `conflict` when there is one of that name, `invalid_value` for what is wrong. */
  async create(name: string, change: ProviderChange): Promise<void> {
    refuseManagedProvider(this.configuration, name);
    const created = applied(undefined, name, change);
    await this.baseUrls.check(created.value);
    await this.writer.write(async (edit) => {
      if (edit.find('provider', name) !== undefined) {
        throw new ApiError('conflict', `There is a provider ${name} already.`, { param: 'name' });
      }
      await edit.put(created);
      await this.audit.record(edit.manager, providerAudit('create', undefined, created));
    });
  }

  /** Everything anew, made when it is not there; keys that are not given stay if the address does. */
  async replace(name: string, change: ProviderChange): Promise<void> {
    const known = await this.reader.find('provider', name);
    if (known === undefined) return this.create(name, change);
    const cleared = Object.fromEntries(Object.keys(known.value).map((key) => [key, null]));
    return this.change(name, { ...change, values: { ...cleared, ...change.values } });
  }

  /** Throws `not_found`, `conflict` for one that is managed elsewhere or led to, `invalid_value`. */
  async change(name: string, change: ProviderChange): Promise<void> {
    refuseManagedProvider(this.configuration, name);
    const known = await this.reader.find('provider', name);
    if (known === undefined) throw notFound(name);
    const planned = applied(known, name, change);
    if (addressOf(planned.value) !== addressOf(known.value))
      await this.baseUrls.check(planned.value);
    await this.writer.write(async (edit) => {
      const before = edit.find('provider', name);
      if (before === undefined) throw notFound(name);
      const after = applied(before, name, change);
      // Looked up before the transaction, which must not wait for names to be resolved.
      if (addressOf(after.value) !== addressOf(planned.value)) {
        throw new ApiError('conflict', 'Somebody else changed it at the same time. Try again.');
      }
      await edit.put(after);
      await this.audit.record(edit.manager, providerAudit('update', before, after));
    });
  }

  /** With its prices and switches. Throws `not_found`, and `conflict` while routes lead to it. */
  async remove(name: string): Promise<void> {
    refuseManagedProvider(this.configuration, name);
    await this.writer.write(async (edit) => {
      const before = edit.find('provider', name);
      if (before === undefined) throw notFound(name);
      await this.#removeWhatIsAbout(edit, name);
      await edit.remove('provider', name);
      await this.audit.record(edit.manager, providerAudit('delete', before, undefined));
    });
  }

  /** Of any instance, whoever made it. Throws `not_found`. */
  async setMode(name: string, mode: ProviderMode): Promise<void> {
    if (!this.configuration.providers().some((one) => one.name === name)) throw notFound(name);
    await this.writer.write(async (edit) => {
      const before = edit.find('provider_switch', name)?.value ?? { mode: 'auto' };
      const value = { mode };
      if (mode === 'auto') await edit.remove('provider_switch', name);
      else await edit.put({ kind: 'provider_switch', name, value, apiKeys: [] });
      const subject = { type: 'provider', id: name, name };
      await this.audit.record(edit.manager, {
        action: 'provider.switch',
        subject,
        before,
        after: value,
      });
    });
  }

  async #removeWhatIsAbout(edit: StoredEdit, name: string): Promise<void> {
    await edit.remove('provider_switch', name);
    for (const [kind, type] of [
      ['price', 'price'],
      ['model_switch', 'model'],
    ] as const) {
      for (const object of edit.all(kind)) {
        if (!object.name.startsWith(`${name}/`)) continue;
        await edit.remove(kind, object.name);
        await this.audit.record(edit.manager, modelAudit(type, object, undefined));
      }
    }
  }
}

/** Throws `invalid_value` when keys would go to another address than they were given for. */
function applied(
  before: StoredObject | undefined,
  name: string,
  { values, apiKeys }: ProviderChange,
): StoredObject {
  const merged = Object.entries({ ...before?.value, ...values });
  const value = Object.fromEntries(merged.filter(([, member]) => member != null));
  const kept = before?.apiKeys ?? [];
  const moved = before !== undefined && addressOf(before.value) !== addressOf(value);
  if (moved && apiKeys === undefined && kept.length > 0) {
    throw new ApiError(
      'invalid_value',
      'With another type, preset or base URL the keys must be given again.',
      { param: 'apiKeys' },
    );
  }
  const keys = apiKeys?.map((key) => new Secret(key)) ?? kept;
  return { kind: 'provider', name, value, apiKeys: keys };
}

function notFound(name: string): ApiError {
  return new ApiError('not_found', `There is no provider '${name}' that was set here.`);
}
