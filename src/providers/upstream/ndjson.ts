import { StringDecoder } from 'node:string_decoder';
import { MAX_RECORD_LENGTH, type RecordListener, type RecordReader } from './record-reader.js';

/** Reads newline-delimited JSON; each line that is not blank is a record. */
export function createNdjsonReader(
  onRecord: RecordListener,
  maxLength = MAX_RECORD_LENGTH,
): RecordReader {
  const decoder = new StringDecoder('utf8');
  // Kept apart until the line ends: joining at every chunk would copy a long line again and again.
  let pending: string[] = [];
  let pendingLength = 0;

  const deliver = (line: string): void => {
    const data = line.trim();
    if (data !== '') onRecord({ data });
  };
  const feed = (text: string): boolean => {
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      pending.push(text.slice(start, end));
      deliver(pending.length === 1 ? (pending[0] as string) : pending.join(''));
      pending = [];
      pendingLength = 0;
      start = end + 1;
    }
    if (start < text.length) pending.push(text.slice(start));
    pendingLength += text.length - start;
    return pendingLength <= maxLength;
  };
  return {
    push: (chunk) => feed(decoder.write(chunk)),
    end: () => feed(`${decoder.end()}\n`),
  };
}
