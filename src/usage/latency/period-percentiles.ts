import { Injectable } from '@nestjs/common';
import { RequestSearch } from '../requests/request-search.js';
import { slicesOf } from '../queries/period-slices.js';
import type { Horizons, TimeRange } from '../queries/time-cover.js';
import type { UsageScope } from '../queries/usage-scope.js';
import { COVERED_BY_LATENCIES, hasLatencies, LatencyReader } from './latency-reader.js';
import { NO_PERCENTILES, percentilesOfTimes, type Percentiles } from './percentiles.js';

/**
 * What percentiles were taken of:
 * - `all`: every request, exactly
 * - `steps`: every request, as counted by steps, a tenth off at most
 * - `newest`: the newest thousand requests, exactly
 */
export const PERCENTILE_BASES = ['all', 'steps', 'newest'] as const;
export type PercentileBasis = (typeof PERCENTILE_BASES)[number];

export interface PeriodPercentiles extends Percentiles {
  readonly percentileBasis: PercentileBasis;
}

export interface PeriodQuery {
  readonly range: TimeRange;
  readonly horizons: Horizons;
  readonly scope: UsageScope;
  /** Requests within it. */
  readonly requests: number;
}

/** So many are read one by one. */
const FEW = 1000;

/** How long the requests of a period took. */
@Injectable()
export class PeriodPercentilesReader {
  constructor(
    private readonly latencies: LatencyReader,
    private readonly search: RequestSearch,
  ) {}

  async of({ range, horizons, scope, requests }: PeriodQuery): Promise<PeriodPercentiles> {
    if (requests === 0) return { ...NO_PERCENTILES, percentileBasis: 'all' };
    const areKept = requests <= FEW && range.from >= horizons.entries;
    if (hasLatencies(scope) && !areKept) {
      const slices = slicesOf([range], horizons, COVERED_BY_LATENCIES);
      const [found] = await this.latencies.read({ slices, scope, groupBy: 'none' });
      return { ...NO_PERCENTILES, ...found, percentileBasis: 'steps' };
    }
    const { rows } = await this.search.find({
      filter: scope,
      range,
      direction: 'older',
      limit: FEW,
    });
    const percentileBasis = rows.length === requests ? 'all' : 'newest';
    return { ...percentilesOfTimes(rows), percentileBasis };
  }
}
