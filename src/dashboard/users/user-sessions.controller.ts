import { Controller, Delete, Get, HttpCode, Param, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { RoleAccess } from '../../auth/access.decorators.js';
import { SessionsService } from '../../auth/sessions/sessions.service.js';
import { type SessionPage, sessionView } from '../auth/session.view.js';
import { pageOf, PageQuery } from '../page.js';

/** Where others are signed in. */
@Controller('api/users/:id/sessions')
@RoleAccess('admin')
export class UserSessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  async list(
    @Param('id') id: string,
    @Query() query: PageQuery,
    @Req() { person }: Request,
  ): Promise<SessionPage> {
    const sessions = await this.sessions.listOf(id);
    return pageOf(
      sessions.map((session) => sessionView(session, person?.sessionId)),
      query,
    );
  }

  /** Signs them out everywhere. */
  @Delete()
  @HttpCode(204)
  async endAll(@Param('id') id: string): Promise<void> {
    await this.sessions.endAll(id);
  }

  @Delete(':sessionId')
  @HttpCode(204)
  async end(@Param('id') id: string, @Param('sessionId') sessionId: string): Promise<void> {
    await this.sessions.end(id, sessionId);
  }
}
