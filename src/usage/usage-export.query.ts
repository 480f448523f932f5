import { IsIn, IsISO8601, IsOptional } from 'class-validator';
import type { ExportFormat } from './usage-row-format.js';

/** Query of `GET /api/usage/export`. */
export class UsageExportQuery {
  @IsOptional()
  @IsIn(['ndjson', 'csv'])
  format: ExportFormat = 'ndjson';

  /** ISO 8601, inclusive. */
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  /** ISO 8601, exclusive. */
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;
}
