import { Module } from '@nestjs/common';
import { OidcModule } from '../../auth/oidc/oidc.module.js';
import { SessionsModule } from '../../auth/sessions/sessions.module.js';
import { SetupModule } from '../../auth/setup/setup.module.js';
import { AuthCookies } from './auth-cookies.js';
import { AuthController } from './auth.controller.js';
import { CookieSessions } from './cookie-sessions.js';
import { Logins } from './logins.js';
import { OidcController } from './oidc.controller.js';
import { OwnAccountController } from './own-account.controller.js';

@Module({
  imports: [OidcModule, SessionsModule, SetupModule],
  controllers: [AuthController, OidcController, OwnAccountController],
  providers: [AuthCookies, CookieSessions, Logins],
})
export class AuthApiModule {}
