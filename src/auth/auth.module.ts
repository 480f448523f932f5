import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { ClientsModule } from '../clients/clients.module.js';
import { AccessGuard } from './access.guard.js';
import { ApiKeyAuthenticator } from './api-key-authenticator.js';
import { RouteDecisions } from './route-decisions.js';
import { SessionsModule } from './sessions/sessions.module.js';

/** Closes every route of the application but those that say otherwise. */
@Module({
  imports: [ClientsModule, DiscoveryModule, SessionsModule],
  providers: [ApiKeyAuthenticator, RouteDecisions, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [ApiKeyAuthenticator, SessionsModule],
})
export class AuthModule {}
