import type { Change } from '../audit/audit-log.js';
import type { StoredObject } from '../config/stored-object.js';
import { maskKey } from './mask-key.js';

type Verb = 'create' | 'update' | 'delete';

/** A change of an instance as the audit shows it: keys masked. */
export function providerAudit(
  verb: Verb,
  before: StoredObject | undefined,
  after: StoredObject | undefined,
): Change {
  return change('provider', verb, before, after);
}

/** The same of a route, a price or a switch of a model. */
export function modelAudit(
  type: 'route' | 'price' | 'model',
  before: StoredObject | undefined,
  after: StoredObject | undefined,
): Change {
  const verb = before === undefined ? 'create' : after === undefined ? 'delete' : 'update';
  return change(type, verb, before, after);
}

function change(
  type: string,
  verb: Verb,
  before: StoredObject | undefined,
  after: StoredObject | undefined,
): Change {
  const { name } = (after ?? before) as StoredObject;
  return {
    action: `${type}.${verb}`,
    subject: { type, id: name.slice(0, 255), name: name.slice(0, 255) },
    before: before && stateOf(before),
    after: after && stateOf(after),
  };
}

function stateOf({ kind, value, apiKeys }: StoredObject): object {
  return kind === 'provider' ? { ...value, keys: apiKeys.map(maskKey) } : value;
}
