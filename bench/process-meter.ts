import { readFileSync, writeFileSync } from 'node:fs';

/** Of Linux's USER_HZ, which is 100 on every architecture Node runs on. */
const MICROSECONDS_PER_TICK = 10_000;

/**
 * CPU time of a whole process so far, user and system, all threads and child processes, in
 * microseconds. Steps of 10 ms: measure over enough requests. Linux only.
 */
export function cpuMicroseconds(pid: number): number {
  // The second field is the command in parentheses, which may itself hold blanks.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
  return childrenOf(pid).reduce((sum, child) => sum + cpuMicroseconds(child), own);
}

/** Starts a new peak for `peakMemoryBytes`. */
export function resetPeakMemory(pid: number): void {
  for (const each of [pid, ...childrenOf(pid)]) writeFileSync(`/proc/${each}/clear_refs`, '5');
}

/** Largest resident size since `resetPeakMemory`, child processes added. */
export function peakMemoryBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const own = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  return childrenOf(pid).reduce((sum, child) => sum + peakMemoryBytes(child), own);
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}
