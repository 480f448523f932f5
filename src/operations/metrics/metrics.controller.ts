import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from '../../auth/access.decorators.js';
import { MetricsAccess } from './metrics-access.guard.js';
import { ProcessFigures } from './process-figures.js';

@Controller('metrics')
@Public()
@UseGuards(MetricsAccess)
export class MetricsController {
  constructor(private readonly figures: ProcessFigures) {}

  @Get()
  async metrics(@Res() response: Response): Promise<void> {
    const text = await this.figures.text();
    response.setHeader('content-type', this.figures.contentType);
    response.end(text);
  }
}
