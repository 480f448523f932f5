import type { ServerSentEvent } from './upstream-call.js';

/** Turns the bytes of a stream, however they are cut, into its records. */
export interface RecordReader {
  /** False when a record grew over `MAX_RECORD_LENGTH`; the reader is then of no further use. */
  push(chunk: Buffer): boolean;
  /** The body ended cleanly: a last record without its terminator is delivered all the same. */
  end(): boolean;
}

export type RecordListener = (record: ServerSentEvent) => void;

/** Characters: 16 MiB of data and room for the field name around it. */
export const MAX_RECORD_LENGTH = 16 * 1024 * 1024 + 64 * 1024;
