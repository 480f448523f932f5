import { calcPrice, extractUsage, findProvider } from '@pydantic/genai-prices';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeGateway } from './native-gateway.js';
import { loadNativeRecordings, UNREADABLE, type NativeRecording } from './native-sources.js';

const recordings = loadNativeRecordings().filter(({ source }) => source.priceData !== undefined);
let gateway: NativeGateway;

/** The answer as the price data wants to see it: of a stream, the object that has the whole count. */
function wholeAnswerOf({ texts, stream }: NativeRecording): Record<string, unknown> {
  const parsed = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  if (!stream) return parsed[0] ?? {};
  const start = parsed.find(({ type }) => type === 'message_start')?.['message'];
  const counts = parsed.findLast((each) => (each['usage'] ?? each['usageMetadata']) != null) ?? {};
  if (start === undefined) return counts;
  const first = start as { usage: object };
  // A message may be whole in its first event.
  const told = Object.entries((counts['usage'] as object | undefined) ?? {});
  const defined = told.filter(([, count]) => count != null);
  return { ...first, usage: { ...first.usage, ...Object.fromEntries(defined) } };
}

function priceDataOf(recording: NativeRecording) {
  const { provider: id, flavor } = recording.source.priceData!;
  const provider = findProvider({ providerId: id })!;
  return extractUsage(provider, wholeAnswerOf(recording), flavor);
}

function named(some: readonly NativeRecording[]): Array<[string, NativeRecording]> {
  return some.map((recording) => [recording.name, recording]);
}

describe.runIf(recordings.length > 0)('billing agrees with the price data', () => {
  beforeAll(async () => {
    gateway = await NativeGateway.start();
  });

  afterAll(async () => {
    await gateway?.stop();
  });

  it.for(named(recordings))('%s', async ([, recording]) => {
    const { row } = await gateway.read(recording, 'whole');
    // What no client can read is a typed error, and billed in another spec.
    expect(row?.status).toBe(UNREADABLE.has(recording.name) ? 'error' : 'ok');
    if (row === undefined || UNREADABLE.has(recording.name)) return;
    const { usage } = priceDataOf(recording);
    expect(row).toMatchObject({
      input_tokens: usage.input_tokens ?? 0,
      cached_input_tokens: usage.cache_read_tokens ?? 0,
      output_tokens: usage.output_tokens ?? 0,
    });
    const { priceData, model } = recording.source;
    const price = calcPrice(usage, model, { providerId: priceData!.provider });
    if (price === null) expect(row.cost_nano_usd).toBeNull();
    // Theirs is a sum of floats, ours of integers.
    else expect(Number(row.cost_nano_usd)).toBeCloseTo(price.total_price * 1e9, -0.5);
  });
});
