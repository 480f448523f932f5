import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { ClientsService } from '../../clients/clients.service.js';
import { pageOf, PageQuery } from '../page.js';
import { ClientBody, ClientChangeBody } from './client.dto.js';
import type { ClientPage, ClientView } from './client.view.js';
import { ClientsDesk } from './clients-desk.js';

@Controller('api/clients')
export class ClientsController {
  constructor(
    private readonly desk: ClientsDesk,
    private readonly clients: ClientsService,
  ) {}

  @Get()
  @RoleAccess('viewer')
  async list(@Query() query: PageQuery): Promise<ClientPage> {
    return pageOf(await this.desk.list(), query);
  }

  @Post()
  @RoleAccess('operator')
  create(@Body() body: ClientBody): Promise<ClientView> {
    return this.desk.create(body);
  }

  @Get(':id')
  @RoleAccess('viewer')
  get(@Param('id') id: string): Promise<ClientView> {
    return this.desk.get(id);
  }

  @Patch(':id')
  @RoleAccess('operator')
  change(@Param('id') id: string, @Body() body: ClientChangeBody): Promise<ClientView> {
    return this.desk.change(id, body);
  }

  /** Refuses every key of the client from now on. Its usage stays, so its row does too. */
  @Delete(':id')
  @RoleAccess('operator')
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    await this.clients.delete(id);
  }
}
