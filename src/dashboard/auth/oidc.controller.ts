import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../../auth/access.decorators.js';
import { OIDC_FLOW_SECONDS, OidcSignIn } from '../../auth/oidc/oidc-sign-in.js';
import { OidcRefusal } from '../../auth/oidc/oidc-refusal.js';
import { Configuration } from '../../config/configuration.js';
import { AuthCookies } from './auth-cookies.js';
import { originOf } from './logins.js';

/** The way to the provider of single sign-on and back; the browser follows it, not a script. */
@Controller('api/auth/oidc')
@Public()
export class OidcController {
  readonly #basePath: string;

  constructor(
    private readonly oidc: OidcSignIn,
    private readonly cookies: AuthCookies,
    configuration: Configuration,
  ) {
    this.#basePath = configuration.environment.basePath;
  }

  @Get('start')
  @Header('cache-control', 'no-store')
  async start(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.#orTellThePage(response, async () => {
      const { url, flow } = await this.oidc.start(this.#redirectUri(request).href);
      this.cookies.setOidcFlow(response, flow, OIDC_FLOW_SECONDS);
      response.redirect(302, url.href);
    });
  }

  /** Leaves the refresh cookie; the page that it leads to asks for its access token by that. */
  @Get('callback')
  @Header('cache-control', 'no-store')
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    this.cookies.clearOidcFlow(response);
    await this.#orTellThePage(response, async () => {
      const currentUrl = this.#redirectUri(request);
      currentUrl.search = URL.parse(request.originalUrl, currentUrl.href)?.search ?? '';
      const flow = this.cookies.oidcFlow(request);
      const open = await this.oidc.finish(flow, currentUrl, originOf(request));
      this.cookies.setRefreshToken(response, open);
      response.redirect(302, `${this.#basePath}/`);
    });
  }

  #redirectUri({ protocol, host }: Request): URL {
    return new URL(`${protocol}://${host}${this.#basePath}/api/auth/oidc/callback`);
  }

  async #orTellThePage(response: Response, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof OidcRefusal)) throw error;
      response.redirect(302, `${this.#basePath}/login?error=${error.reason}`);
    }
  }
}
