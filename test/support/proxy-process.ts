import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from './wait-until.js';

const LAUNCHER = fileURLToPath(new URL('../../bin/llm-proxy.js', import.meta.url));
/** As `npm start` and the image have them. */
const NODE_FLAGS = [
  '--max-semi-space-size=8',
  '--no-parallel-scavenge',
  '--v8-pool-size=1',
  '--no-allocation-site-pretenuring',
];

const REPORTS_MEMORY = [
  '--expose-gc',
  '--import',
  new URL('report-memory.mjs', import.meta.url).href,
];

/** A build may have to be made, and waited for while another spec makes it. */
export const START_TIMEOUT_MS = 180_000;

export interface ProxyProcessOptions {
  readonly dataDir: string;
  readonly yaml: string;
  readonly env?: Record<string, string>;
  /** `heldMemory` can be asked. */
  readonly reportsMemory?: boolean;
}

/** The built proxy in a process of its own, started by its command, that can be killed. */
export class ProxyProcess {
  /** Without trailing slash. */
  url = '';
  /** Everything it wrote to standard error. */
  log = '';
  /** Everything it wrote to standard output. */
  output = '';
  /** Resolves when it has ended: with its exit code, or with null when a signal ended it. */
  readonly exited: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    this.exited = once(child, 'exit').then(([code]) => code as number | null);
  }

  /** Resolves when it listens. */
  static async start(options: ProxyProcessOptions): Promise<ProxyProcess> {
    const { dataDir, yaml, env, reportsMemory = false } = options;
    const flags = reportsMemory ? [...NODE_FLAGS, ...REPORTS_MEMORY] : NODE_FLAGS;
    const file = join(dataDir, 'llm-proxy.yaml');
    await writeFile(file, yaml, { mode: 0o600 });
    const child = spawn(process.execPath, [...flags, LAUNCHER, 'start'], {
      cwd: dataDir,
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: '0',
        DATA_DIR: dataDir,
        // An upstream that a test plays gets the calls that the test makes.
        MODEL_REFRESH_SECONDS: '0',
        HEALTH_PROBE_INTERVAL_MS: '0',
        // Estimates are the tokenizer's, however long a busy machine takes to start it.
        LEDGER_ESTIMATE_TIMEOUT_MS: '20000',
        LLM_PROXY_CONFIG: file,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const proxy = new ProxyProcess(child);
    let hasEnded = false;
    void proxy.exited.then(() => (hasEnded = true));
    proxy.url = await waitUntil(
      () => {
        if (hasEnded) throw new Error(`the proxy ended at its start:\n${proxy.output}${proxy.log}`);
        return /listening on (\S+)/.exec(proxy.output)?.[1];
      },
      'the proxy to listen',
      START_TIMEOUT_MS,
    );
    return proxy;
  }

  /** Of the process that serves. */
  get pid(): number {
    return this.child.pid as number;
  }

  /** Bytes that it holds when everything that nobody needs is collected. */
  async heldMemory(): Promise<number> {
    const { length } = this.output;
    this.signal('SIGUSR2');
    return waitUntil(() => {
      const [, bytes] = /holds (\d+) bytes/.exec(this.output.slice(length)) ?? [];
      return bytes === undefined ? undefined : Number(bytes);
    }, 'the proxy to say what it holds');
  }

  /** Closes the pipes of its standard output and error, as a log collector does that dies. */
  stopReading(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it at once and waits for that; it gets no chance to write anything. */
  async kill(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.exited;
  }
}
