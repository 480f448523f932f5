import { IsIn, IsOptional } from 'class-validator';
import { INTERVALS, type Interval } from '../../usage/queries/time-points.js';
import { IsTimeZone } from '../limits/is-time-zone.js';
import { RequestFilterQuery } from './request-filter.query.js';

/** Query of `GET /api/usage/requests/histogram`. */
export class RequestHistogramQuery extends RequestFilterQuery {
  /** `auto` is what shows the range well. */
  @IsOptional()
  @IsIn(['auto', ...INTERVALS])
  interval: Interval | 'auto' = 'auto';

  /** IANA name of the zone in which days begin. */
  @IsOptional()
  @IsTimeZone()
  timeZone: string = 'UTC';
}
