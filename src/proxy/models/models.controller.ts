import { Controller, Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import type { Principal } from '../../auth/principal.js';
import { ModelList, type ModelListBody, type ModelObject } from './model-list.js';

@Controller('v1/models')
@ApiKeyAccess()
export class ModelsController {
  constructor(private readonly models: ModelList) {}

  @Get()
  list(@Req() request: Request): ModelListBody {
    return this.models.list(request.principal as Principal);
  }

  /** Model ids contain slashes. */
  @Get('*id')
  get(@Param('id') id: string[] | string, @Req() request: Request): ModelObject {
    return this.models.get(Array.isArray(id) ? id.join('/') : id, request.principal as Principal);
  }
}
