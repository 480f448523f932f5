import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';
import { RERANK_ROUTE } from './rerank.route.js';

@Controller('v1/rerank')
@ApiKeyAccess()
export class RerankController {
  constructor(private readonly proxy: ProxyService) {}

  @Post()
  create(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(RERANK_ROUTE, request, response);
  }
}
