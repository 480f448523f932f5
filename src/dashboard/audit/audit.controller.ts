import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { AuditList } from '../../audit/audit-list.js';
import { RoleAccess } from '../../auth/access.decorators.js';
import { auditCsv } from './audit-csv.js';
import { auditFilterOf, AuditQuery } from './audit.query.js';
import { auditEntryView, type AuditPage } from './audit.view.js';

/** Who changed what. There is no way to change or delete any of it. */
@Controller('api/audit')
export class AuditController {
  constructor(private readonly entries: AuditList) {}

  @Get()
  @RoleAccess('operator')
  async list(@Query() query: AuditQuery): Promise<AuditPage> {
    const found = await this.entries.find(auditFilterOf(query), query.limit + 1, query.cursor);
    const items = found.slice(0, query.limit).map(auditEntryView);
    return { items, nextCursor: found.length > query.limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** The same as CSV, without pages. */
  @Get('export')
  @RoleAccess('admin')
  async export(@Query() query: AuditQuery, @Res() response: Response): Promise<void> {
    response.setHeader('content-type', 'text/csv; charset=utf-8');
    response.setHeader('content-disposition', 'attachment; filename="audit.csv"');
    const entries = this.entries.all(auditFilterOf(query));
    await pipeline(Readable.from(auditCsv(entries)), response);
  }
}
