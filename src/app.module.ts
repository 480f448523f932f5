import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { InFlight } from './common/in-flight.js';
import { ConfigModule, type ConfigModuleOptions } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { OperationsModule } from './operations/operations.module.js';
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
        DatabaseModule,
        InFlightModule,
        AuthModule,
        ProxyModule,
        OperationsModule,
      ],
    };
  }
}
