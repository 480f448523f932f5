import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A server of the bench in a process of its own. */
export interface ChildServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a script of this folder that calls `announcePort`; rejects when it ends before that. */
export async function startChildServer(script: string, args: string[] = []): Promise<ChildServer> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const port = await announcedPort(child, script);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    stop: () => stopChild(child),
  };
}

async function announcedPort(child: ChildProcess, script: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${script} ended with exit code ${code}.`)));
  });
}

export async function stopChild(
  child: ChildProcess,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/**
 * Listens on loopback and tells the parent, or the terminal, where. The process ends with its
 * parent, so that a killed run leaves no server behind.
 */
export function announcePort(server: Server, port: number): void {
  server.listen(port, '127.0.0.1', () => {
    const address = server.address() as AddressInfo;
    if (process.send === undefined) console.log(`http://127.0.0.1:${address.port}`);
    else process.send({ port: address.port });
  });
  process.once('disconnect', () => process.exit(0));
}
