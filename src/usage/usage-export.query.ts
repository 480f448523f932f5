import { IsIn, IsISO8601, isISO8601, IsOptional, Matches } from 'class-validator';
import type { ExportFormat } from './usage-row-format.js';

/** A calendar day, with or without a time of day and its offset; not the weeks that ISO 8601 has too. */
const DAY_OR_TIME =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;
const WITHOUT_OFFSET = /T[\d:.]+$/;

/** Query of `GET /api/usage/export`. */
export class UsageExportQuery {
  @IsOptional()
  @IsIn(['ndjson', 'csv'])
  format: ExportFormat = 'ndjson';

  /** ISO 8601, inclusive; UTC where it names no offset. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(DAY_OR_TIME)
  from?: string;

  /** ISO 8601, exclusive; UTC where it names no offset. */
  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(DAY_OR_TIME)
  to?: string;
}

/** As the query above accepts it. */
export function isDayOrTime(text: string): boolean {
  return DAY_OR_TIME.test(text) && isISO8601(text, { strict: true });
}

/** Milliseconds since the epoch of a time that the query above has accepted. */
export function epochMsOf(time: string): number {
  return Date.parse(WITHOUT_OFFSET.test(time) ? `${time}Z` : time);
}
