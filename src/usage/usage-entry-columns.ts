import type { ColumnType, Constant } from '../database/insert-table.js';
import type { UsageEntry } from './usage-entry.js';

export interface UsageEntryColumn {
  readonly name: string;
  readonly type: ColumnType;
  read(entry: UsageEntry): unknown;
  /** What reservations have here. */
  readonly reserved?: Constant;
  /** What settlements have here as a rule. */
  readonly settled?: Constant;
}

/** The one list of the ledger's columns, in the order in which a row is written. */
export const USAGE_ENTRY_COLUMNS: readonly UsageEntryColumn[] = [
  { name: 'request_id', type: 'text', read: (entry) => entry.requestId },
  { name: 'sequence', type: 'integer', reserved: 0, settled: 1, read: (entry) => entry.sequence },
  {
    name: 'kind',
    type: 'text',
    reserved: 'reserved',
    settled: 'settled',
    read: (entry) => entry.kind,
  },
  { name: 'status', type: 'text', reserved: 'open', read: (entry) => entry.status },
  { name: 'requests', type: 'integer', reserved: 0, settled: 1, read: (entry) => entry.requests },
  { name: 'created_at', type: 'integer', read: (entry) => entry.createdAt },
  { name: 'recorded_at', type: 'integer', read: (entry) => entry.recordedAt },
  { name: 'process_id', type: 'text', read: (entry) => entry.processId },
  { name: 'client_id', type: 'text', read: (entry) => entry.clientId },
  { name: 'api_key_id', type: 'text', read: (entry) => entry.apiKeyId },
  { name: 'dialect', type: 'text', read: (entry) => entry.dialect },
  { name: 'requested_model', type: 'text', read: (entry) => entry.requestedModel },
  { name: 'provider', type: 'text', read: (entry) => entry.provider },
  { name: 'model', type: 'text', read: (entry) => entry.model },
  { name: 'stream', type: 'boolean', read: (entry) => entry.stream },
  { name: 'attempts', type: 'integer', reserved: 0, read: (entry) => entry.attempts },
  {
    name: 'legs',
    type: 'json',
    reserved: null,
    read: (entry) => (entry.legs.length === 0 ? null : entry.legs),
  },
  { name: 'input_tokens', type: 'integer', read: (entry) => entry.inputTokens },
  {
    name: 'cached_input_tokens',
    type: 'integer',
    reserved: 0,
    read: (entry) => entry.cachedInputTokens,
  },
  {
    name: 'cache_write_tokens',
    type: 'integer',
    reserved: 0,
    settled: 0,
    read: (entry) => entry.cacheWriteTokens,
  },
  {
    name: 'cache_write_1h_tokens',
    type: 'integer',
    reserved: 0,
    settled: 0,
    read: (entry) => entry.cacheWrite1hTokens,
  },
  {
    name: 'input_audio_tokens',
    type: 'integer',
    reserved: 0,
    settled: 0,
    read: (entry) => entry.inputAudioTokens,
  },
  {
    name: 'input_image_tokens',
    type: 'integer',
    reserved: 0,
    settled: 0,
    read: (entry) => entry.inputImageTokens,
  },
  { name: 'output_tokens', type: 'integer', reserved: 0, read: (entry) => entry.outputTokens },
  {
    name: 'reasoning_tokens',
    type: 'integer',
    reserved: 0,
    read: (entry) => entry.reasoningTokens,
  },
  {
    name: 'output_audio_tokens',
    type: 'integer',
    reserved: 0,
    settled: 0,
    read: (entry) => entry.outputAudioTokens,
  },
  {
    name: 'web_searches',
    type: 'integer',
    reserved: 0,
    settled: 0,
    read: (entry) => entry.webSearches,
  },
  { name: 'cost_nano_usd', type: 'integer', reserved: null, read: (entry) => entry.costNanoUsd },
  {
    name: 'provider_cost_nano_usd',
    type: 'integer',
    reserved: null,
    settled: null,
    read: (entry) => entry.providerCostNanoUsd,
  },
  { name: 'reserved_nano_usd', type: 'integer', read: (entry) => entry.reservedNanoUsd },
  { name: 'price_id', type: 'text', reserved: null, read: (entry) => entry.priceId },
  { name: 'estimated', type: 'boolean', reserved: true, read: (entry) => entry.estimated },
  {
    name: 'cache_hit',
    type: 'boolean',
    reserved: false,
    settled: false,
    read: (entry) => entry.cacheHit,
  },
  { name: 'has_images', type: 'boolean', read: (entry) => entry.hasImages },
  { name: 'latency_ms', type: 'integer', reserved: null, read: (entry) => entry.latencyMs },
  { name: 'first_chunk_ms', type: 'integer', reserved: null, read: (entry) => entry.firstChunkMs },
  { name: 'http_status', type: 'integer', reserved: null, read: (entry) => entry.httpStatus },
  {
    name: 'error_code',
    type: 'text',
    reserved: null,
    settled: null,
    read: (entry) => entry.errorCode,
  },
  {
    name: 'upstream_request_id',
    type: 'text',
    reserved: null,
    read: (entry) => entry.upstreamRequestId,
  },
  { name: 'service_tier', type: 'text', reserved: null, read: (entry) => entry.serviceTier },
  { name: 'tags', type: 'text', read: (entry) => entry.tags },
  { name: 'end_user', type: 'text', read: (entry) => entry.endUser },
  { name: 'session', type: 'text', read: (entry) => entry.session },
  { name: 'usage_raw', type: 'json', reserved: null, read: (entry) => entry.usageRaw ?? null },
  {
    name: 'translation',
    type: 'text',
    reserved: null,
    settled: null,
    read: (entry) => entry.translation,
  },
  {
    name: 'output_image_tokens',
    type: 'integer',
    reserved: 0,
    settled: 0,
    read: (entry) => entry.outputImageTokens,
  },
  { name: 'units', type: 'json', reserved: null, settled: null, read: (entry) => entry.units },
  {
    name: 'price_note',
    type: 'text',
    reserved: null,
    settled: null,
    read: (entry) => entry.priceNote,
  },
  { name: 'route', type: 'text', reserved: null, settled: null, read: (entry) => entry.route },
  {
    name: 'body_log',
    type: 'boolean',
    reserved: null,
    settled: null,
    read: (entry) => entry.bodyLog,
  },
];
