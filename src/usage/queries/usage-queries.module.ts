import { Module } from '@nestjs/common';
import { LatencyReader } from '../latency/latency-reader.js';
import { PeriodPercentilesReader } from '../latency/period-percentiles.js';
import { RequestBodyStates } from '../requests/request-body-states.js';
import { RequestDetailsReader } from '../requests/request-details.js';
import { RequestList } from '../requests/request-list.js';
import { RequestSearch } from '../requests/request-search.js';
import { UsageModule } from '../usage.module.js';
import { BookedUsageReader } from './booked-usage.js';
import { OpenStreams } from './open-streams.js';
import { UsageBreakdown } from './usage-breakdown.js';
import { UsageChart } from './usage-chart.js';
import { UsageNames } from './usage-names.js';
import { UsageSeries } from './usage-series.js';
import { UsageSummary } from './usage-summary.js';

const QUERIES = [
  UsageSummary,
  UsageBreakdown,
  UsageChart,
  UsageNames,
  OpenStreams,
  RequestList,
  RequestDetailsReader,
  RequestBodyStates,
];

/** What is asked of the ledger: totals, charts, lists. Nothing here writes. */
@Module({
  imports: [UsageModule],
  providers: [
    ...QUERIES,
    BookedUsageReader,
    LatencyReader,
    PeriodPercentilesReader,
    RequestSearch,
    UsageSeries,
  ],
  exports: QUERIES,
})
export class UsageQueriesModule {}
