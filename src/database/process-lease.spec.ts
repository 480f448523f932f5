import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { hostIdentity, isRunning, startTimeOf } from './process-identity.js';
import { ProcessLease } from './process-lease.js';

const LONG_AGO = 1_000_000;

describe(ProcessLease, () => {
  let database: TestDatabase;
  let lease: ProcessLease;
  let child: ChildProcess;
  let childPid: number;

  beforeEach(async () => {
    database = await openTestDatabase();
    lease = new ProcessLease(database.writer, database.reader);
    child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    await once(child, 'spawn');
    childPid = child.pid as number;
  });

  afterEach(async () => {
    child.kill('SIGKILL');
    await lease.stop();
    await database.close();
  });

  const register = (
    id: string,
    row: { host?: string; pid?: number; startedAt?: number; heartbeatAt?: number },
  ): Promise<unknown> =>
    database.writerSource.query('INSERT INTO processes VALUES (?, ?, ?, ?, ?, NULL)', [
      id,
      row.host ?? hostIdentity(),
      row.pid ?? childPid,
      row.startedAt ?? startTimeOf(row.pid ?? childPid) ?? Date.now(),
      row.heartbeatAt ?? Date.now(),
    ]);

  const dead = async (): Promise<string[]> => (await lease.deadProcesses()).map(({ id }) => id);

  it('registers this process and removes it in the end', async () => {
    const before = Date.now();
    await lease.start();
    const [row, ...others] = await lease.processes();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ id: lease.id, host: hostIdentity(), pid: process.pid });
    expect(row?.heartbeatAt).toBeGreaterThanOrEqual(before);
    expect(row?.oldestOpenAt).toBeUndefined();
    expect(await dead()).toEqual([]);
    await lease.stop();
    expect(await lease.processes()).toEqual([]);
  });

  it('writes the oldest open reservation with each beat', async () => {
    let oldest: number | undefined = 1_234;
    lease.setOldestOpen(() => oldest);
    await lease.beat();
    expect(await lease.processes()).toMatchObject([{ oldestOpenAt: 1_234 }]);
    oldest = undefined;
    await lease.beat();
    expect((await lease.processes())[0]?.oldestOpenAt).toBeUndefined();
  });

  it('finds a process of this host that was killed, at once', async () => {
    await register('other', {});
    expect(await dead()).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await dead()).toEqual(['other']);
  });

  it('takes a running process of this host for alive, however old its heartbeat', async () => {
    await register('stopped', { heartbeatAt: LONG_AGO });
    expect(await dead()).toEqual([]);
  });

  it('is not deceived by a process id that was given away again', async () => {
    await register('earlier', { startedAt: LONG_AGO });
    await register('own-pid', { pid: process.pid });
    expect(await dead()).toEqual(['earlier', 'own-pid']);
  });

  it('goes by the heartbeat for other hosts, once it could beat twice itself', async () => {
    await register('silent', { host: 'elsewhere', heartbeatAt: Date.now() - 9_000 });
    await register('beating', { host: 'elsewhere' });
    expect(await dead()).toEqual([]);
    await lease.beat();
    expect(await dead()).toEqual([]);
    await lease.beat();
    expect(await dead()).toEqual(['silent']);
  });

  it('forgets a process', async () => {
    await register('own-pid', { pid: process.pid });
    await lease.forget('own-pid');
    expect(await dead()).toEqual([]);
  });

  it('knows when a process began', () => {
    expect(isRunning(process.pid)).toBe(true);
    const startedAt = startTimeOf(process.pid);
    if (process.platform !== 'linux') return expect(startedAt).toBeUndefined();
    expect(Math.abs((startedAt as number) - performance.timeOrigin)).toBeLessThan(5_000);
  });
});
