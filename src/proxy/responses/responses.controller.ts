import { Controller, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApiKeyAccess } from '../../auth/access.decorators.js';
import { ProxyService } from '../proxy.service.js';
import { CompactRoute } from './compact.route.js';
import { InputTokensRoute } from './input-tokens.route.js';
import type { ItemPage } from './item-page.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import { ResponseObjects } from './response-objects.service.js';
import { ResponsesRoute } from './responses.route.js';
import { unsupportedParameter } from './unsupported-parameter.js';

@Controller('v1/responses')
@ApiKeyAccess()
export class ResponsesController {
  constructor(
    private readonly proxy: ProxyService,
    private readonly route: ResponsesRoute,
    private readonly inputTokensRoute: InputTokensRoute,
    private readonly compactRoute: CompactRoute,
    private readonly objects: ResponseObjects,
  ) {}

  @Post()
  create(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(this.route, request, response);
  }

  @Post('input_tokens')
  countInputTokens(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(this.inputTokensRoute, request, response);
  }

  @Post('compact')
  compact(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.proxy.answer(this.compactRoute, request, response);
  }

  /** Where clients try a WebSocket first. */
  @Get()
  connect(@Req() request: Request, @Res({ passthrough: true }) response: Response): never {
    return refuseUpgrade(request, response);
  }

  @Get(':id')
  get(@Req() request: Request, @Param('id') id: string, @Query('stream') stream?: string) {
    if (stream === 'true') {
      throw unsupportedParameter('stream', 'An answer is streamed while it is made, not again.');
    }
    return this.objects.get(request, id);
  }

  @Get(':id/input_items')
  inputItems(
    @Req() request: Request,
    @Param('id') id: string,
    @Query() query: object,
  ): Promise<ItemPage> {
    return this.objects.inputItems(request, id, query);
  }

  @Post(':id/cancel')
  cancel(@Req() request: Request, @Param('id') id: string): Promise<never> {
    return this.objects.cancel(request, id);
  }

  @Delete(':id')
  remove(@Req() request: Request, @Param('id') id: string): Promise<object> {
    return this.objects.remove(request, id);
  }
}
