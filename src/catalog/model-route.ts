import type { FileModel } from '../config/configuration-file.js';
import type { ModelAddress } from './model-address.js';

export type Strategy = FileModel['strategy'];
export type Affinity = FileModel['affinity'];

export interface WeightedAddress extends ModelAddress {
  readonly weight: number;
  readonly tags: readonly string[];
}

/** Where requests for a name go, and how one of the places is chosen. */
export interface ModelRoute {
  /** As it is asked for. */
  readonly name: string;
  readonly strategy: Strategy;
  readonly affinity: Affinity;
  readonly targets: readonly WeightedAddress[];
  /** For when no target answered. */
  readonly fallbacks: readonly ModelAddress[];
  /** For requests that are too long for who was asked. */
  readonly contextFallbacks: readonly ModelAddress[];
  /** For requests whose content was refused. */
  readonly contentPolicyFallbacks: readonly ModelAddress[];
  /** When a second target is called beside a slow one; never where absent. */
  readonly hedge?: FileModel['hedge'];
}

/** Of a name that stands for one place only. */
export function plainRoute(name: string, address: ModelAddress): ModelRoute {
  return {
    name,
    strategy: 'priority',
    affinity: 'none',
    targets: [{ ...address, weight: 1, tags: [] }],
    fallbacks: [],
    contextFallbacks: [],
    contentPolicyFallbacks: [],
  };
}
