import { Module } from '@nestjs/common';
import { AuthModule } from '../../auth/auth.module.js';
import { ClientsModule } from '../../clients/clients.module.js';
import { LimitsModule } from '../../limits/limits.module.js';
import { RulesModule } from '../../limits/rules/rules.module.js';
import { OperationsModule } from '../../operations/operations.module.js';
import { ProvidersModule } from '../../providers/providers.module.js';
import { UsageModule } from '../../usage/usage.module.js';
import { LiveEntrance } from './live-entrance.js';
import { LiveGateway } from './live.gateway.js';
import { LiveHolders } from './live-holders.js';
import { LiveMessages } from './live-messages.js';
import { LivePatrol } from './live-patrol.js';
import { LIVE_SHARING_PROVIDER } from './live-sharing.provider.js';
import { LiveStates } from './live-states.js';
import { LiveTicketController } from './live-ticket.controller.js';
import { LiveTickets } from './live-tickets.js';
import { LiveWatchers } from './live-watchers.js';
import { Happenings } from './sources/happenings.js';
import { ProcessStates, SharedStates } from './sources/state-sources.js';

@Module({
  imports: [
    AuthModule,
    ClientsModule,
    LimitsModule,
    RulesModule,
    OperationsModule,
    ProvidersModule,
    UsageModule,
  ],
  controllers: [LiveTicketController],
  providers: [
    LiveGateway,
    LiveEntrance,
    LiveHolders,
    LiveTickets,
    LiveWatchers,
    LiveMessages,
    LivePatrol,
    LiveStates,
    LIVE_SHARING_PROVIDER,
    ProcessStates,
    SharedStates,
    Happenings,
  ],
})
export class LiveApiModule {}
