import { spawn } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = `
  const { DatabaseSync } = require('node:sqlite');
  const [file, sql] = process.argv.slice(1);
  const database = new DatabaseSync(file, { timeout: 10_000 });
  database.exec(sql);
  console.log('held');
  process.stdin.on('end', () => database.close()).resume();
`;

/** Another process in the middle of a transaction of a SQLite database. */
export interface LockHolder {
  /** Rolls back and ends. */
  release(): Promise<void>;
  kill(): Promise<void>;
}

/** Resolves once the other process has run `sql`, which begins a transaction. */
export async function holdLock(file: string, sql = 'BEGIN IMMEDIATE'): Promise<LockHolder> {
  const child = spawn(process.execPath, ['--no-warnings', '-e', PROGRAM, file, sql], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('The other process cannot take the lock.'))),
  ]);
  return {
    release: async () => {
      child.stdin.end();
      await ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
