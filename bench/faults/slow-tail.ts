import { percentilesOf } from '../load-meter.ts';
import { send } from './ask.ts';
import type { Figure, Scene } from './scenarios.ts';

const WIDTH = 16;

/** What hedging, as it is by default, does for a vendor of whose answers one in twenty is slow. */
export async function slowTail({ url, server, quick }: Scene): Promise<Figure[]> {
  const requests = quick ? 1_000 : 4_000;
  // Beside each other, so that both meet the same machine.
  const [alone, hedged] = await Promise.all([
    firstChunksOf(url, 'tail-alone', requests),
    firstChunksOf(url, 'tail-hedged', requests),
  ]);
  const [before, after] = [percentilesOf(alone).p99, percentilesOf(hedged).p99];
  const extra = ((server.calls.tail - 2 * requests) / requests) * 100;
  return [
    { name: 'first chunk, 5 % slow, p99', value: before, unit: 'ms' },
    { name: 'first chunk, 5 % slow, hedged, p99', value: after, unit: 'ms' },
    { name: 'p99 without hedging to p99 with', value: before / after, unit: '×', atLeast: 2 },
    { name: 'second calls for it', value: extra, unit: '%', atMost: 10 },
  ];
}

async function firstChunksOf(url: string, model: string, count: number): Promise<number[]> {
  const times: number[] = [];
  let sent = 0;
  await Promise.all(
    Array.from({ length: WIDTH }, async () => {
      while (sent < count) {
        sent += 1;
        times.push(await firstChunkOf(url, model));
      }
    }),
  );
  return times;
}

/** Milliseconds; resolves when the answer has ended. */
function firstChunkOf(url: string, model: string): Promise<number> {
  const startedAt = performance.now();
  const sent = send(url, model, true);
  return new Promise((resolve, reject) => {
    sent.once('error', reject).once('response', (answer) => {
      let time = 0;
      answer.once('data', () => (time = performance.now() - startedAt));
      answer.once('error', reject).once('end', () => resolve(time));
      if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
    });
  });
}
