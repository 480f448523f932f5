import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { defer, retry, type Subscription, switchMap, timer } from 'rxjs';
import { Configuration } from '../config/configuration.js';
import { ConfigurationError } from '../config/configuration-error.js';
import { ClientWriter } from './client-writer.js';
import { findConfigClientProblems, syncConfigClients } from './config-clients.js';
import { DemoAccess } from './demo-access.js';
import { syncDemoClient } from './demo-client.js';
import { KeyHasher } from './key-hasher.js';

const RETRY_DELAY_MS = 2_000;

/**
 * Keeps the clients of the configuration file and the demo client in the database as the
 * configuration says: before the server listens, and after each change of the configuration.
 */
@Injectable()
export class ManagedClients implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(ManagedClients.name);
  #subscription: Subscription | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly writer: ClientWriter,
    private readonly demo: DemoAccess,
    private readonly hasher: KeyHasher,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const problems = findConfigClientProblems(this.configuration.file.clients);
    if (problems.length > 0) throw new ConfigurationError('configuration file', problems);
    this.configuration.addCheck((file) => findConfigClientProblems(file.clients));
    await this.sync();
    this.#subscription = this.configuration.changes
      .pipe(switchMap(() => defer(() => this.sync()).pipe(retry({ delay: this.waitAndSay }))))
      .subscribe();
  }

  onModuleDestroy(): void {
    this.#subscription?.unsubscribe();
  }

  /** One transaction; other processes that do the same wait for it and find nothing left to do. */
  async sync(): Promise<void> {
    const { clients } = this.configuration.file;
    const takenOver = await this.writer.write(async (manager) => {
      const names = await syncConfigClients(manager, clients, this.hasher);
      await syncDemoClient(manager, this.demo.newKey(), this.hasher);
      return names;
    });
    for (const name of takenOver) {
      this.#logger.warn(
        `The client ${JSON.stringify(name)} was made by hand and is managed by the configuration file from now on.`,
      );
    }
  }

  // A key that was taken out of the file must end, also when the database was busy at that moment.
  private readonly waitAndSay = (error: unknown) => {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    this.#logger.error(`The clients of the configuration could not be stored yet: ${reason}`);
    return timer(RETRY_DELAY_MS);
  };
}
