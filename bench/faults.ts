/**
 * The faults that the gateway promises to withstand, with the figures that it reaches.
 *
 *   node bench/faults.ts [--quick] [--assert]
 *
 * A vendor on loopback fails in every way; nothing else is called. Prints a line for each figure,
 * writes `bench/results/<date>-faults.json` and stops by itself. With `--assert` a missed goal is a
 * failure.
 */
import { parseArgs } from 'node:util';
import { CLIENT, CLIENT_KEY } from './bench-configuration.ts';
import { closeClients } from './faults/ask.ts';
import { FaultServer } from './faults/fault-server.ts';
import {
  abortLatency,
  amplification,
  deadReaders,
  failover,
  oneProbe,
  type Figure,
} from './faults/scenarios.ts';
import { lockedDatabase, shutdown } from './faults/process-faults.ts';
import { slowTail } from './faults/slow-tail.ts';
import { Installation } from './installation.ts';
import { writeResults } from './report.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
  },
});

const RESET_MS = 2_000;

function configuration(baseUrl: string): string {
  const provider = (name: string, more: object) => ({
    name,
    type: 'openai-compatible',
    baseUrl,
    retries: { maxAttempts: 1 },
    breaker: { enabled: false },
    health: { probe: 'off' },
    ...more,
  });
  const retries = { maxAttempts: 3, baseMs: 1 };
  const breaker = { volumeThreshold: 10, resetTimeoutMs: RESET_MS };
  return JSON.stringify({
    providers: [
      provider('plain', {}),
      provider('spare', {}),
      provider('flaky', {}),
      provider('fail-breaker', { retries, breaker }),
      provider('fail-no-breaker', { retries }),
      provider('lame', { breaker }),
    ],
    models: [
      { name: 'over', targets: [{ model: 'flaky/flaky' }], fallbacks: ['plain/fine'] },
      { name: 'tail-alone', targets: [{ model: 'plain/tail' }], fallbacks: ['spare/tail'] },
      {
        name: 'tail-hedged',
        targets: [{ model: 'plain/tail' }],
        fallbacks: ['spare/tail'],
        hedge: {},
      },
    ],
    clients: [{ name: CLIENT, apiKeys: [CLIENT_KEY] }],
  });
}

function isMet({ value, atMost = Infinity, atLeast = -Infinity }: Figure): boolean {
  return value <= atMost && value >= atLeast;
}

function print(figure: Figure): void {
  const { name, value, unit, atMost, atLeast } = figure;
  const goals = [
    ...(atMost === undefined ? [] : [`≤ ${atMost}`]),
    ...(atLeast === undefined ? [] : [`≥ ${atLeast}`]),
  ];
  const verdict =
    goals.length === 0 ? '' : `${goals.join(', ')}: ${isMet(figure) ? 'met' : 'MISSED'}`;
  const shown = `${Number.isInteger(value) ? value : value.toFixed(2)} ${unit}`.trim();
  console.log(`  ${name.padEnd(48)} ${shown.padStart(10)}   ${verdict}`.trimEnd());
}

const server = new FaultServer();
const gateway = await Installation.create(configuration(await server.start()), {
  MODEL_REFRESH_SECONDS: '0',
  STREAM_STALL_TIMEOUT_MS: '8000',
  LOG_LEVEL: 'fatal',
});
const figures: Figure[] = [];
try {
  await gateway.start();
  const scene = { url: gateway.url, pid: gateway.pid, server, quick: values.quick };
  for (const scenario of [
    () => failover(scene),
    () => slowTail(scene),
    () => abortLatency(scene),
    () => oneProbe(scene, RESET_MS),
    () => amplification(scene, 'breaker'),
    () => amplification(scene, 'no-breaker'),
    () => deadReaders(scene),
    () => lockedDatabase(scene, gateway),
    // Last: nobody answers after it.
    () => shutdown(scene, gateway),
  ]) {
    const found = await scenario();
    found.forEach(print);
    figures.push(...found);
  }
  console.log(`\nWritten to ${writeResults(figures, values.quick, '-faults')}`);
} finally {
  closeClients();
  await gateway.remove();
  server.stop();
}
if (values.assert && !figures.every(isMet)) process.exitCode = 1;
