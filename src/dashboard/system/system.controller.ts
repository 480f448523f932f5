import { Controller, Get, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { recentLines } from '../../common/logging/recent-lines.js';
import { SystemHealthService } from '../../operations/system/system-health.service.js';
import { LogQuery } from './log.query.js';
import { type LogPage, logPage } from './log.view.js';
import { systemHealthView, type SystemHealthView } from './system-health.view.js';

@Controller('api/system')
export class SystemController {
  constructor(private readonly systemHealth: SystemHealthService) {}

  @Get('health')
  @RoleAccess('viewer')
  async health(): Promise<SystemHealthView> {
    return systemHealthView(await this.systemHealth.read());
  }

  @Get('logs')
  @RoleAccess('operator')
  logs(@Query() query: LogQuery): LogPage {
    return logPage(recentLines, query);
  }
}
