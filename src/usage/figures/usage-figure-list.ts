import type { Figure } from '../../common/metrics/figure.js';

export const REQUESTS = {
  name: 'llm_proxy_requests_total',
  help: 'Requests that are closed in the ledger, by how they ended.',
  labels: ['dialect', 'provider', 'model', 'status'],
} as const satisfies Figure;

export const COST = {
  name: 'llm_proxy_cost_nano_usd_total',
  help: 'What the requests cost, in billionths of a US dollar, as the ledger has it.',
  labels: ['provider', 'model'],
} as const satisfies Figure;

export const UNPRICED = {
  name: 'llm_proxy_unpriced_requests_total',
  help: 'Requests whose cost is not known because their model has no price.',
  labels: ['provider', 'model'],
} as const satisfies Figure;

export const ESTIMATED = {
  name: 'llm_proxy_estimated_requests_total',
  help: 'Requests whose tokens the provider did not tell, or not all of them.',
  labels: ['provider', 'model'],
} as const satisfies Figure;

export const TOKENS = {
  name: 'llm_proxy_tokens_total',
  help: 'Tokens, by the columns of the ledger: cached_input and cache_write are parts of input, reasoning of output.',
  labels: ['provider', 'model', 'kind'],
} as const satisfies Figure;

export const UPSTREAM_ATTEMPTS = {
  name: 'llm_proxy_upstream_attempts_total',
  help: 'Calls of providers, several for a request that was tried again: ok, aborted, or the kind of failure.',
  labels: ['provider', 'outcome'],
} as const satisfies Figure;

export const REQUEST_DURATION = {
  name: 'llm_proxy_request_duration_seconds',
  help: 'From the arrival of a request to the end of its answer.',
  labels: ['provider', 'model'],
} as const satisfies Figure;

export const FIRST_CHUNK = {
  name: 'llm_proxy_first_chunk_seconds',
  help: 'From the arrival of a request to the first chunk of its stream.',
  labels: ['provider', 'model'],
} as const satisfies Figure;

export const OPEN_RESERVATIONS = {
  name: 'llm_proxy_open_reservations',
  help: 'Requests that are in the ledger and not closed yet.',
  labels: [],
} as const satisfies Figure;

/** Seconds; answers of models take from a tenth of a second to many minutes. */
export const DURATION_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
