import { isDeepStrictEqual } from 'node:util';
import type { Breaches } from './breaches.js';
import { ResponseItemReader, type ResponseEvent } from './response-item-reader.js';
import { parseData, type SentRecord } from './sent-records.js';

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed']);
const FRAME = new Set([...ENDS, 'response.created', 'response.in_progress', 'response.queued']);

/** Checks the stream of a response from end to end. */
export function checkResponsesGrammar(records: readonly SentRecord[], breaches: Breaches): void {
  const events = records.flatMap(({ event, data }) => {
    const value = parseData(data, breaches) as unknown as ResponseEvent | undefined;
    if (value === undefined) return [];
    breaches.check(value.type === event, 'an event is named as its type', { event, data });
    return [value];
  });
  const numbers = events.map((event) => event.sequence_number);
  const isContiguous = numbers.every((number, index) => number === index);
  breaches.check(isContiguous, 'contiguous sequence numbers from 0', numbers.slice(0, 50));
  breaches.check(events[0]?.type === 'response.created', 'begins with response.created');
  breaches.check(events[1]?.type === 'response.in_progress', 'then response.in_progress');
  const ends = events.filter(({ type }) => ENDS.has(type));
  breaches.check(ends.length === 1, 'one terminal event', ends.length);
  breaches.check(ends[0] === events.at(-1), 'nothing after the terminal event');

  const output = readItems(
    events.filter(({ type }) => !FRAME.has(type)),
    breaches,
  );
  checkResponses(
    events.filter(({ type }) => FRAME.has(type)),
    breaches,
  );
  const told = ends[0]?.response;
  breaches.check(told?.usage != null, 'usage in the terminal event');
  const isSum = isDeepStrictEqual(told?.output, output);
  breaches.check(isSum, 'the response is what the items add up to', { told: told?.output, output });
}

function checkResponses(events: readonly ResponseEvent[], breaches: Breaches): void {
  for (const member of ['id', 'created_at', 'model', 'object'] as const) {
    const values = [...new Set(events.map(({ response }) => response?.[member]))];
    breaches.check(values.length === 1, `constant ${member}`, values);
  }
  for (const { type, response } of events) {
    const status = type === 'response.created' ? 'in_progress' : type.replace('response.', '');
    breaches.check(response?.status === status, 'the status is that of the event', type);
    const isBegun = ENDS.has(type) || isDeepStrictEqual(response?.output, []);
    breaches.check(isBegun, 'no output before it is told', response?.output);
  }
}

/** The items as they were when they were done. */
function readItems(events: readonly ResponseEvent[], breaches: Breaches): unknown[] {
  const readers: ResponseItemReader[] = [];
  for (const event of events) {
    const index = event.output_index ?? -1;
    if (event.type === 'response.output_item.added') {
      breaches.check(index === readers.length, 'dense indexes of items', event);
      readers.push(new ResponseItemReader(event, breaches));
    } else {
      const reader = readers[index];
      breaches.check(reader !== undefined, 'an event belongs to an item', event);
      reader?.read(event);
    }
  }
  const ids = readers.map(({ id }) => id);
  breaches.check(new Set(ids).size === ids.length, 'every item has its own id', ids);
  for (const reader of readers) reader.end();
  return readers.map(({ item }) => item);
}
