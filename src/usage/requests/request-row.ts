import type { UsageStatus } from '../usage-entry.js';

/** A request in a list: names and figures, never what was said. */
export interface RequestRow {
  readonly requestId: string;
  readonly createdAt: number;
  readonly clientId: string;
  readonly apiKeyId: string;
  readonly dialect: string;
  readonly requestedModel: string;
  readonly provider: string;
  readonly model: string;
  readonly status: UsageStatus;
  readonly httpStatus: number | null;
  readonly errorCode: string | null;
  readonly stream: boolean;
  readonly attempts: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly costNanoUsd: number | null;
  readonly estimated: boolean;
  readonly cacheHit: boolean;
  readonly hasImages: boolean;
  readonly latencyMs: number | null;
  readonly firstChunkMs: number | null;
}

const COLUMNS = [
  'request_id',
  'created_at',
  'client_id',
  'api_key_id',
  'dialect',
  'requested_model',
  'provider',
  'model',
  'status',
  'http_status',
  'error_code',
  'stream',
  'attempts',
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'estimated',
  'cache_hit',
  'has_images',
  'latency_ms',
  'first_chunk_ms',
];

/** Of `usage_entries entry`. */
export const ROW_COLUMNS = COLUMNS.map((column) => `entry.${column}`).join(', ');

type Row = Readonly<Record<string, unknown>>;

export function readRequestRow(row: Row): RequestRow {
  return {
    requestId: String(row['request_id']),
    createdAt: Number(row['created_at']),
    clientId: String(row['client_id']),
    apiKeyId: String(row['api_key_id']),
    dialect: String(row['dialect']),
    requestedModel: String(row['requested_model']),
    provider: String(row['provider']),
    model: String(row['model']),
    status: String(row['status']) as UsageStatus,
    httpStatus: numberOrNull(row['http_status']),
    errorCode: typeof row['error_code'] === 'string' ? row['error_code'] : null,
    stream: Boolean(row['stream']),
    attempts: Number(row['attempts']),
    inputTokens: Number(row['input_tokens']),
    cachedInputTokens: Number(row['cached_input_tokens']),
    outputTokens: Number(row['output_tokens']),
    reasoningTokens: Number(row['reasoning_tokens']),
    costNanoUsd: numberOrNull(row['cost_nano_usd']),
    estimated: Boolean(row['estimated']),
    cacheHit: Boolean(row['cache_hit']),
    hasImages: Boolean(row['has_images']),
    latencyMs: numberOrNull(row['latency_ms']),
    firstChunkMs: numberOrNull(row['first_chunk_ms']),
  };
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
