import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';
import { IMAGE_EDITS_ROUTE, IMAGES_ROUTE } from './images.routes.js';

@Controller('v1/images')
@ApiKeyAccess()
export class ImagesController {
  constructor(private readonly proxy: ProxyService) {}

  @Post('generations')
  generate(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(IMAGES_ROUTE, request, response);
  }

  @Post('edits')
  edit(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answerUpload(IMAGE_EDITS_ROUTE, request, response);
  }
}
