import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOptions } from './load.ts';
import type { LoadResult } from './load-meter.ts';
import { cpuMicroseconds, peakMemoryBytes, resetPeakMemory } from './process-meter.ts';

/** One server in a comparison. The first side of a list is the floor. */
export interface Side {
  readonly name: string;
  readonly url: string;
  /** Undefined when the process is not on this machine's process list: no CPU, no memory. */
  readonly pid: number | undefined;
  readonly key: string;
  readonly model: string;
}

/** What one side did in one round. */
export interface Round {
  readonly load: LoadResult;
  /** Whole process, per answered request. */
  readonly cpuMicrosPerRequest: number | null;
  readonly peakMemoryBytes: number | null;
}

export type LoadShape = Omit<LoadOptions, 'url' | 'key' | 'model'>;

/**
 * The same load on every side, one after the other, the order turned round in every second round so
 * that what the machine does meanwhile falls on all alike. `warmUp` requests go before and do not count.
 */
export async function measureRounds(
  sides: readonly Side[],
  shape: LoadShape,
  rounds: number,
  warmUp: LoadShape,
): Promise<Map<Side, Round[]>> {
  const measured = new Map<Side, Round[]>(sides.map((side) => [side, []]));
  for (const side of sides) await sendLoad(side, warmUp);
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? sides : sides.toReversed();
    for (const side of order) measured.get(side)!.push(await measureOnce(side, shape));
  }
  return measured;
}

async function measureOnce(side: Side, shape: LoadShape): Promise<Round> {
  const { pid } = side;
  if (pid !== undefined) resetPeakMemory(pid);
  const before = pid === undefined ? 0 : cpuMicroseconds(pid);
  const load = await sendLoad(side, shape);
  const spent = pid === undefined ? null : cpuMicroseconds(pid) - before;
  return {
    load,
    cpuMicrosPerRequest: spent === null ? null : spent / (load.requests - load.errors),
    peakMemoryBytes: pid === undefined ? null : peakMemoryBytes(pid),
  };
}

/** In a process of its own, new each time, so that no side inherits a warm or a fragmented one. */
async function sendLoad(side: Side, shape: LoadShape): Promise<LoadResult> {
  const args = [
    `--url=${side.url}`,
    `--key=${side.key}`,
    `--model=${side.model}`,
    `--requests=${shape.requests}`,
    `--concurrency=${shape.concurrency}`,
    `--chunks=${shape.chunks}`,
    `--interval-ms=${shape.intervalMs}`,
    `--ramp-ms=${shape.rampMs}`,
    ...(shape.stream ? ['--stream'] : []),
  ];
  const script = fileURLToPath(new URL('load.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The load generator ended with exit code ${code}.`);
  const result = JSON.parse(output) as LoadResult;
  if (result.errors === result.requests) {
    throw new Error(`${side.name} answered nothing: ${result.errorSamples[0] ?? 'no reason'}`);
  }
  return result;
}
