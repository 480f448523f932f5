import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { RoleAccess } from '../../auth/access.decorators.js';
import { OpenStreams } from '../../usage/queries/open-streams.js';
import { UsageBreakdown } from '../../usage/queries/usage-breakdown.js';
import { UsageChart } from '../../usage/queries/usage-chart.js';
import { UsageSummary } from '../../usage/queries/usage-summary.js';
import { EXPORT_CONTENT_TYPES } from '../../usage/usage-row-format.js';
import { UsageBreakdownQuery } from './usage-breakdown.query.js';
import { usageBreakdownView, UsageBreakdownView } from './usage-breakdown.view.js';
import { breakdownCsv } from './usage-breakdown-csv.js';
import { rangeOf } from './usage-range.query.js';
import { scopeOf, UsageScopeQuery } from './usage-scope.query.js';
import { usageSummaryView, UsageSummaryView } from './usage-summary.view.js';
import { UsageTimeSeriesQuery } from './usage-time-series.query.js';
import { usageTimeSeriesView, UsageTimeSeriesView } from './usage-time-series.view.js';

/** Totals of the ledger, from its roll-ups. */
@Controller('api/usage')
@RoleAccess('viewer')
export class UsageController {
  constructor(
    private readonly summary: UsageSummary,
    private readonly breakdown: UsageBreakdown,
    private readonly chart: UsageChart,
    private readonly streams: OpenStreams,
  ) {}

  /** What was used within a range, and within the one of the same length before it. */
  @Get('summary')
  async getSummary(@Query() query: UsageScopeQuery): Promise<UsageSummaryView> {
    const summary = this.summary.of(rangeOf(query), scopeOf(query));
    return usageSummaryView(await summary, await this.streams.count());
  }

  /** Usage over time, in lines for the largest groups. */
  @Get('time-series')
  async getTimeSeries(@Query() query: UsageTimeSeriesQuery): Promise<UsageTimeSeriesView> {
    const { interval, ...asked } = query;
    const answer = await this.chart.of({
      ...asked,
      range: rangeOf(query),
      scope: scopeOf(query),
      interval: interval === 'auto' ? undefined : interval,
    });
    return usageTimeSeriesView(answer, query);
  }

  /** Usage by groups, with a total; also as CSV. */
  @Get('breakdown')
  @ApiOkResponse({ type: UsageBreakdownView })
  async getBreakdown(
    @Query() query: UsageBreakdownQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UsageBreakdownView | string> {
    const answer = await this.breakdown.of(rangeOf(query), scopeOf(query), query.by);
    if (query.format === 'json') return usageBreakdownView(answer);
    response.setHeader('content-type', EXPORT_CONTENT_TYPES.csv);
    response.setHeader('content-disposition', `attachment; filename="usage-by-${query.by}.csv"`);
    return breakdownCsv(answer, query.by);
  }

  @Get('clients')
  async getClients(@Query() query: UsageScopeQuery): Promise<UsageBreakdownView> {
    return usageBreakdownView(await this.breakdown.of(rangeOf(query), scopeOf(query), 'client'));
  }

  @Get('providers')
  async getProviders(@Query() query: UsageScopeQuery): Promise<UsageBreakdownView> {
    return usageBreakdownView(await this.breakdown.of(rangeOf(query), scopeOf(query), 'provider'));
  }

  @Get('models')
  async getModels(@Query() query: UsageScopeQuery): Promise<UsageBreakdownView> {
    return usageBreakdownView(await this.breakdown.of(rangeOf(query), scopeOf(query), 'model'));
  }
}
