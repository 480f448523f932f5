import { csvLine } from './csv-line.js';
import type { UsageRow } from './usage-export.js';

export type ExportFormat = 'ndjson' | 'csv';

export const EXPORT_CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
};

/** The columns of a CSV, in the order of `UsageRow`. */
export const USAGE_ROW_COLUMNS: readonly (keyof UsageRow)[] = [
  'request_id',
  'created_at',
  'client',
  'api_key_id',
  'dialect',
  'requested_model',
  'provider',
  'model',
  'status',
  'attempts',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_nano_usd',
  'estimated',
  'cache_hit',
  'has_images',
  'latency_ms',
  'first_chunk_ms',
  'stream',
  'http_status',
  'error_code',
  'upstream_request_id',
  'tags',
  'user',
  'session',
  'translation',
  'units',
  'provider_cost_nano_usd',
  'price_note',
  'service_tier',
  'route',
];

/** The text of an export, line by line, each ended. */
export async function* formatRows(
  rows: AsyncIterable<UsageRow>,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(USAGE_ROW_COLUMNS);
  for await (const row of rows) {
    yield format === 'csv'
      ? csvLine(USAGE_ROW_COLUMNS.map((column) => row[column]))
      : `${JSON.stringify(row)}\n`;
  }
}
