import type { ProviderModel } from '../providers/contract/provider.js';
import { LONGEST_MODEL_ID } from './price-data.js';

/** Of one instance; the longest lists of vendors that resell others have some hundreds. */
export const MOST_MODELS = 1000;
const LONGEST_NAME = 256;

/** A vendor's list as far as it is kept: so many models, each once, with names of ordinary length. */
export function boundModels(models: readonly ProviderModel[]): readonly ProviderModel[] {
  const kept = new Map<string, ProviderModel>();
  for (const model of models) {
    if (kept.size === MOST_MODELS) break;
    const { id } = model;
    if (id === '' || id.length > LONGEST_MODEL_ID || kept.has(id)) continue;
    kept.set(id, withShortNames(model));
  }
  return [...kept.values()];
}

function withShortNames(model: ProviderModel): ProviderModel {
  const { ownedBy, displayName } = model;
  return {
    ...model,
    ...(ownedBy !== undefined && { ownedBy: ownedBy.slice(0, LONGEST_NAME) }),
    ...(displayName !== undefined && { displayName: displayName.slice(0, LONGEST_NAME) }),
  };
}
