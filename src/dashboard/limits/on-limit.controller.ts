import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { ClientsService } from '../../clients/clients.service.js';
import { OnLimitBody } from './on-limit.dto.js';
import { onLimitView, type OnLimitView } from './on-limit.view.js';

@Controller('api/clients/:id/on-limit')
export class OnLimitController {
  constructor(private readonly clients: ClientsService) {}

  @Get()
  @RoleAccess('viewer')
  async get(@Param('id') id: string): Promise<OnLimitView> {
    return onLimitView(await this.clients.get(id));
  }

  @Put()
  @RoleAccess('operator')
  async put(
    @Param('id') id: string,
    @Body() { onLimit, queueMs }: OnLimitBody,
  ): Promise<OnLimitView> {
    return onLimitView(
      await this.clients.update(id, { queueMs: onLimit === 'queue' ? queueMs : 0 }),
    );
  }
}
