import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';
import { COUNT_TOKENS_ROUTE } from './count-tokens.route.js';
import { MessagesRoute } from './messages.route.js';

@Controller('v1/messages')
@ApiKeyAccess()
export class MessagesController {
  constructor(
    private readonly proxy: ProxyService,
    private readonly route: MessagesRoute,
  ) {}

  @Post()
  create(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(this.route, request, response);
  }

  @Post('count_tokens')
  countTokens(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(COUNT_TOKENS_ROUTE, request, response);
  }
}
