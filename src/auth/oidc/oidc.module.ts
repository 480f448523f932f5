import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { OidcAccounts } from './oidc-accounts.js';
import { OidcProvider } from './oidc-provider.js';
import { OidcSignIn } from './oidc-sign-in.js';

/** Signing in with an OpenID Connect provider. */
@Module({
  imports: [SessionsModule],
  providers: [OidcProvider, OidcAccounts, OidcSignIn],
  exports: [OidcSignIn],
})
export class OidcModule {}
