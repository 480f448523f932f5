import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { stopChild } from './child-server.ts';
import { freePort } from './free-port.ts';

/** One row of `GET /api/usage/export`, as far as these programs read it. */
export interface LedgerRow {
  readonly request_id: string;
  readonly client: string | null;
  readonly model: string | null;
  /** `ok`, `error`, `client_aborted`, `interrupted` or `rejected` once it is closed. */
  readonly status: string;
  readonly attempts: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_tokens: number;
  /** Integer, as a number or as text; null when unpriced. */
  readonly cost_nano_usd: number | string | null;
  readonly estimated: boolean;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const SERVER = join(PROJECT, 'dist/main.js');
/** As `npm start` and the image have them. */
const NODE_FLAGS = [
  '--max-semi-space-size=8',
  '--no-parallel-scavenge',
  '--v8-pool-size=1',
  '--no-allocation-site-pretenuring',
];
const COMMAND = join(PROJECT, 'dist/cli/main.js');
const START_LIMIT_MS = 60_000;

/**
 * The built gateway in a process of its own, with its own data folder and port: what a user would
 * run, so that it can be measured, killed and started again.
 */
export class Installation {
  readonly url: string;
  /** Holds the data folder, the configuration and the log. */
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #adminKey: string | undefined;

  private constructor(folder: string, port: number, environment: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#environment = {
      PATH: process.env['PATH'],
      HOME: folder,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      LLM_PROXY_CONFIG: join(folder, 'llm-proxy.yaml'),
      ...environment,
    };
  }

  /** Makes the folder, starts nothing. Throws when the gateway has not been built. */
  static async create(
    configuration: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Installation> {
    if (!existsSync(SERVER)) throw new Error('dist/main.js is missing: run `npm run build` first.');
    const folder = mkdtempSync(join(tmpdir(), 'llm-proxy-bench-'));
    writeFileSync(join(folder, 'llm-proxy.yaml'), configuration, { mode: 0o600 });
    return new Installation(folder, await freePort(), environment);
  }

  /** Of the running process. */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('The gateway is not running.');
    return this.#child.pid;
  }

  /** Starts the process without waiting until it is ready. */
  launch(): void {
    const log = openSync(join(this.folder, 'gateway.log'), 'a');
    this.#child = spawn(process.execPath, [...NODE_FLAGS, SERVER], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
  }

  /** Starts the process; resolves with the milliseconds until it said that it is ready. */
  async start(): Promise<number> {
    const startedAt = performance.now();
    this.launch();
    await this.#ready(startedAt + START_LIMIT_MS);
    return performance.now() - startedAt;
  }

  /** As `kill -9`. Resolves with false when the process had ended by itself before. */
  async kill(): Promise<boolean> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return false;
    await stopChild(child, 'SIGKILL');
    return true;
  }

  /** Asks the process to end. Resolves with its exit code, null when a signal ended it. */
  async terminate(): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) throw new Error('The gateway is not running.');
    await stopChild(child, 'SIGTERM');
    return child.exitCode;
  }

  /** Ends the process and deletes the folder. */
  async remove(): Promise<void> {
    if (this.#child !== undefined) await stopChild(this.#child, 'SIGTERM');
    this.#child = undefined;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs `llm-proxy <args>` against this installation. */
  async runCommand(args: readonly string[]): Promise<CommandResult> {
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [COMMAND, ...args], {
        cwd: this.folder,
        env: this.#environment,
      });
      return { exitCode: 0, output: stdout || stderr };
    } catch (error) {
      const {
        code,
        stdout = '',
        stderr = '',
      } = error as {
        code?: unknown;
        stdout?: string;
        stderr?: string;
      };
      if (typeof code !== 'number') throw error;
      return { exitCode: code, output: stdout + stderr };
    }
  }

  /** All rows, oldest first. */
  async exportRows(): Promise<LedgerRow[]> {
    const response = await this.get('/api/usage/export?format=ndjson');
    const text = await response.text();
    if (!response.ok) throw new Error(`The export answered ${response.status}: ${text}`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LedgerRow);
  }

  /** A request to the dashboard API or an operations route, with an admin key. */
  async get(path: string): Promise<Response> {
    this.#adminKey ??= await this.#createAdminKey();
    return fetch(this.url + path, { headers: { authorization: `Bearer ${this.#adminKey}` } });
  }

  async #createAdminKey(): Promise<string> {
    const result = await this.runCommand([
      'keys',
      'create',
      '--client',
      'admin',
      '--role',
      'admin',
      '--json',
    ]);
    if (result.exitCode !== 0) throw new Error(`keys create failed: ${result.output}`);
    return (JSON.parse(result.output) as { key: string }).key;
  }

  async #ready(deadline: number): Promise<void> {
    while (performance.now() < deadline) {
      const child = this.#child;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) break;
      const ready = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      await ready?.arrayBuffer().catch(() => undefined);
      if (ready?.ok) return;
      await pause(10);
    }
    throw new Error(`The gateway did not become ready. The end of its log:\n${this.#logTail()}`);
  }

  #logTail(): string {
    return readFileSync(join(this.folder, 'gateway.log'), 'utf8').slice(-4000);
  }
}
