import { setTimeout as pause } from 'node:timers/promises';
import { percentilesOf } from '../load-meter.ts';
import { peakMemoryBytes, resetPeakMemory } from '../process-meter.ts';
import { ask, askMany, send } from './ask.ts';
import type { FaultServer } from './fault-server.ts';

const MEGABYTE = 1024 * 1024;
const RETRY_BUDGET_WINDOW_MS = 11_000;

/** The gateway and the vendor behind it. */
export interface Scene {
  readonly url: string;
  readonly pid: number;
  readonly server: FaultServer;
  readonly quick: boolean;
}

/** One row of the table. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Calls upstream for each request while the upstream fails every one of them. */
export async function amplification(
  { url, server, quick }: Scene,
  breaker: 'breaker' | 'no-breaker',
): Promise<Figure[]> {
  const requests = quick ? 500 : 2000;
  // The budget of retries counts over all requests; those before are not what this is about.
  await pause(RETRY_BUDGET_WINDOW_MS);
  const before = server.calls.fail;
  await askMany(url, `fail-${breaker}/fail`, requests, 32);
  const value = (server.calls.fail - before) / requests;
  const name = `calls per request, all fail, ${breaker === 'breaker' ? 'with' : 'without'} breaker`;
  return [{ name, value, unit: '×', atMost: 1.2 }];
}

/** Requests that another target answers where the first one fails in every way there is. */
export async function failover({ url, quick }: Scene): Promise<Figure[]> {
  const answers = await askMany(url, 'over', quick ? 300 : 1000, 16);
  const good = answers.filter(({ status }) => status === 200);
  return [
    {
      name: 'requests answered after a failover',
      value: (good.length / answers.length) * 100,
      unit: '%',
      atLeast: 100,
    },
    {
      name: 'most calls for one of them',
      value: Math.max(...answers.map(({ attempts }) => attempts)),
      unit: '',
      atMost: 3,
    },
  ];
}

/** From a client that leaves its stream to the upstream that sees it. */
export async function abortLatency({ url, server, quick }: Scene): Promise<Figure[]> {
  const times: number[] = [];
  for (let round = 0; round < (quick ? 4 : 20); round += 1) {
    const streams = await Promise.all(Array.from({ length: 50 }, () => beginStream(url)));
    const seen = new Promise<void>((resolve) => {
      let left = streams.length;
      const leftAt = performance.now();
      server.onAbort = (at) => {
        times.push(at - leftAt);
        left -= 1;
        if (left === 0) resolve();
      };
    });
    for (const stream of streams) stream.destroy();
    await seen;
  }
  server.onAbort = () => undefined;
  const { p50, p99 } = percentilesOf(times);
  return [
    { name: 'a client leaves, the upstream sees it, p50', value: p50, unit: 'ms' },
    { name: 'a client leaves, the upstream sees it, p99', value: p99, unit: 'ms', atMost: 250 },
  ];
}

function beginStream(url: string) {
  const sent = send(url, 'plain/held', true, true);
  return new Promise<typeof sent>((resolve) => {
    sent.once('response', (answer) => {
      answer.on('error', () => undefined);
      answer.once('data', () => resolve(sent));
    });
  });
}

/** What a hundred clients that read nothing of 50 MB each cost. */
export async function deadReaders({ url, pid, server }: Scene): Promise<Figure[]> {
  resetPeakMemory(pid);
  const before = peakMemoryBytes(pid);
  let closed = 0;
  server.onAbort = () => {
    closed += 1;
  };
  const readers = Array.from({ length: 100 }, () => {
    const sent = send(url, 'plain/flood', true, true);
    // Whoever does not listen has its answer read away.
    sent.once('response', (answer) => void answer.on('error', () => undefined));
    return sent;
  });
  const deadline = performance.now() + 90_000;
  while (closed < readers.length && performance.now() < deadline) await pause(50);
  server.onAbort = () => undefined;
  const value = (peakMemoryBytes(pid) - before) / MEGABYTE;
  for (const reader of readers) reader.destroy();
  return [
    { name: 'memory for 100 dead readers', value, unit: 'MB', atMost: 64 },
    { name: 'dead readers that were closed', value: closed, unit: '', atLeast: 100 },
  ];
}

/** Calls that an upstream gets at the moment at which its breaker may probe it. */
export async function oneProbe({ url, server }: Scene, resetMs: number): Promise<Figure[]> {
  server.isLame = true;
  while ((await ask(url, 'lame/lame')).status !== 503);
  const before = server.calls.lame;
  await pause(resetMs + 50);
  server.isLame = false;
  let refused = 0;
  const asked = Array.from({ length: 500 }, async () => {
    const { status } = await ask(url, 'lame/lame');
    if (status === 503) refused += 1;
    // The probe is answered last, so that every other one came while it was under way.
    if (refused === 499) server.healed.resolve();
  });
  const tooMany = setTimeout(server.healed.resolve, 20_000);
  await Promise.all(asked);
  clearTimeout(tooMany);
  return [
    {
      name: 'probes at the reset, 500 waiting',
      value: server.calls.lame - before,
      unit: '',
      atMost: 1,
      atLeast: 1,
    },
    { name: 'of them refused meanwhile', value: refused, unit: '', atMost: 499, atLeast: 499 },
  ];
}
