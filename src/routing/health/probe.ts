import { newRequestId } from '../../common/http/request-id.js';
import { JsonDocument } from '../../common/json/json-document.js';
import type { ProbeSettings } from '../../config/health-config.js';
import { Flow } from '../../providers/contract/flow.js';
import type { Target } from '../../providers/contract/target.js';
import { TranslationReport } from '../../providers/contract/translation.js';
import type { RegisteredInstance } from '../../providers/provider-registry.js';

const LONGEST_PROBE_MS = 10_000;

/**
 * Asks an instance something cheap. No client's and in no ledger: what a model's answer costs is
 * the price of the probe, which the configuration asked for. Undefined where there is nothing to
 * ask. Rejects with `ProviderError`.
 */
export function probe(
  { provider, instance }: RegisteredInstance,
  settings: ProbeSettings,
  signal: AbortSignal,
): Promise<unknown> | undefined {
  if (settings === 'off') return undefined;
  const model = settings === 'models' ? '' : settings.model;
  const target: Target = {
    instance,
    model,
    requestId: newRequestId(),
    signal,
    flow: new Flow(),
    headers: {},
    translation: new TranslationReport(),
    totalMs: LONGEST_PROBE_MS,
  };
  if (settings === 'models') return provider.listModels?.(target);
  const body = JsonDocument.fromValue({
    model,
    messages: [{ role: 'user', content: 'Hi' }],
    max_tokens: settings.maxTokens,
  });
  return provider.chat({ body }, target);
}
