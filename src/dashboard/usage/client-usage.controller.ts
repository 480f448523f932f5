import { Controller, Get, Param, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { ClientsService } from '../../clients/clients.service.js';
import { UsageBreakdown } from '../../usage/queries/usage-breakdown.js';
import { UsageSummary } from '../../usage/queries/usage-summary.js';
import { clientUsageView, type ClientUsageView } from './client-usage.view.js';
import { rangeOf, UsageRangeQuery } from './usage-range.query.js';

@Controller('api/clients/:id/usage')
@RoleAccess('viewer')
export class ClientUsageController {
  constructor(
    private readonly clients: ClientsService,
    private readonly summary: UsageSummary,
    private readonly breakdown: UsageBreakdown,
  ) {}

  /** What the client has used, as a whole and by its keys and models. */
  @Get()
  async get(@Param('id') id: string, @Query() query: UsageRangeQuery): Promise<ClientUsageView> {
    const { id: clientId } = await this.clients.get(id);
    const range = rangeOf(query);
    const [summary, keys, models] = await Promise.all([
      this.summary.of(range, { clientId }),
      this.breakdown.of(range, { clientId }, 'key'),
      this.breakdown.of(range, { clientId }, 'model'),
    ]);
    return clientUsageView(summary, keys, models);
  }
}
