import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { RoleAccess } from '../../auth/access.decorators.js';
import { epochMsOf } from '../../common/time/day-or-time.js';
import { UsageExport } from '../../usage/usage-export.js';
import { UsageExportQuery } from './usage-export.query.js';
import { EXPORT_CONTENT_TYPES, formatRows } from '../../usage/usage-row-format.js';

const END_OF_TIME = 8.64e15;

@Controller('api/usage')
@RoleAccess('viewer')
export class UsageExportController {
  constructor(private readonly usageExport: UsageExport) {}

  @Get('export')
  async export(@Query() query: UsageExportQuery, @Res() response: Response): Promise<void> {
    const rows = this.usageExport.rows({
      from: query.from === undefined ? 0 : epochMsOf(query.from),
      to: query.to === undefined ? END_OF_TIME : epochMsOf(query.to),
    });
    response.setHeader('content-type', EXPORT_CONTENT_TYPES[query.format]);
    response.setHeader('content-disposition', `attachment; filename="usage.${query.format}"`);
    await pipeline(Readable.from(formatRows(rows, query.format)), response);
  }
}
