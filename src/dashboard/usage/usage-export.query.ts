import { IsIn, IsOptional } from 'class-validator';
import type { ExportFormat } from '../../usage/usage-row-format.js';
import { RequestFilterQuery } from './request-filter.query.js';

/** Query of `GET /api/usage/export`: everything where no range is given. */
export class UsageExportQuery extends RequestFilterQuery {
  @IsOptional()
  @IsIn(['ndjson', 'csv'])
  format: ExportFormat = 'ndjson';
}
