import { IsIn, IsOptional } from 'class-validator';
import type { ExportFormat } from '../../usage/usage-row-format.js';
import { IsDayOrTime } from '../is-day-or-time.js';

/** Query of `GET /api/usage/export`. */
export class UsageExportQuery {
  @IsOptional()
  @IsIn(['ndjson', 'csv'])
  format: ExportFormat = 'ndjson';

  /** ISO 8601, inclusive; UTC where it names no offset. */
  @IsOptional()
  @IsDayOrTime()
  from?: string;

  /** ISO 8601, exclusive; UTC where it names no offset. */
  @IsOptional()
  @IsDayOrTime()
  to?: string;
}
