import type { ProviderSource } from '../../config/provider-config.js';
import type { LimitRule } from '../../limits/rules/limit-rule.js';
import type { Provider } from '../../providers/contract/provider.js';
import type { ProviderCapabilitiesView, ProviderLimitsView } from './provider.view.js';

/** What manages an instance in place of people. */
export const MANAGERS: Readonly<Record<ProviderSource, string | null>> = {
  file: 'llm-proxy.yaml',
  environment: 'environment',
  stored: null,
  demo: 'demo',
};

export function capabilitiesOf(provider: Provider | undefined): ProviderCapabilitiesView {
  return {
    dialects: [...(provider?.dialects ?? [])],
    embeddings: provider?.embed !== undefined,
    listsModels: provider?.listModels !== undefined,
    endpoints: [...(provider?.relay?.endpoints ?? [])],
  };
}

/** All rules hold together, so the smallest figure counts. */
export function limitsView(rules: readonly LimitRule[]): ProviderLimitsView {
  const least = (figures: readonly (number | undefined)[]): number | null => {
    const set = figures.filter((figure) => figure !== undefined);
    return set.length === 0 ? null : Math.min(...set);
  };
  return {
    requestsPerMinute: least(rules.map(({ requestsPerMinute }) => requestsPerMinute)),
    tokensPerMinute: least(rules.map(({ tokensPerMinute }) => tokensPerMinute)),
    maxConcurrent: least(rules.map(({ maxConcurrent }) => maxConcurrent)),
  };
}
