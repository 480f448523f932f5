import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';
import { MODERATIONS_ROUTE } from './moderations.route.js';

@Controller('v1/moderations')
@ApiKeyAccess()
export class ModerationsController {
  constructor(private readonly proxy: ProxyService) {}

  @Post()
  create(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(MODERATIONS_ROUTE, request, response);
  }
}
