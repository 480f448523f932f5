/**
 * How long the dashboard's questions take when the ledger is full and the gateway serves.
 *
 *   node bench/queries.ts [--requests 1000000] [--days 30] [--rounds 7] [--idle] [--assert]
 *
 * Fills the ledger of a gateway with made-up requests, starts it, puts streams on it (none with
 * `--idle`), asks each question several times and prints the median and the longest time. Writes
 * `bench/results/<date>-queries.json`. With `--assert` a median of 300 ms or more is a failure.
 * Takes about two minutes and 1.5 GB of disk for a million requests.
 */
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchConfiguration, CLIENT_KEY, MODEL } from './bench-configuration.ts';
import { startChildServer, stopChild } from './child-server.ts';
import { Installation } from './installation.ts';
import { fillLedger } from './queries/fill-ledger.ts';
import { questionsAbout, type Question } from './queries/questions.ts';
import { writeResults } from './report.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '7' },
    idle: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
  },
});

const MOST_MS = 300;

interface Answered {
  readonly name: string;
  readonly medianMs: number;
  readonly longestMs: number;
  readonly kilobytes: number;
  /** A search that stopped before it had found enough. */
  readonly unfinished: boolean;
}

async function ask(gateway: Installation, { name, path }: Question): Promise<Answered> {
  const times: number[] = [];
  let text = '';
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const started = performance.now();
    const answer = await gateway.get(`/api/usage/${path}`);
    text = await answer.text();
    times.push(performance.now() - started);
    if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}: ${text}`);
  }
  const sorted = times.toSorted((one, other) => one - other);
  return {
    name,
    medianMs: sorted[sorted.length >> 1]!,
    longestMs: sorted.at(-1)!,
    kilobytes: text.length / 1024,
    unfinished: /"searchedUntil":"/.test(text),
  };
}

function startLoad(url: string) {
  const script = fileURLToPath(new URL('load.ts', import.meta.url));
  const options = { url, key: CLIENT_KEY, model: MODEL, requests: '1000000', concurrency: '40' };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const streams = ['--stream', '--chunks', '50', '--interval-ms', '20', '--ramp-ms', '1000'];
  return spawn(process.execPath, [script, ...args, ...streams], { stdio: 'ignore' });
}

const upstream = await startChildServer('fake-upstream.ts');
const gateway = await Installation.create(benchConfiguration(upstream.url));
let load: ReturnType<typeof startLoad> | undefined;
try {
  await gateway.start();
  await gateway.get('/api/usage/summary');
  await gateway.terminate();
  const file = join(gateway.folder, 'data/llm-proxy.sqlite');
  const started = performance.now();
  const filled = fillLedger(file, {
    requests: Number(values.requests),
    days: Number(values.days),
    seed: 1,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const megabytes = (statSync(file).size / 1e6).toFixed(0);
  console.log(`${values.requests} requests in ${seconds} s, ${megabytes} MB`);
  await gateway.start();
  if (!values.idle) load = startLoad(gateway.url);
  const answers: Answered[] = [];
  for (const question of questionsAbout(filled)) {
    const answered = await ask(gateway, question);
    answers.push(answered);
    const { name, medianMs, longestMs, kilobytes, unfinished } = answered;
    console.log(
      `${name.padEnd(30)} ${medianMs.toFixed(0).padStart(6)} ms, at most ${longestMs.toFixed(0).padStart(5)} ms, ${kilobytes.toFixed(0).padStart(4)} kB${unfinished ? ', unfinished' : ''}`,
    );
  }
  console.log(`\nWritten to ${writeResults(answers, false, '-queries')}`);
  const slow = answers.filter(({ medianMs }) => medianMs >= MOST_MS);
  for (const { name } of slow) console.error(`MISSED ${name}: not below ${MOST_MS} ms`);
  process.exitCode = values.assert && slow.length > 0 ? 1 : 0;
} finally {
  if (load !== undefined) await stopChild(load);
  await gateway.remove();
  await upstream.stop();
}
