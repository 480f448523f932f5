import type { ProviderConfig } from '../config/provider-config.js';
import type { Provider } from './contract/provider.js';
import { defaultsOf } from './provider-instances.js';

/** What is wrong with the configured instances, each as `providers.name.member: what`. */
export function findInstanceProblems(
  configs: readonly ProviderConfig[],
  types: ReadonlyMap<string, Provider>,
): string[] {
  const names = new Set<string>();
  return configs.flatMap((config) => {
    const place = `providers.${config.name}`;
    const isTwin = names.has(config.name);
    names.add(config.name);
    const twins = isTwin ? [`${place}: there are two instances of this name`] : [];
    const provider = types.get(config.type);
    if (provider) return [...twins, ...problemsOf(config, provider, place)];
    const known = [...types.keys()].sort().join(', ');
    return [...twins, `${place}.type: '${config.type}' is not a provider type; there are ${known}`];
  });
}

function problemsOf(config: ProviderConfig, provider: Provider, place: string): string[] {
  const defaults = defaultsOf(config, provider);
  const problems: string[] = [];
  if (defaults.requiresApiKey && config.apiKeys.length === 0) {
    problems.push(`${place}.apiKey: the type ${provider.type} needs a key`);
  }
  if (config.baseUrl === undefined && defaults.baseUrl === undefined) {
    problems.push(`${place}.baseUrl: the type ${provider.type} needs one`);
  }
  return [...problems, ...settingsProblems(config, provider, place)];
}

function settingsProblems(config: ProviderConfig, provider: Provider, place: string): string[] {
  if (!provider.settings) {
    return Object.keys(config.settings).map(
      (key) => `${settingPath(place, [key])}: the type ${provider.type} has no such setting`,
    );
  }
  const parsed = provider.settings.safeParse(config.settings);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => `${settingPath(place, issue.path)}: ${issue.message}`);
}

/** A preset is a setting that stands beside the others. */
function settingPath(place: string, path: readonly PropertyKey[]): string {
  const start = path[0] === 'preset' ? place : `${place}.settings`;
  return [start, ...path.map(String)].join('.');
}
