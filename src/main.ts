import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { SetupService } from './auth/setup/setup.service.js';
import { DemoAccess } from './clients/demo-access.js';
import { InFlight } from './common/in-flight.js';
import { createLogger, type FlushableLogger } from './common/logging/create-logger.js';
import { Configuration } from './config/configuration.js';
import type { Environment } from './config/environment.js';
import { configureApp, createHttpAdapter } from './configure-app.js';
import { startBanner } from './operations/start-banner.js';
import { Ledger } from './usage/ledger.js';

/** After the last answer, for settlements that wait for a database that was away. */
const UNSETTLED_GRACE_MS = 10_000;
const SIGNAL_ECHO_MS = 500;

/** Starts the server and resolves when it listens; it then runs until SIGTERM or SIGINT. */
export async function start(): Promise<void> {
  const configuration = await Configuration.open();
  const { environment } = configuration;
  const logger = createLogger(environment.logLevel);
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot({ configuration }),
    createHttpAdapter(environment),
    { logger, bodyParser: false, abortOnError: false, ...tls(environment) },
  );
  configureApp(app);
  stopOnSignals(app, logger);
  configuration.watch();
  await app.listen(environment.port, environment.host);
  const scheme = environment.tlsCertFile === undefined ? 'http' : 'https';
  const address = (await app.getUrl())
    .replace(/^https?:/, `${scheme}:`)
    .replace('[::1]', 'localhost');
  process.stdout.write(
    startBanner({
      url: `${address}${environment.basePath}`,
      demoKey: app.get(DemoAccess).key(),
      instances: configuration.providers().map(({ name }) => name),
      setupToken: await app.get(SetupService).renewToken(),
    }),
  );
}

function tls({ tlsCertFile, tlsKeyFile }: Environment) {
  if (tlsCertFile === undefined || tlsKeyFile === undefined) return {};
  return { httpsOptions: { cert: readFileSync(tlsCertFile), key: readFileSync(tlsKeyFile) } };
}

/**
 * The first signal drains: what is in flight finishes, nothing new begins. A second one ends at
 * once, unless it is the echo of the first: a terminal signals npm and the server, and npm passes
 * its own on.
 */
function stopOnSignals(app: NestExpressApplication, logger: FlushableLogger): void {
  let stoppingSince: number | undefined;
  const stop = (signal: string): void => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SIGNAL_ECHO_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    void shutDown(app, signal, logger).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ message: 'shutdown failed', err: error });
        logger.flush();
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function shutDown(
  app: NestExpressApplication,
  signal: string,
  logger: FlushableLogger,
): Promise<void> {
  const inFlight = app.get(InFlight);
  const { shutdownDrainSeconds } = app.get(Configuration).environment;
  logger.log({ message: 'draining', signal, count: inFlight.size });
  const ended = await inFlight.drain(shutdownDrainSeconds * 1000);
  await Promise.race([
    app.get(Ledger).flush(),
    new Promise((resolve) => setTimeout(resolve, UNSETTLED_GRACE_MS).unref()),
  ]);
  const server = app.getHttpServer();
  server.closeIdleConnections();
  const closed = app.close();
  // Answers are out; a client that keeps its connection open has no claim on the process.
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 1000).unref();
  await closed;
  logger.log({ message: 'stopped', signal, count: ended });
  logger.flush();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await start().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
