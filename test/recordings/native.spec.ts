import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeGateway } from './native-gateway.js';
import type { CommonReading } from './native-reading.js';
import { loadNativeRecordings, UNREADABLE, type NativeRecording } from './native-sources.js';
import { CUTTINGS } from './replay.js';
import type { Reading } from './sdk-reading.js';

const recordings = loadNativeRecordings().filter(({ source }) => source.connect !== undefined);
let gateway: NativeGateway;

function commonOf(reading: Reading): CommonReading {
  const usage = reading.usage as {
    prompt_tokens: number;
    completion_tokens: number;
    prompt_tokens_details?: { cached_tokens?: number } | null;
    completion_tokens_details?: { reasoning_tokens?: number } | null;
  };
  return {
    text: reading.text,
    reasoning: reading.reasoning,
    toolCalls: reading.toolCalls.map((call) => ({
      name: call.name,
      input: JSON.parse(call.arguments) as unknown,
    })),
    finishReason: reading.finishReason as CommonReading['finishReason'],
    usage: {
      input: usage.prompt_tokens,
      cacheRead: usage.prompt_tokens_details?.cached_tokens ?? 0,
      output: usage.completion_tokens,
      reasoning: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    },
  };
}

/** Where a vendor tells it beside the details, a client of the common form does not see it. */
function cachedOf({ usage }: Reading): number | undefined {
  return (usage as { cached_tokens?: number }).cached_tokens;
}

function named(some: readonly NativeRecording[]): Array<[string, NativeRecording]> {
  return some.map((recording) => [recording.name, recording]);
}

describe.runIf(recordings.length > 0)('recordings, read by the vendor’s own client', () => {
  beforeAll(async () => {
    gateway = await NativeGateway.start();
  });

  afterAll(async () => {
    await gateway?.stop();
  });

  describe.for(CUTTINGS)('cut: %s', (cutting) => {
    it.for(named(recordings))('%s says the same through the gateway', async ([, recording]) => {
      const native = await gateway.readNatively(recording);
      const { reading, row } = await gateway.read(recording, cutting);
      expect(native === undefined).toBe(UNREADABLE.has(recording.name));
      if (native === undefined) {
        expect(reading).toMatchObject({ code: 'upstream_invalid_response' });
        expect(row?.status).toBe('error');
        return;
      }
      expect(reading).not.toHaveProperty('error');
      const common = commonOf(reading as Reading);
      expect(common).toEqual(native);
      expect(row).toMatchObject({
        status: 'ok',
        estimated: false,
        input_tokens: common.usage.input,
        cached_input_tokens: cachedOf(reading as Reading) ?? common.usage.cacheRead,
        output_tokens: common.usage.output,
        reasoning_tokens: common.usage.reasoning,
      });
    });
  });
});
