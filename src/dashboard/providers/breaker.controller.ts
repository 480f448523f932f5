import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { BreakerDesk } from './breaker-desk.js';
import { BreakerBody } from './breaker.dto.js';
import type { BreakerView } from './breaker.view.js';

/** The breaker of a provider instance, to look at and to move by hand. */
@Controller('api/providers/:name/breaker')
export class BreakerController {
  constructor(private readonly desk: BreakerDesk) {}

  @Get()
  @RoleAccess('viewer')
  show(@Param('name') name: string): BreakerView {
    return this.desk.show(name);
  }

  @Post()
  @RoleAccess('operator')
  @HttpCode(200)
  move(@Param('name') name: string, @Body() body: BreakerBody): Promise<BreakerView> {
    return this.desk.move(name, body);
  }
}
