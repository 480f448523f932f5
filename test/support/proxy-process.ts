import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitUntil } from './wait-until.js';

const LAUNCHER = fileURLToPath(new URL('../../bin/llm-proxy.js', import.meta.url));

/** A build may have to be made, and waited for while another spec makes it. */
export const START_TIMEOUT_MS = 180_000;

export interface ProxyProcessOptions {
  readonly dataDir: string;
  readonly yaml: string;
  readonly env?: Record<string, string>;
}

/** The built proxy in a process of its own, started by its command, that can be killed. */
export class ProxyProcess {
  /** Without trailing slash. */
  url = '';
  /** Everything it wrote to standard error. */
  log = '';
  /** Resolves when it has ended: with its exit code, or with null when a signal ended it. */
  readonly exited: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    this.exited = once(child, 'exit').then(([code]) => code as number | null);
  }

  /** Resolves when it listens. */
  static async start({ dataDir, yaml, env }: ProxyProcessOptions): Promise<ProxyProcess> {
    const file = join(dataDir, 'llm-proxy.yaml');
    await writeFile(file, yaml, { mode: 0o600 });
    const child = spawn(process.execPath, [LAUNCHER, 'start'], {
      cwd: dataDir,
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: '0',
        DATA_DIR: dataDir,
        // An upstream that a test plays gets the calls that the test makes.
        MODEL_REFRESH_SECONDS: '0',
        // Estimates are the tokenizer's, however long a busy machine takes to start it.
        LEDGER_ESTIMATE_TIMEOUT_MS: '20000',
        LLM_PROXY_CONFIG: file,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const proxy = new ProxyProcess(child);
    let output = '';
    let hasEnded = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    void proxy.exited.then(() => (hasEnded = true));
    proxy.url = await waitUntil(
      () => {
        if (hasEnded) throw new Error(`the proxy ended at its start:\n${output}${proxy.log}`);
        return /listening on (\S+)/.exec(output)?.[1];
      },
      'the proxy to listen',
      START_TIMEOUT_MS,
    );
    return proxy;
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
