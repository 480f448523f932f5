import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { AdminAccess } from '../../auth/access.decorators.js';
import { ClientsService } from '../../clients/clients.service.js';
import { DEFAULT_QUEUE_MS } from '../../config/limit-values.js';
import { OnLimitBody } from './on-limit.dto.js';
import { onLimitView, type OnLimitView } from './on-limit.view.js';

@Controller('api/clients/:id/on-limit')
@AdminAccess()
export class OnLimitController {
  constructor(private readonly clients: ClientsService) {}

  @Get()
  async get(@Param('id') id: string): Promise<OnLimitView> {
    return onLimitView(await this.clients.get(id));
  }

  @Put()
  async put(
    @Param('id') id: string,
    @Body() { onLimit, queueMs = DEFAULT_QUEUE_MS }: OnLimitBody,
  ): Promise<OnLimitView> {
    return onLimitView(
      await this.clients.update(id, { queueMs: onLimit === 'queue' ? queueMs : 0 }),
    );
  }
}
