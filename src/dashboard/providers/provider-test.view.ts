import type { ProviderTestResult } from '../../provisioning/provider-tests.js';

export class ProviderTestErrorView {
  kind!:
    | 'rejected'
    | 'auth'
    | 'rate_limited'
    | 'failed'
    | 'invalid_response'
    | 'timeout'
    | 'unavailable'
    | 'aborted';
  /** The upstream's HTTP status, where there was one. */
  status!: number | null;
  /** The upstream's own words, without keys and hosts. */
  message!: string;
}

/** What one real call of a provider showed. */
export class ProviderTestView {
  ok!: boolean;
  /** What was asked for: the list of models, or a few tokens of a model. */
  checked!: 'models' | 'chat';
  model!: string | null;
  /** Length of the list. */
  models!: number | null;
  latencyMs!: number;
  error!: ProviderTestErrorView | null;
}

export function providerTestView(result: ProviderTestResult): ProviderTestView {
  const { checked, model, models, latencyMs, error } = result;
  return {
    ok: error === undefined,
    checked,
    model: model ?? null,
    models: models ?? null,
    latencyMs,
    error: error
      ? { kind: error.kind, status: error.status ?? null, message: error.message }
      : null,
  };
}
