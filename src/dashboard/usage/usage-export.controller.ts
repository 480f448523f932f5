import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { RoleAccess } from '../../auth/access.decorators.js';
import { UsageExport } from '../../usage/usage-export.js';
import { filterOf } from './request-filter.query.js';
import { UsageExportQuery } from './usage-export.query.js';
import { wholeRangeOf } from './usage-range.query.js';
import { EXPORT_CONTENT_TYPES, formatRows } from '../../usage/usage-row-format.js';

@Controller('api/usage')
@RoleAccess('viewer')
export class UsageExportController {
  constructor(private readonly usageExport: UsageExport) {}

  @Get('export')
  async export(@Query() query: UsageExportQuery, @Res() response: Response): Promise<void> {
    const rows = this.usageExport.rows(wholeRangeOf(query), filterOf(query));
    response.setHeader('content-type', EXPORT_CONTENT_TYPES[query.format]);
    response.setHeader('content-disposition', `attachment; filename="usage.${query.format}"`);
    await pipeline(Readable.from(formatRows(rows, query.format)), response);
  }
}
