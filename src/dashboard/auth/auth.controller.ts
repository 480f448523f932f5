import { Body, Controller, Get, Header, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../../auth/access.decorators.js';
import { OidcSignIn } from '../../auth/oidc/oidc-sign-in.js';
import { OptionalSessionGuard } from '../../auth/sessions/session.guard.js';
import { SignIn } from '../../auth/sessions/sign-in.service.js';
import { SetupService } from '../../auth/setup/setup.service.js';
import { LoginBody, SetupBody } from './auth.dto.js';
import type { LoginView, StatusView } from './auth.view.js';
import { CookieSessions } from './cookie-sessions.js';
import { Logins, originOf, personView } from './logins.js';
import { CookieRouteGuard, SameOriginGuard } from './same-site.guards.js';

/** Signing in and out. Open to everybody, because nobody is signed in there. */
@Controller('api/auth')
@Public()
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly setup: SetupService,
    private readonly oidc: OidcSignIn,
    private readonly sessions: CookieSessions,
    private readonly logins: Logins,
  ) {}

  @Get('status')
  @UseGuards(OptionalSessionGuard)
  @Header('cache-control', 'no-store')
  async status(@Req() request: Request): Promise<StatusView> {
    const person = request.person ?? (await this.sessions.find(request));
    return {
      signedIn: person !== undefined,
      setupRequired: await this.setup.isRequired(),
      oidc: this.oidc.offer,
      ...(person === undefined ? {} : { user: personView(person) }),
    };
  }

  /** Makes the first administrator and signs them in. */
  @Post('setup')
  @HttpCode(200)
  @UseGuards(SameOriginGuard)
  @Header('cache-control', 'no-store')
  async setUp(
    @Body() { token, ...admin }: SetupBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginView> {
    const open = await this.setup.setUp(token, admin, originOf(request));
    return this.logins.handOver(response, open);
  }

  @Post('login')
  @HttpCode(200)
  @UseGuards(SameOriginGuard)
  @Header('cache-control', 'no-store')
  async login(
    @Body() credentials: LoginBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginView> {
    const open = await this.signIn.signIn(credentials, originOf(request));
    return this.logins.handOver(response, open);
  }

  /** The next access token, by the refresh cookie, which is replaced. */
  @Post('refresh')
  @HttpCode(200)
  @UseGuards(CookieRouteGuard)
  @Header('cache-control', 'no-store')
  async refresh(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<LoginView> {
    return this.logins.handOver(response, await this.sessions.rotate(request, response));
  }

  /** Ends the session of the refresh cookie, or of the access token. */
  @Post('logout')
  @HttpCode(204)
  @UseGuards(CookieRouteGuard, OptionalSessionGuard)
  async logout(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.sessions.end(request, response);
  }
}
