import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Controller, Delete, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { RoleAccess } from '../../auth/access.decorators.js';
import { Backups } from '../../operations/backup/backups.service.js';
import {
  type BackupPage,
  backupView,
  type BackupVerdictView,
  type BackupView,
  verdictView,
} from './backup.view.js';

@Controller('api/system/backups')
@RoleAccess('admin')
export class BackupsController {
  constructor(private readonly backups: Backups) {}

  @Get()
  async list(): Promise<BackupPage> {
    return { items: (await this.backups.list()).map(backupView), nextCursor: null };
  }

  @Post()
  async create(): Promise<BackupView> {
    return backupView(await this.backups.create());
  }

  /** The file. */
  @Get(':name')
  async download(@Param('name') name: string, @Res() response: Response): Promise<void> {
    const path = await this.backups.pathOf(name);
    response.setHeader('content-type', 'application/vnd.sqlite3');
    response.setHeader('content-disposition', `attachment; filename="${name}"`);
    await pipeline(createReadStream(path), response);
  }

  @Delete(':name')
  @HttpCode(204)
  async remove(@Param('name') name: string): Promise<void> {
    await this.backups.remove(name);
  }

  @Post(':name/verify')
  @HttpCode(200)
  async verify(@Param('name') name: string): Promise<BackupVerdictView> {
    return verdictView(await this.backups.verify(name));
  }
}
