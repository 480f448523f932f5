import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import { MAX_RECORD_LENGTH, type RecordListener, type RecordReader } from './record-reader.js';

/** Reads `text/event-stream`. Records without data are keep-alives and are not delivered. */
export function createServerSentEventsReader(
  onRecord: RecordListener,
  maxLength = MAX_RECORD_LENGTH,
): RecordReader {
  const decoder = new StringDecoder('utf8');
  let tooLong = false;
  const parser = createParser({
    onEvent: onRecord,
    maxBufferSize: maxLength,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') tooLong = true;
    },
  });
  const feed = (text: string): boolean => {
    if (!tooLong && text !== '') parser.feed(text);
    return !tooLong;
  };
  return {
    push: (chunk) => feed(decoder.write(chunk)),
    end: () => feed(`${decoder.end()}\n\n`),
  };
}
