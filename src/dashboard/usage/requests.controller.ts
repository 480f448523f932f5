import { Controller, Get, Param, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { UsageChart } from '../../usage/queries/usage-chart.js';
import type { RequestBodiesView } from './request-bodies.view.js';
import { RequestDesk } from './request-desk.js';
import type { RequestDetailsView } from './request-details.view.js';
import { CLOSED_STATUSES, filterOf, RequestFilterQuery } from './request-filter.query.js';
import { RequestHistogramQuery } from './request-histogram.query.js';
import { requestHistogramView, type RequestHistogramView } from './request-histogram.view.js';
import { RequestListQuery } from './request-list.query.js';
import type { RequestPage } from './request-row.view.js';
import { rangeOf } from './usage-range.query.js';

/** The rows behind the totals. */
@Controller('api/usage/requests')
export class RequestsController {
  constructor(
    private readonly desk: RequestDesk,
    private readonly chart: UsageChart,
  ) {}

  /** Closed requests, newest first. */
  @Get()
  @RoleAccess('viewer')
  list(@Query() query: RequestListQuery): Promise<RequestPage> {
    return this.desk.list(query);
  }

  /** Requests over time by how they ended, from the roll-ups. */
  @Get('histogram')
  @RoleAccess('viewer')
  async histogram(@Query() query: RequestHistogramQuery): Promise<RequestHistogramView> {
    const { interval, timeZone } = query;
    const filter = filterOf(query);
    const answer = await this.chart.of({
      range: rangeOf(query),
      scope: filter,
      metric: 'requests',
      groupBy: 'status',
      top: CLOSED_STATUSES.length,
      interval: interval === 'auto' ? undefined : interval,
      timeZone,
    });
    return requestHistogramView(answer, filter, timeZone);
  }

  /** One request; the filter says among which ones it has neighbours. */
  @Get(':id')
  @RoleAccess('viewer')
  get(@Param('id') id: string, @Query() query: RequestFilterQuery): Promise<RequestDetailsView> {
    return this.desk.get(id, query);
  }

  /** What was said in it, as far as it is kept. */
  @Get(':id/bodies')
  @RoleAccess('operator')
  bodies(@Param('id') id: string): Promise<RequestBodiesView> {
    return this.desk.bodiesOf(id);
  }
}
