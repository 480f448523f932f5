import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';
import { EMBEDDINGS_ROUTE } from './embeddings.route.js';

@Controller('v1/embeddings')
@ApiKeyAccess()
export class EmbeddingsController {
  constructor(private readonly proxy: ProxyService) {}

  @Post()
  create(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(EMBEDDINGS_ROUTE, request, response);
  }
}
