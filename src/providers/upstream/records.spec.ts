import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNdjsonReader } from './ndjson.js';
import type { RecordListener, RecordReader } from './record-reader.js';
import { createServerSentEventsReader } from './server-sent-events.js';
import type { ServerSentEvent } from './upstream-call.js';

type CreateReader = (onRecord: RecordListener, maxLength?: number) => RecordReader;

function read(create: CreateReader, pieces: readonly Buffer[]): ServerSentEvent[] {
  const records: ServerSentEvent[] = [];
  const reader = create(({ event, data }) => records.push({ event, data }));
  for (const piece of pieces) expect(reader.push(piece)).toBe(true);
  expect(reader.end()).toBe(true);
  return records;
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

const bytewise = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.of(byte));

/** Characters of one to four bytes. */
const TEXT = fc.string({ unit: fc.constantFrom('a', ' ', ':', '"', 'é', '漢', '🎉', '\u00ef') });

describe(createServerSentEventsReader, () => {
  const parse = (text: string) => read(createServerSentEventsReader, [Buffer.from(text)]);

  it.each<[string, string, { event?: string; data: string }[]]>([
    ['one record', 'data: a\n\n', [{ data: 'a' }]],
    ['no space after the colon', 'data:a\n\n', [{ data: 'a' }]],
    ['only one space is dropped', 'data:  a\n\n', [{ data: ' a' }]],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [{ data: 'a' }, { data: 'b' }]],
    ['lone CR', 'data: a\r\rdata: b\r\r', [{ data: 'a' }, { data: 'b' }]],
    ['mixed ends', 'data: a\r\n\ndata: b\n\r', [{ data: 'a' }, { data: 'b' }]],
    ['several data lines', 'data: a\ndata: b\n\n', [{ data: 'a\nb' }]],
    ['a byte order mark', '\ufeffdata: a\n\n', [{ data: 'a' }]],
    ['comments', ': x\n\ndata: a\n: y\n\n:\n\n', [{ data: 'a' }]],
    ['names', 'event: x\ndata: a\n\ndata: b\n\n', [{ event: 'x', data: 'a' }, { data: 'b' }]],
    ['a name after the data', 'data: a\nevent: x\n\n', [{ event: 'x', data: 'a' }]],
    ['a name without data', 'event: x\n\ndata: a\n\n', [{ data: 'a' }]],
    ['other fields', 'id: 1\nretry: 5\nfoo: bar\ndata: a\n\n', [{ data: 'a' }]],
    ['an empty data line', 'data:\n\n', [{ data: '' }]],
    ['a last record without a blank line', 'data: a\n\ndata: b\n', [{ data: 'a' }, { data: 'b' }]],
    ['a last line without an end', 'data: a\n\ndata: b', [{ data: 'a' }, { data: 'b' }]],
    ['nothing', '', []],
    ['blank lines', '\n\n\r\n\n', []],
  ])('reads %s, whole and byte by byte', (_, text, expected) => {
    expect(parse(text)).toEqual(expected);
    expect(read(createServerSentEventsReader, bytewise(Buffer.from(text)))).toEqual(expected);
  });

  it('gives the same records for every cut', () => {
    const line = fc.oneof(
      fc.tuple(fc.constantFrom('data: ', 'data:', 'event: ', 'id: ', ': ', ':'), TEXT),
      fc.tuple(fc.constant(''), fc.constant('')),
    );
    const end = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, end), { maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.boolean(),
        (lines, cuts, mark) => {
          const text = lines.map(([[field, value], lineEnd]) => field + value + lineEnd).join('');
          const bytes = Buffer.from((mark ? '\ufeff' : '') + text);
          const whole = read(createServerSentEventsReader, [bytes]);
          expect(read(createServerSentEventsReader, cutAt(bytes, cuts))).toEqual(whole);
          expect(read(createServerSentEventsReader, bytewise(bytes))).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives back what was written, for every cut', () => {
    fc.assert(
      fc.property(
        fc.array(TEXT, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (texts, cuts) => {
          const bytes = Buffer.from(texts.map((text) => `data: ${text}\n\n`).join(''));
          const records = read(createServerSentEventsReader, cutAt(bytes, cuts));
          expect(records.map(({ data }) => data)).toEqual(texts);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['one long line', (size: number) => `data: ${'x'.repeat(size)}`],
    ['many short lines', (size: number) => 'data: x\n'.repeat(Math.ceil(size / 2))],
  ])('refuses a record over the limit: %s', (_, write) => {
    const push = (size: number) => {
      const reader = createServerSentEventsReader(() => undefined, 1000);
      const pieces = cutAt(
        Buffer.from(write(size)),
        Array.from({ length: 100 }, (__, index) => index * 64),
      );
      return pieces.every((piece) => reader.push(piece));
    };
    expect(push(900)).toBe(true);
    expect(push(1200)).toBe(false);
  });
});

describe(createNdjsonReader, () => {
  it.each<[string, string, string[]]>([
    ['lines', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['a last line without an end', '{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
    ['CRLF', '{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
    ['blank lines', '\n\n{"a":1}\n \r\n', ['{"a":1}']],
    ['a byte order mark', '\ufeff{"a":1}\n', ['{"a":1}']],
    ['nothing', '', []],
  ])('reads %s, whole and byte by byte', (_, text, expected) => {
    const records = expected.map((data) => ({ data }));
    expect(read(createNdjsonReader, [Buffer.from(text)])).toEqual(records);
    expect(read(createNdjsonReader, bytewise(Buffer.from(text)))).toEqual(records);
  });

  it('gives back what was written, for every cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ text: TEXT })),
        fc.array(fc.nat(), { maxLength: 12 }),
        (values, cuts) => {
          const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
          const records = read(createNdjsonReader, cutAt(bytes, cuts));
          expect(records.map(({ data }) => JSON.parse(data))).toEqual(values);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuses a line over the limit', () => {
    const reader = createNdjsonReader(() => undefined, 1000);
    expect(reader.push(Buffer.alloc(600, 'x'))).toBe(true);
    expect(reader.push(Buffer.alloc(600, 'x'))).toBe(false);
  });
});
