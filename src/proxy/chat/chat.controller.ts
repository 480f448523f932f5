import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';

@Controller('v1/chat/completions')
@ApiKeyAccess()
export class ChatController {
  constructor(private readonly proxy: ProxyService) {}

  @Post()
  create(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answerChat(request, response);
  }
}
