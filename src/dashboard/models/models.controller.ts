import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { RoleAccess } from '../../auth/access.decorators.js';
import { StoredModels } from '../../provisioning/stored-models.service.js';
import { pageOf } from '../page.js';
import { ModelChangeBody } from './model.dto.js';
import { ModelQuery } from './model.query.js';
import type { ModelPage, ModelView } from './model.view.js';
import { ModelsDesk } from './models-desk.js';
import { nameOf, type NameParts } from './name-parts.js';

/** The catalogue. An id may have slashes, written out or encoded. */
@Controller('api/models')
export class ModelsController {
  constructor(
    private readonly desk: ModelsDesk,
    private readonly models: StoredModels,
  ) {}

  @Get()
  @RoleAccess('viewer')
  async list(@Query() query: ModelQuery): Promise<ModelPage> {
    return pageOf(await this.desk.list(query), query);
  }

  @Get('*id')
  @RoleAccess('viewer')
  get(@Param('id') id: NameParts): Promise<ModelView> {
    return this.desk.get(nameOf(id));
  }

  @Patch('*id')
  @RoleAccess('operator')
  async change(@Param('id') id: NameParts, @Body() body: ModelChangeBody): Promise<ModelView> {
    await this.desk.get(nameOf(id));
    await this.models.changeModel(nameOf(id), body);
    return this.desk.get(nameOf(id));
  }
}
