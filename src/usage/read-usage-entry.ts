import type { UsageUnits } from '../providers/contract/usage-units.js';
import type { Leg, PriceNote, UsageEntry, UsageKind, UsageStatus } from './usage-entry.js';

type Row = Record<string, unknown>;

/** A database row as an entry. Drivers differ: PostgreSQL gives bigint as text, SQLite booleans as numbers. */
export function readUsageEntry(row: Row): UsageEntry {
  return {
    requestId: text(row['request_id']),
    sequence: number(row['sequence']),
    kind: text(row['kind']) as UsageKind,
    status: text(row['status']) as UsageStatus,
    requests: number(row['requests']),
    createdAt: number(row['created_at']),
    recordedAt: number(row['recorded_at']),
    processId: text(row['process_id']),
    clientId: text(row['client_id']),
    apiKeyId: text(row['api_key_id']),
    dialect: text(row['dialect']),
    requestedModel: text(row['requested_model']),
    provider: text(row['provider']),
    model: text(row['model']),
    stream: boolean(row['stream']),
    attempts: number(row['attempts']),
    legs: typeof row['legs'] === 'string' ? (JSON.parse(row['legs']) as Leg[]) : [],
    inputTokens: number(row['input_tokens']),
    cachedInputTokens: number(row['cached_input_tokens']),
    cacheWriteTokens: number(row['cache_write_tokens']),
    cacheWrite1hTokens: number(row['cache_write_1h_tokens']),
    inputAudioTokens: number(row['input_audio_tokens']),
    inputImageTokens: number(row['input_image_tokens']),
    outputTokens: number(row['output_tokens']),
    reasoningTokens: number(row['reasoning_tokens']),
    outputAudioTokens: number(row['output_audio_tokens']),
    outputImageTokens: number(row['output_image_tokens']),
    webSearches: number(row['web_searches']),
    costNanoUsd: numberOrNull(row['cost_nano_usd']),
    providerCostNanoUsd: numberOrNull(row['provider_cost_nano_usd']),
    reservedNanoUsd: numberOrNull(row['reserved_nano_usd']),
    units: typeof row['units'] === 'string' ? (JSON.parse(row['units']) as UsageUnits) : null,
    priceId: textOrNull(row['price_id']),
    priceNote: textOrNull(row['price_note']) as PriceNote | null,
    estimated: boolean(row['estimated']),
    cacheHit: boolean(row['cache_hit']),
    hasImages: boolean(row['has_images']),
    latencyMs: numberOrNull(row['latency_ms']),
    firstChunkMs: numberOrNull(row['first_chunk_ms']),
    httpStatus: numberOrNull(row['http_status']),
    errorCode: textOrNull(row['error_code']),
    upstreamRequestId: textOrNull(row['upstream_request_id']),
    serviceTier: textOrNull(row['service_tier']),
    tags: textOrNull(row['tags']),
    endUser: textOrNull(row['end_user']),
    session: textOrNull(row['session']),
    usageRaw: typeof row['usage_raw'] === 'string' ? JSON.parse(row['usage_raw']) : null,
    translation: textOrNull(row['translation']),
    route: textOrNull(row['route']),
    bodyLog: booleanOrNull(row['body_log']),
  };
}

const text = (value: unknown): string => String(value);
const number = (value: unknown): number => Number(value);
const boolean = (value: unknown): boolean => value === true || value === 1;
const booleanOrNull = (value: unknown): boolean | null =>
  value === null || value === undefined ? null : boolean(value);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);
