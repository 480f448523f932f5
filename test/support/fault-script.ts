import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';

/**
 * How the fault upstream answers one request, as data. Without faults it is an ordinary answer:
 * `{ body: {...} }` is JSON, `{ events: [...], done: true }` a stream that ends with `[DONE]`.
 */
export interface FaultScript {
  /** Milliseconds before anything is sent. */
  readonly delayMs?: number;
  /** Before the status line: `stall` never answers, `reset` sends a TCP reset, `close` just closes. */
  readonly beforeHeaders?: 'stall' | 'reset' | 'close';
  /** Default 200. */
  readonly status?: number;
  /** Added to and winning over the content type that `body` and `events` imply. */
  readonly headers?: Readonly<Record<string, string | string[]>>;

  /**
   * The whole answer. An object is sent as JSON; a string or Buffer as it is, typed by its first
   * character (`{` or `[` JSON, `<` HTML, else an event stream when it looks like one, or plain text).
   */
  readonly body?: string | object | Buffer;

  /** A stream: strings are sent as they are, objects as JSON. Not together with `body`. */
  readonly events?: readonly (string | object)[];
  /** `sse` (default) puts each event in a `data:` record, `ndjson` on a line. */
  readonly framing?: 'sse' | 'ndjson';
  /** SSE only: `event: <type>` before each object that has a `type`, as Anthropic sends it. */
  readonly named?: boolean;
  /** SSE only: ends with `data: [DONE]`. */
  readonly done?: boolean;
  /** The events are sent this many times over; for offers too large to write down. Default 1. */
  readonly repeat?: number;

  /**
   * How the bytes of the body are cut into HTTP chunks. Each chunk arrives as one piece at an HTTP
   * client, whatever TCP does. `whole` (default) is one piece, `per-event` one record each,
   * `with-comments` the same with a `: keep-alive` comment before each record (NDJSON: an empty
   * line), a number that many bytes each, a list those sizes in turn, again and again.
   */
  readonly cut?: 'whole' | 'per-event' | 'with-comments' | number | readonly number[];
  /** Milliseconds between two pieces. */
  readonly dripMs?: number;
  /** Awaited before the last piece, so that a test decides when the answer becomes whole. */
  readonly gate?: Promise<void>;

  /** Records of the body that are sent before `ending` happens; 0 is just the headers. Needs `ending`. */
  readonly afterEvents?: number;
  /** Bytes of the body that are sent before `ending` happens. Needs `ending`. */
  readonly afterBytes?: number;
  /**
   * What happens there: `stall` keeps the connection open and silent, `reset` sends a TCP reset,
   * `truncate` closes the connection without the body's end, `end` ends the body cleanly (and so
   * too early), `error` sends one in-band OpenAI error record and then ends the body cleanly.
   */
  readonly ending?: 'stall' | 'reset' | 'truncate' | 'end' | 'error';

  /**
   * Sent with `content-encoding: gzip`, asked for or not. `broken` damages a byte in the middle,
   * `truncated` leaves the last bytes out and ends the HTTP body cleanly.
   */
  readonly gzip?: true | 'broken' | 'truncated';
}

export const FAULT_ERROR = {
  error: { message: 'The server had an error', type: 'server_error', param: null, code: null },
};

/** The content type that a script implies when its headers name none. */
export function contentTypeOf(script: FaultScript): string {
  if (script.events) {
    return script.framing === 'ndjson' ? 'application/x-ndjson' : 'text/event-stream';
  }
  if (script.body === undefined) return 'application/json';
  if (typeof script.body === 'object' && !Buffer.isBuffer(script.body)) return 'application/json';
  const start = script.body.toString().slice(0, 64).trimStart();
  if (start.startsWith('{') || start.startsWith('[')) return 'application/json';
  if (start.startsWith('<')) return 'text/html';
  return /^(data|event|id|retry)?:/.test(start) ? 'text/event-stream' : 'text/plain';
}

/** The pieces to send, in order; each becomes one HTTP chunk. */
export async function piecesOf(script: FaultScript): Promise<Buffer[]> {
  let records = recordsOf(script);
  if (script.afterEvents !== undefined) records = records.slice(0, script.afterEvents);
  if (script.ending === 'error') records.push(record(script, JSON.stringify(FAULT_ERROR), 'error'));

  const perRecord = script.cut === 'per-event' || script.cut === 'with-comments';
  if (script.cut === 'with-comments') {
    const comment = Buffer.from(script.framing === 'ndjson' ? '\n' : ': keep-alive\n\n');
    records = records.map((each) => Buffer.concat([comment, each]));
  }
  let pieces = perRecord ? records : [Buffer.concat(records)];
  if (script.gzip) pieces = await compress(pieces, script.gzip);
  if (script.afterBytes !== undefined) pieces = firstBytes(pieces, script.afterBytes);
  if (typeof script.cut === 'number') pieces = cutBytes(pieces, [script.cut]);
  if (Array.isArray(script.cut)) pieces = cutBytes(pieces, script.cut);
  return pieces.filter((piece) => piece.length > 0);
}

function recordsOf(script: FaultScript): Buffer[] {
  if (!script.events) return bodyRecords(script.body);
  const once = script.events.map((event) => {
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    const type = script.named && typeof event === 'object' ? typeName(event) : undefined;
    return record(script, text, type);
  });
  const records = Array.from({ length: script.repeat ?? 1 }, () => once).flat();
  if (script.done) records.push(Buffer.from('data: [DONE]\n\n'));
  return records;
}

function typeName(event: object): string | undefined {
  return 'type' in event && typeof event.type === 'string' ? event.type : undefined;
}

function record(script: FaultScript, text: string, type?: string): Buffer {
  if (script.framing === 'ndjson') return Buffer.from(`${text}\n`);
  const name = script.named && type ? `event: ${type}\n` : '';
  const data = text
    .split('\n')
    .map((line) => `data: ${line}`)
    .join('\n');
  return Buffer.from(`${name}${data}\n\n`);
}

/** A body given as text is one record, except that an event stream is split after its blank lines. */
function bodyRecords(body: FaultScript['body']): Buffer[] {
  if (body === undefined) return [];
  if (Buffer.isBuffer(body)) return splitRecords(body);
  return splitRecords(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
}

function splitRecords(body: Buffer): Buffer[] {
  // latin1 keeps one character per byte, so offsets in the text are offsets in the buffer.
  const records = body.toString('latin1').match(/[^]*?(?:\r\n\r\n|\n\n|\r\r|$)/g) ?? [];
  return records.map((text) => Buffer.from(text, 'latin1'));
}

async function compress(pieces: readonly Buffer[], how: true | 'broken' | 'truncated') {
  if (how === true) return compressEach(pieces);
  const whole = await promisify(gzip)(Buffer.concat(pieces));
  if (how === 'truncated') return [whole.subarray(0, Math.floor(whole.length / 2))];
  // Past the ten bytes of the header, so that it is the data that is broken.
  const middle = Math.max(10, Math.floor(whole.length / 2));
  whole.fill(0xff, middle, middle + 4);
  return [whole];
}

/** One gzip stream, flushed after each piece, so that a piece can be decoded when it arrives. */
async function compressEach(pieces: readonly Buffer[]): Promise<Buffer[]> {
  const stream = createGzip();
  const compressed: Buffer[] = [];
  for (const piece of pieces) {
    stream.write(piece);
    await new Promise<void>((resolve) => stream.flush(constants.Z_SYNC_FLUSH, resolve));
    compressed.push((stream.read() as Buffer | null) ?? Buffer.alloc(0));
  }
  stream.end();
  for await (const rest of stream) compressed.push(rest as Buffer);
  return compressed;
}

function firstBytes(pieces: readonly Buffer[], limit: number): Buffer[] {
  const kept: Buffer[] = [];
  let left = limit;
  for (const piece of pieces) {
    kept.push(piece.subarray(0, left));
    left -= Math.min(left, piece.length);
  }
  return kept;
}

function cutBytes(pieces: readonly Buffer[], sizes: readonly number[]): Buffer[] {
  const whole = Buffer.concat(pieces);
  const cuts: Buffer[] = [];
  let start = 0;
  for (let index = 0; start < whole.length; index += 1) {
    const size = Math.max(1, sizes[index % sizes.length] ?? whole.length);
    cuts.push(whole.subarray(start, start + size));
    start += size;
  }
  return cuts;
}
