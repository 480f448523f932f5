import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Where a process id means something: the machine, and on Linux also the namespace of process ids,
 * because two containers of one machine both have a process 1.
 */
export function hostIdentity(): string {
  let namespace = '';
  try {
    namespace = `/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Not Linux: the machine is all there is.
  }
  return `${hostname().slice(0, 200)}${namespace}`;
}

/**
 * When the process with this id began, in epoch milliseconds, as exact as the system tells (10 ms);
 * undefined where it cannot be told.
 */
export function startTimeOf(pid: number): number | undefined {
  try {
    const bootSeconds = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program is in parentheses and may hold anything; field 22 is counted after it.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    if (bootSeconds === undefined || ticks === undefined) return undefined;
    return Number(bootSeconds) * 1_000 + Number(ticks) * 10;
  } catch {
    return undefined;
  }
}

/** Whether a process with this id runs on this machine, as far as this process may see. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
