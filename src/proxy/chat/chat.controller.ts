import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';
import { ChatRoute } from './chat.route.js';

@Controller('v1/chat/completions')
@ApiKeyAccess()
export class ChatController {
  constructor(
    private readonly proxy: ProxyService,
    private readonly route: ChatRoute,
  ) {}

  @Post()
  create(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(this.route, request, response);
  }
}
