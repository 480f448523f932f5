import type { ConfigurationFile } from './configuration-file.js';
import type { PathSegment } from './yaml-document.js';

export interface ReferenceProblem {
  readonly path: readonly PathSegment[];
  readonly message: string;
}

/** What no single member shows: names that are given twice, and names that lead nowhere. */
export function findReferenceProblems(
  file: ConfigurationFile,
  instances: ReadonlySet<string>,
): readonly ReferenceProblem[] {
  return [
    ...findDuplicates('providers', file.providers, 'name'),
    ...findDuplicates('models', file.models, 'name'),
    ...findHiddenPrices(file.prices),
    ...findDuplicates('clients', file.clients, 'name'),
    ...findSharedKeys(file),
    ...findDoubleLimits(file),
    ...findUnknownInstances(file, instances),
  ];
}

function findDuplicates<Key extends string>(
  list: string,
  items: readonly Readonly<Record<Key, string>>[],
  key: Key,
): ReferenceProblem[] {
  const firstOf = new Map<string, number>();
  return items.flatMap((item, at) => {
    const first = firstOf.get(item[key]);
    if (first === undefined) firstOf.set(item[key], at);
    return first === undefined
      ? []
      : [{ path: [list, at, key], message: `is the same as ${list}[${first}].${key}` }];
  });
}

type DatedPrice = Pick<ConfigurationFile['prices'][number], 'from' | 'to' | 'between'>;

/** Of the prices that hold the last one counts, so one must not hold whenever an earlier one does. */
function findHiddenPrices(prices: ConfigurationFile['prices']): ReferenceProblem[] {
  return prices.flatMap((price, at) => {
    const { model } = price;
    const hidden = prices.findIndex(
      (earlier, place) => place < at && earlier.model === model && covers(price, earlier),
    );
    if (hidden === -1) return [];
    const message = `holds whenever prices[${hidden}] does, which has no effect`;
    return [{ path: ['prices', at, 'model'], message }];
  });
}

function covers(price: DatedPrice, other: DatedPrice): boolean {
  return (
    millisecondsOf(price.from, -Infinity) <= millisecondsOf(other.from, -Infinity) &&
    millisecondsOf(price.to, Infinity) >= millisecondsOf(other.to, Infinity) &&
    (price.between === undefined || price.between === other.between)
  );
}

function millisecondsOf(instant: string | undefined, otherwise: number): number {
  return instant === undefined ? otherwise : Date.parse(instant);
}

function findSharedKeys(file: ConfigurationFile): ReferenceProblem[] {
  const firstOf = new Map<string, string>();
  const problems: ReferenceProblem[] = [];
  file.clients.forEach((client, clientAt) =>
    client.apiKeys.forEach(({ key }, keyAt) => {
      const place = `clients[${clientAt}].apiKeys[${keyAt}]`;
      const first = firstOf.get(key.reveal());
      if (first === undefined) firstOf.set(key.reveal(), place);
      else {
        const path = ['clients', clientAt, 'apiKeys', keyAt];
        problems.push({ path, message: `is the same key as ${first}` });
      }
    }),
  );
  return problems;
}

function findDoubleLimits(file: ConfigurationFile): ReferenceProblem[] {
  const places = file.limits?.models ?? {};
  return file.models.flatMap(({ name, limits }, at) => {
    if (limits === undefined || !Object.hasOwn(places, name)) return [];
    return [{ path: ['models', at, 'limits'], message: 'are given in limits.models too' }];
  });
}

/** Lists that may have public names too. */
const DETOURS = ['contextFallbacks', 'contentPolicyFallbacks'] as const;

function findUnknownInstances(
  file: ConfigurationFile,
  instances: ReadonlySet<string>,
): ReferenceProblem[] {
  const publicNames = new Set(file.models.map(({ name }) => name));
  const addresses: { path: PathSegment[]; address: string }[] = [
    ...file.models.flatMap((model, at) => [
      ...model.targets.map((target, targetAt) => ({
        path: ['models', at, 'targets', targetAt, 'model'],
        address: target.model,
      })),
      ...model.fallbacks.map((address, fallbackAt) => ({
        path: ['models', at, 'fallbacks', fallbackAt],
        address,
      })),
      ...DETOURS.flatMap((detour) =>
        model[detour].flatMap((address, fallbackAt) =>
          publicNames.has(address) ? [] : [{ path: ['models', at, detour, fallbackAt], address }],
        ),
      ),
    ]),
    ...file.prices.map((price, at) => ({ path: ['prices', at, 'model'], address: price.model })),
  ];
  return addresses.flatMap(({ path, address }) => {
    const [instance = ''] = address.split('/');
    if (instances.has(instance)) return [];
    return [{ path, message: `no provider is called ${instance}` }];
  });
}
