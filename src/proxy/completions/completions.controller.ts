import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';
import { COMPLETIONS_ROUTE } from './completions.route.js';

@Controller('v1/completions')
@ApiKeyAccess()
export class CompletionsController {
  constructor(private readonly proxy: ProxyService) {}

  @Post()
  create(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(COMPLETIONS_ROUTE, request, response);
  }
}
