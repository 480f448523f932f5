import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { StoredProviders } from '../../provisioning/stored-providers.service.js';
import { HealthDesk } from './health-desk.js';
import { ProviderHealthQuery } from './provider-health.query.js';
import type { ProviderHealthView } from './provider-health.view.js';
import { ProviderModeBody } from './provider-test.dto.js';

/** How an instance does, and what somebody decided about that. */
@Controller('api/providers/:name/health')
export class ProviderHealthController {
  constructor(
    private readonly desk: HealthDesk,
    private readonly providers: StoredProviders,
  ) {}

  @Get()
  @RoleAccess('viewer')
  show(
    @Param('name') name: string,
    @Query() { hours }: ProviderHealthQuery,
  ): Promise<ProviderHealthView> {
    return this.desk.show(name, hours);
  }

  /** Holds in every process and after a restart. */
  @Post()
  @RoleAccess('operator')
  @HttpCode(200)
  async decide(
    @Param('name') name: string,
    @Body() { state }: ProviderModeBody,
  ): Promise<ProviderHealthView> {
    await this.providers.setMode(name, state);
    return this.desk.show(name);
  }
}
