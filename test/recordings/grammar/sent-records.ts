import type { Breaches } from './breaches.js';

/** One record of an event stream. */
export interface SentRecord {
  readonly event: string | undefined;
  readonly data: string;
}

const RECORD = /^(?:event: (?<event>[\w.]+)\n)?data: (?<data>.*)$/;

/**
 * The records of a stream as it was sent. A client may read it in any way that the standard allows;
 * what is sent is the plainest form: an `event:` line at most, one `data:` line, an empty line.
 */
export function readRecords(bytes: Uint8Array, breaches: Breaches): SentRecord[] {
  const text = decode(bytes, breaches);
  breaches.check(text.endsWith('\n\n'), 'framing: ends with a whole record', text.slice(-80));
  return text.split('\n\n').flatMap((block) => {
    if (block === '' || /^: ?[^\n]*$/.test(block)) return [];
    const { data, event } = RECORD.exec(block)?.groups ?? {};
    breaches.check(data !== undefined, 'framing: one record is one line of data', block);
    return data === undefined ? [] : [{ event, data }];
  });
}

function decode(bytes: Uint8Array, breaches: Breaches): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    breaches.check(false, 'framing: UTF-8');
    return Buffer.from(bytes).toString();
  }
}

export function parseData(data: string, breaches: Breaches): Record<string, unknown> | undefined {
  try {
    return JSON.parse(data) as Record<string, unknown>;
  } catch {
    breaches.check(false, 'framing: data is JSON', data);
    return undefined;
  }
}
