import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';
import { SPEECH_ROUTE, TRANSCRIPTIONS_ROUTE, TRANSLATIONS_ROUTE } from './audio.routes.js';

@Controller('v1/audio')
@ApiKeyAccess()
export class AudioController {
  constructor(private readonly proxy: ProxyService) {}

  @Post('speech')
  speak(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(SPEECH_ROUTE, request, response);
  }

  @Post('transcriptions')
  transcribe(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answerUpload(TRANSCRIPTIONS_ROUTE, request, response);
  }

  @Post('translations')
  translate(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answerUpload(TRANSLATIONS_ROUTE, request, response);
  }
}
