import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { BeforePasswordChange, PersonAccess } from '../../auth/access.decorators.js';
import { OwnPassword } from '../../auth/people/own-password.js';
import { SessionsService } from '../../auth/sessions/sessions.service.js';
import { pageOf, PageQuery } from '../page.js';
import { ChangePasswordBody } from './auth.dto.js';
import { CurrentPerson } from './current-person.js';
import type { Person } from '../../auth/sessions/person.js';
import { type SessionPage, sessionView } from './session.view.js';

/** What people see and change of their own account. */
@Controller('api/auth')
@PersonAccess()
export class OwnAccountController {
  constructor(
    private readonly passwords: OwnPassword,
    private readonly sessions: SessionsService,
  ) {}

  /** Ends every other session. */
  @Post('change-password')
  @BeforePasswordChange()
  @HttpCode(204)
  async changePassword(
    @Body() change: ChangePasswordBody,
    @CurrentPerson() person: Person,
    @Req() { ip }: Request,
  ): Promise<void> {
    await this.passwords.change(person, change, ip ?? null);
  }

  @Get('sessions')
  async list(
    @Query() query: PageQuery,
    @CurrentPerson() { id, sessionId }: Person,
  ): Promise<SessionPage> {
    const sessions = await this.sessions.listOf(id);
    return pageOf(
      sessions.map((session) => sessionView(session, sessionId)),
      query,
    );
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  async end(@Param('id') sessionId: string, @CurrentPerson() { id }: Person): Promise<void> {
    await this.sessions.end(id, sessionId);
  }
}
