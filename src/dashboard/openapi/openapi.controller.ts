import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { RoleAccess } from '../../auth/access.decorators.js';
import { OpenapiDocument } from './openapi-document.js';

@Controller('api/openapi.json')
@ApiExcludeController()
@RoleAccess('viewer')
export class OpenapiController {
  constructor(private readonly document: OpenapiDocument) {}

  /** What the routes under `/api` take and answer, as OpenAPI 3. */
  @Get()
  show(): object {
    return this.document.get();
  }
}
