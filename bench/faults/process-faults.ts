import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Installation } from '../installation.ts';
import { ask, askMany, send } from './ask.ts';
import type { Figure, Scene } from './scenarios.ts';

const STREAMS = 200;
const RECOVERY_LIMIT_MS = 30_000;

/** What callers are told while another process holds the database, and how that ends. */
export async function lockedDatabase(
  { url, server }: Scene,
  installation: Installation,
): Promise<Figure[]> {
  const database = new DatabaseSync(join(installation.folder, 'data', 'llm-proxy.sqlite'), {
    timeout: 10_000,
  });
  database.exec('BEGIN IMMEDIATE');
  const before = server.calls.fine;
  const refused = await askMany(url, 'plain/fine', 50, 50);
  const called = server.calls.fine - before;
  const health = await fetch(`${url}/health/live`);
  await health.arrayBuffer();
  database.exec('ROLLBACK');
  database.close();
  const releasedAt = performance.now();
  let isBack = false;
  while (!isBack && performance.now() - releasedAt < RECOVERY_LIMIT_MS) {
    isBack = (await ask(url, 'plain/fine')).status === 200;
    if (!isBack) await pause(20);
  }
  const recovery = performance.now() - releasedAt;
  const typed = refused.filter(({ status }) => status === 503).length;
  return [
    { name: 'refused with 503, database locked', value: typed * 2, unit: '%', atLeast: 100 },
    { name: 'calls upstream for them', value: called, unit: '', atMost: 0 },
    { name: 'health answers meanwhile', value: health.status, unit: '', atMost: 200 },
    { name: 'from its release to an answer', value: recovery, unit: 'ms', atMost: 5_000 },
  ];
}

/** SIGTERM with streams open; the gateway is gone afterwards. */
export async function shutdown(
  { url, server }: Scene,
  installation: Installation,
): Promise<Figure[]> {
  const answers = await Promise.all(Array.from({ length: STREAMS }, () => beginStream(url)));
  const bodies = answers.map((answer) => text(answer).catch(() => ''));
  const exited = installation.terminate();
  const readyAt = performance.now();
  while ((await statusOf(`${url}/health/ready`)) === 200) await pause(5);
  const unready = performance.now() - readyAt;
  server.releaseHeld();
  const ended = await Promise.all(bodies);
  const whole = ended.filter((body) => body.endsWith('data: [DONE]\n\n')).length;
  return [
    { name: 'not ready after SIGTERM', value: unready, unit: 'ms', atMost: 1_000 },
    { name: `streams of ${STREAMS} that finish`, value: whole, unit: '', atLeast: STREAMS },
    { name: 'exit code', value: (await exited) ?? -1, unit: '', atMost: 0, atLeast: 0 },
  ];
}

function beginStream(url: string): Promise<IncomingMessage> {
  const sent = send(url, 'plain/held', true, true);
  return new Promise((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
}

/** 0 when nobody listens. */
async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.status ?? 0;
}
