/**
 * Load on one server on this machine: a stated number of requests, a stated number at a time, then
 * it ends by itself and prints what it saw as JSON.
 *
 *   node bench/load.ts --url http://127.0.0.1:3000 [--stream] [--requests 1000] [--concurrency 32]
 *     [--chunks 100] [--interval-ms 20] [--ramp-ms 0] [--key sk-…] [--model openai/gpt-4o-mini]
 */
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { formatPlan } from './answer-plan.ts';
import { Connection } from './connection.ts';
import { LoadMeter, type LoadResult } from './load-meter.ts';

export interface LoadOptions {
  /** Origin of the server; loopback only. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
  readonly stream: boolean;
  readonly requests: number;
  readonly concurrency: number;
  readonly chunks: number;
  readonly intervalMs: number;
  /** Time over which the first requests are spread. */
  readonly rampMs: number;
}

const DONE = 'data: [DONE]\n\n';
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const MESSAGES = JSON.stringify([
  { role: 'system', content: 'You answer in one sentence. You never speculate. '.repeat(6) },
  { role: 'user', content: 'What does a gateway owe the people who pay for it?' },
  { role: 'assistant', content: 'An exact account of every token that went through it.' },
  { role: 'user', content: 'And what does it owe the people who wait for the answer? '.repeat(8) },
]);

/** A whole HTTP/1.1 request for a chat completion. */
export function writeChatRequest(
  options: Pick<LoadOptions, 'url' | 'key' | 'model' | 'stream'>,
  user: string,
  headers = '',
): string {
  const stream = options.stream ? '"stream":true,"stream_options":{"include_usage":true},' : '';
  const body =
    `{"model":"${options.model}","messages":${MESSAGES},"temperature":0.2,${stream}` +
    `"max_completion_tokens":1024,"user":"${user}"}`;
  return (
    `POST /v1/chat/completions HTTP/1.1\r\nhost: ${new URL(options.url).host}\r\n` +
    `authorization: Bearer ${options.key}\r\ncontent-type: application/json\r\n` +
    `accept: application/json\r\nuser-agent: llm-proxy-bench\r\n${headers}` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/** Rejects when the URL is not loopback; failed requests are counted, not thrown. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const url = new URL(options.url);
  if (!LOOPBACK.has(url.hostname))
    throw new Error('The load generator only speaks to this machine.');
  const meter = new LoadMeter(options.rampMs);
  const prefix = `load-${process.pid}-${Date.now().toString(36)}`;
  let sent = 0;
  const work = async (worker: number): Promise<void> => {
    const connection = new Connection(url);
    if (options.rampMs > 0) await pause((options.rampMs * worker) / options.concurrency);
    while (sent < options.requests) {
      sent += 1;
      await measureOne(connection, options, `${prefix}-${sent}`, meter);
    }
    connection.close();
  };
  meter.begin();
  await Promise.all(Array.from({ length: options.concurrency }, (_, worker) => work(worker)));
  return meter.result();
}

function measureOne(
  connection: Connection,
  options: LoadOptions,
  id: string,
  meter: LoadMeter,
): Promise<void> {
  const { chunks, intervalMs } = options;
  const request = writeChatRequest(options, formatPlan({ id, chunks, intervalMs, delayMs: 0 }));
  return new Promise((resolve) => {
    const sample = meter.start();
    let status = 0;
    let tail = '';
    connection.send(request, {
      head: (code) => {
        status = code;
      },
      body: (bytes) => {
        if (options.stream) sample.countEvents(bytes);
        tail = (tail + bytes.toString('latin1', Math.max(0, bytes.length - 200))).slice(-200);
      },
      end: () => {
        const complete = options.stream ? tail.endsWith(DONE) : tail.endsWith('}');
        if (status !== 200) sample.fail(`status ${status}: ${tail}`);
        else if (complete) sample.succeed();
        else sample.fail(`incomplete answer, ending in ${JSON.stringify(tail.slice(-40))}`);
        resolve();
      },
      fail: (error) => {
        sample.fail(error.message);
        resolve();
      },
    });
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      key: { type: 'string', default: 'sk-bench' },
      model: { type: 'string', default: 'openai/gpt-4o-mini' },
      stream: { type: 'boolean', default: false },
      requests: { type: 'string', default: '1000' },
      concurrency: { type: 'string', default: '32' },
      chunks: { type: 'string', default: '100' },
      'interval-ms': { type: 'string', default: '0' },
      'ramp-ms': { type: 'string', default: '0' },
    },
  });
  if (values.url === undefined) throw new Error('--url is needed.');
  const result = await runLoad({
    url: values.url,
    key: values.key,
    model: values.model,
    stream: values.stream,
    requests: Number(values.requests),
    concurrency: Number(values.concurrency),
    chunks: Number(values.chunks),
    intervalMs: Number(values['interval-ms']),
    rampMs: Number(values['ramp-ms']),
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
