import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { StoredModels } from '../../provisioning/stored-models.service.js';
import { pageOf, PageQuery } from '../page.js';
import { plainValues } from '../plain-values.js';
import { nameOf, type NameParts } from './name-parts.js';
import { RouteBody, RouteChangeBody } from './route.dto.js';
import type { RoutePage, RouteView } from './route.view.js';
import { RoutesDesk } from './routes-desk.js';

/** Public names of models. A name may have slashes, written out or encoded. */
@Controller('api/routes')
export class RoutesController {
  constructor(
    private readonly desk: RoutesDesk,
    private readonly models: StoredModels,
  ) {}

  @Get()
  @RoleAccess('viewer')
  async list(@Query() query: PageQuery): Promise<RoutePage> {
    const all = (await this.desk.list()).map((view) => ({ ...view, id: view.name }));
    const { items, nextCursor } = pageOf(all, query);
    return { items: items.map(({ id: _id, ...view }) => view), nextCursor };
  }

  @Post()
  @RoleAccess('operator')
  async create(@Body() { name, ...fields }: RouteBody): Promise<RouteView> {
    await this.models.createRoute(name, plainValues(fields));
    return this.desk.get(name);
  }

  @Get('*name')
  @RoleAccess('viewer')
  get(@Param('name') name: NameParts): Promise<RouteView> {
    return this.desk.get(nameOf(name));
  }

  @Patch('*name')
  @RoleAccess('operator')
  async change(@Param('name') name: NameParts, @Body() body: RouteChangeBody): Promise<RouteView> {
    await this.models.changeRoute(nameOf(name), plainValues(body));
    return this.desk.get(nameOf(name));
  }

  @Delete('*name')
  @RoleAccess('operator')
  @HttpCode(204)
  async remove(@Param('name') name: NameParts): Promise<void> {
    await this.models.removeRoute(nameOf(name));
  }
}
