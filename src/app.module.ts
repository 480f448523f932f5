import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AuditEntry } from './audit/audit-entry.entity.js';
import { AuditModule } from './audit/audit.module.js';
import { AUTH_ENTITIES } from './auth/auth-entities.js';
import { AuthModule } from './auth/auth.module.js';
import { CLIENT_ENTITIES } from './clients/client-entities.js';
import { ManagedClientsModule } from './clients/managed-clients.module.js';
import { LiveModule } from './common/live/live.module.js';
import { InFlight } from './common/in-flight.js';
import { ConfigModule, type ConfigModuleOptions } from './config/config.module.js';
import { LiveTicket } from './dashboard/live/live-ticket.entity.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DatabaseSettingsModule } from './database/database-settings.module.js';
import { LIMIT_ENTITIES } from './limits/limit-entities.js';
import { OperationsModule } from './operations/operations.module.js';
import { IdempotencyRecord } from './proxy/idempotency/idempotency-record.entity.js';
import { STORED_RESPONSE_ENTITIES } from './proxy/responses/store/stored-response.entity.js';
import { ProvisioningModule } from './provisioning/provisioning.module.js';
import { StoredObjectRow } from './provisioning/stored-object.entity.js';
import { ProxyModule } from './proxy/proxy.module.js';

@Global()
@Module({ providers: [InFlight], exports: [InFlight] })
class InFlightModule {}

/** The server: every feature over one configuration and one database. */
@Module({})
export class AppModule {
  static forRoot(options: ConfigModuleOptions = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(options),
        DatabaseModule.forRoot({
          entities: [
            AuditEntry,
            ...AUTH_ENTITIES,
            ...CLIENT_ENTITIES,
            ...LIMIT_ENTITIES,
            IdempotencyRecord,
            ...STORED_RESPONSE_ENTITIES,
            LiveTicket,
            StoredObjectRow,
          ],
          imports: [DatabaseSettingsModule.forRoot()],
        }),
        InFlightModule,
        AuditModule,
        LiveModule,
        AuthModule,
        ProvisioningModule,
        ManagedClientsModule,
        ProxyModule,
        OperationsModule,
        DashboardModule,
      ],
    };
  }
}
