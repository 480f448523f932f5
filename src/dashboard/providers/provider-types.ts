import { z } from 'zod';
import type { Provider } from '../../providers/contract/provider.js';
import { PRESET_NAMES, presetSettings } from '../../providers/openai-compatible/presets/presets.js';
import type { ProviderTypeView } from './provider-type.view.js';

/** As people call them; a type that is not in it is called by its own name. */
const LABELS: Readonly<Record<string, string>> = {
  openai: 'OpenAI',
  azure: 'Azure OpenAI',
  anthropic: 'Anthropic',
  gemini: 'Google Gemini',
  deepseek: 'DeepSeek',
  xai: 'xAI',
  ollama: 'Ollama',
  openrouter: 'OpenRouter',
  blackbox: 'Blackbox AI',
  'openai-compatible': 'OpenAI-compatible',
  simulated: 'Simulated',
};

/** What the set-up of an instance has to ask for. */
export function providerTypeView(provider: Provider): ProviderTypeView {
  const { type, defaults } = provider;
  const hasPresets = provider.settings === presetSettings;
  return {
    type,
    label: LABELS[type] ?? type,
    requiresApiKey: defaults.requiresApiKey,
    requiresBaseUrl: defaults.baseUrl === undefined,
    baseUrl: defaults.baseUrl ?? null,
    listsModels: provider.listModels !== undefined,
    presets: hasPresets ? PRESET_NAMES.map((name) => presetView(provider, name)) : [],
    // A preset stands beside the settings, and is offered above.
    settings: hasPresets ? null : settingsSchema(provider),
  };
}

function presetView(provider: Provider, name: string) {
  const { baseUrl, requiresApiKey } = provider.defaultsFor?.({ preset: name }) ?? provider.defaults;
  return { name, baseUrl: baseUrl ?? null, requiresApiKey };
}

function settingsSchema({ settings }: Provider): Record<string, unknown> | null {
  if (settings === undefined) return null;
  return z.toJSONSchema(settings, { io: 'input' });
}
