import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../../src/app.module.js';
import { ApiKeysService } from '../../src/clients/api-keys.service.js';
import { DemoAccess } from '../../src/clients/demo-access.js';
import { createLogger } from '../../src/common/logging/create-logger.js';
import { Configuration } from '../../src/config/configuration.js';
import { configureApp, createHttpAdapter } from '../../src/configure-app.js';
import type { UsageRow } from '../../src/usage/usage-export.js';

export interface TestAppOptions {
  /** Contents of the configuration file; none when absent. */
  yaml?: string;
  env?: Record<string, string>;
  /** A folder of an earlier app, to start over its data. */
  dataDir?: string;
  /** What is to be done to the application before it listens. */
  prepare?: (app: NestExpressApplication) => void;
}

/** The whole proxy over real HTTP on a free port of loopback, with a database of its own. */
export class TestApp {
  /** What was logged, a JSON line each. */
  logLines: readonly string[] = [];

  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
    readonly dataDir: string,
    readonly adminKey: string,
    readonly demoKey: string | undefined,
    private readonly keepData: boolean,
  ) {}

  static async start(options: TestAppOptions = {}): Promise<TestApp> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'llm-proxy-test-')));
    const configFile = join(dataDir, 'llm-proxy.yaml');
    if (options.yaml !== undefined) await writeFile(configFile, options.yaml, { mode: 0o600 });
    const env: Record<string, string> = {
      DATA_DIR: dataDir,
      // An upstream that a test plays gets the calls that the test makes.
      MODEL_REFRESH_SECONDS: '0',
      HEALTH_PROBE_INTERVAL_MS: '0',
      // What one test makes fail is not charged to the next.
      RETRY_BUDGET_PERCENT: '1000',
      // Estimates are the tokenizer's, however long a busy machine takes to start it.
      LEDGER_ESTIMATE_TIMEOUT_MS: '20000',
      ...(options.yaml === undefined ? {} : { LLM_PROXY_CONFIG: configFile }),
      ...options.env,
    };
    const lines: string[] = [];
    const logger = createLogger(env['LOG_LEVEL'] ?? 'info', {
      write: (line: string) => void lines.push(line),
    });
    const configuration = await Configuration.open(env);
    const app = await NestFactory.create<NestExpressApplication>(
      AppModule.forRoot({ configuration }),
      createHttpAdapter(configuration.environment),
      { logger, bodyParser: false, abortOnError: false },
    );
    configureApp(app);
    options.prepare?.(app);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const admin = await app
      .get(ApiKeysService)
      .createForClientName('test-admin', { role: 'admin' });
    const testApp = new TestApp(
      app,
      `http://127.0.0.1:${port}`,
      dataDir,
      admin.key.reveal(),
      app.get(Configuration).isDemo ? app.get(DemoAccess).key()?.reveal() : undefined,
      options.dataDir !== undefined,
    );
    testApp.logLines = lines;
    return testApp;
  }

  /** The settled rows, oldest first. */
  async rows(): Promise<UsageRow[]> {
    const answer = await fetch(`${this.url}/api/usage/export?format=ndjson`, {
      headers: { authorization: `Bearer ${this.adminKey}` },
    });
    if (answer.status !== 200) throw new Error(`export answered ${answer.status}`);
    const text = await answer.text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as UsageRow);
  }

  chat(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.demoKey ?? this.adminKey}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async close(): Promise<void> {
    this.app.getHttpServer().closeAllConnections();
    await this.app.close();
    if (!this.keepData) await rm(this.dataDir, { recursive: true, force: true });
  }
}
