import type { BookedUsage } from './booked-usage.js';
import { modelOfGroup, type Grouping } from './usage-grouping.js';

/** What a group of usage is called. */
export interface GroupNames {
  /** Id of the client or key, name of the provider, `provider/model`, or status. */
  readonly id: string;
  readonly name: string;
  /** Of a client or a key. */
  readonly clientId: string | null;
  /** Of a provider or a model. */
  readonly provider: string | null;
  readonly model: string | null;
}

/** @param names of clients by id */
export function describeGroup(
  { group = '', clientId }: Pick<BookedUsage, 'group' | 'clientId'>,
  groupBy: Grouping,
  names: ReadonlyMap<string, string>,
): GroupNames {
  const known = { id: group, name: group, clientId: null, provider: null, model: null };
  switch (groupBy) {
    case 'client':
      return { ...known, name: names.get(group) ?? group, clientId: group };
    case 'key': {
      const client = clientId ?? '';
      return { ...known, name: `${names.get(client) ?? client} · ${group}`, clientId: client };
    }
    case 'provider':
      return { ...known, provider: group };
    case 'model':
      return { ...known, ...modelOfGroup(group) };
    case 'status':
      return known;
  }
}
