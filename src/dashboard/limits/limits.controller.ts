import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { LimitsService } from '../../limits/rules/limits.service.js';
import { LimitBody, newLimitOf } from './limit.dto.js';
import { type LimitPage, limitView, type LimitView } from './limit.view.js';
import { pageOf, PageQuery } from '../page.js';

@Controller('api/limits')
export class LimitsController {
  constructor(private readonly limits: LimitsService) {}

  @Get()
  @RoleAccess('viewer')
  async list(@Query() query: PageQuery): Promise<LimitPage> {
    return pageOf((await this.limits.list()).map(limitView), query);
  }

  /** Makes or replaces the limit of a subject, or of one endpoint of it. */
  @Put()
  @RoleAccess('operator')
  async put(@Body() body: LimitBody): Promise<LimitView> {
    return limitView(await this.limits.put(newLimitOf(body)));
  }

  @Delete(':id')
  @RoleAccess('operator')
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    await this.limits.remove(id);
  }
}
