import { Module } from '@nestjs/common';
import { LatencyReader } from '../latency/latency-reader.js';
import { BookedUsageReader } from './booked-usage.js';
import { OpenStreams } from './open-streams.js';
import { UsageBreakdown } from './usage-breakdown.js';
import { UsageChart } from './usage-chart.js';
import { UsageNames } from './usage-names.js';
import { UsageSeries } from './usage-series.js';
import { UsageSummary } from './usage-summary.js';

const QUERIES = [UsageSummary, UsageBreakdown, UsageChart, OpenStreams];

/** What is asked of the ledger: totals, charts, lists. Nothing here writes. */
@Module({
  providers: [...QUERIES, BookedUsageReader, LatencyReader, UsageNames, UsageSeries],
  exports: QUERIES,
})
export class UsageQueriesModule {}
