import type { Secret } from '../common/secret.js';

/**
 * What people set in the dashboard. `provider`, `model` (a public name) and `price` say what the
 * file's lists of these names say; the switches turn things off that the file or a vendor offers.
 */
export const STORED_KINDS = [
  'provider',
  'model',
  'price',
  'provider_switch',
  'model_switch',
] as const;
export type StoredKind = (typeof STORED_KINDS)[number];

/** One thing that somebody set. */
export interface StoredObject {
  readonly kind: StoredKind;
  /** The instance, the public name, or `instance/model`. */
  readonly name: string;
  /**
   * As in the file, without name and keys: `{ enabled, type, … }` of a provider, the route of a
   * model, `{ prices: […] }` of a price; `{ mode }` and `{ enabled: false }` of the switches.
   */
  readonly value: Readonly<Record<string, unknown>>;
  /** Of a provider. */
  readonly apiKeys: readonly Secret[];
}

/** Whether an instance is chosen by its health, always, or only when there is no other. */
export type ProviderMode = 'auto' | 'on' | 'off';

/** Identifies an object among all. */
export function storedKey({ kind, name }: Pick<StoredObject, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}
