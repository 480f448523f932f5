import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../../bin/llm-proxy.js', import.meta.url));
const readyTimeoutMs = 60_000;
const stopTimeoutMs = 60_000;

/** A proxy as a user has it: the built program, started by its command, with a data folder of its own. */
export class Installation {
  readonly url: string;
  readonly environment: NodeJS.ProcessEnv;
  private readonly child: ChildProcess;
  private readonly folder: string;
  private output = '';
  private errors = '';

  private constructor(
    child: ChildProcess,
    folder: string,
    url: string,
    environment: NodeJS.ProcessEnv,
  ) {
    this.child = child;
    this.folder = folder;
    this.url = url;
    this.environment = environment;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
  }

  /** Starts on a free port and waits until it is ready. Throws with the output when it is not. */
  static async start(command = [process.execPath, launcher, 'start']): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'llm-proxy-'));
    const port = await findFreePort();
    const environment = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
    };
    // Started in the empty folder, where no configuration file or .env of the developer lies.
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = `http://127.0.0.1:${port}`;
    const installation = new Installation(child, folder, url, environment);
    try {
      await installation.waitUntilReady();
      return installation;
    } catch (error) {
      await installation.stop('SIGKILL');
      throw error;
    }
  }

  /** The key of the curl line that the first start prints. Throws when there is none. */
  printedKey(): string {
    const key = /Authorization: Bearer ([^\s"']+)/.exec(this.output)?.[1];
    if (key === undefined) throw new Error(`no curl line with a key was printed:\n${this.output}`);
    return key;
  }

  /** Runs `llm-proxy <command>` on this installation and returns its standard output. */
  async run(command: string): Promise<string> {
    const child = spawn(process.execPath, [launcher, ...command.split(' ')], {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    await once(child, 'close');
    if (child.exitCode !== 0) {
      throw new Error(`llm-proxy ${command} exited with ${child.exitCode}: ${errors}`);
    }
    return output;
  }

  /** Ends the process, removes its folder and returns the exit code; null when a signal ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const deadline = setTimeout(() => this.child.kill('SIGKILL'), stopTimeoutMs);
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
    clearTimeout(deadline);
    rmSync(this.folder, { recursive: true, force: true });
    return this.child.exitCode;
  }

  private async waitUntilReady(): Promise<void> {
    const deadline = Date.now() + readyTimeoutMs;
    while (Date.now() < deadline) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) break;
      if (await answersOk(`${this.url}/health/ready`)) return;
      await delay(50);
    }
    throw new Error(`the proxy did not become ready:\n${this.output}${this.errors}`);
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
