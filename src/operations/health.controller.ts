import { Controller, Get, HttpStatus, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../auth/access.decorators.js';
import { ApiKeyAuthenticator } from '../auth/api-key-authenticator.js';
import { findPresentedKey } from '../auth/presented-key.js';
import { ProviderReport, type OverallStatus, type ReportedProvider } from './provider-report.js';
import { Readiness } from './readiness.js';

@Controller('health')
@Public()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly report: ProviderReport,
    private readonly authenticator: ApiKeyAuthenticator,
  ) {}

  /**
   * How the providers are as a whole; one by one for who sends an admin key. Everybody else is
   * told no names, also on this machine: a reverse proxy there would tell them to the world.
   */
  @Get()
  async health(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ status: OverallStatus; providers?: readonly ReportedProvider[] }> {
    const providers = this.report.providers();
    const status = this.report.statusOf(providers);
    if (status === 'down') response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return (await this.#isAdmin(request)) ? { status, providers } : { status };
  }

  /** The process runs; says nothing of what it depends on. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Whether this instance should get traffic. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<{ status: string }> {
    const status = await this.readiness.status();
    if (status !== 'ok') response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status };
  }

  async #isAdmin(request: Request): Promise<boolean> {
    const key = findPresentedKey(request);
    if (key === undefined) return false;
    const principal = await this.authenticator.authenticate(key, request.socket.remoteAddress);
    return principal?.role === 'admin';
  }
}
