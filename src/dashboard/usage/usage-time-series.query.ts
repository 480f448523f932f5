import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { INTERVALS, type Interval } from '../../usage/queries/time-points.js';
import { GROUPINGS, type Grouping } from '../../usage/queries/usage-grouping.js';
import { METRICS, type Metric } from '../../usage/queries/usage-metrics.js';
import { IsTimeZone } from '../limits/is-time-zone.js';
import { UsageScopeQuery } from './usage-scope.query.js';

/** Query of `GET /api/usage/time-series`. */
export class UsageTimeSeriesQuery extends UsageScopeQuery {
  @IsOptional()
  @IsIn(METRICS)
  metric: Metric = 'requests';

  @IsOptional()
  @IsIn(['none', ...GROUPINGS])
  groupBy: Grouping | 'none' = 'none';

  /** `auto` is what shows the range well. */
  @IsOptional()
  @IsIn(['auto', ...INTERVALS])
  interval: Interval | 'auto' = 'auto';

  /** IANA name of the zone in which days begin. */
  @IsOptional()
  @IsTimeZone()
  timeZone: string = 'UTC';

  /** Groups with a line of their own, the largest ones; the rest is one more line. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(50)
  top: number = 8;
}
