import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { waitUntil } from './wait-until.js';

export interface StreamClientOptions {
  /** Without trailing slash. */
  readonly url: string;
  readonly key: string;
  readonly body: object;
  readonly headers?: Record<string, string>;
  /** False: the client opens the stream and reads nothing of it until `read()`. */
  readonly reads?: boolean;
}

/** A client on a connection of its own that sees a stream record by record and may leave at any moment. */
export class StreamClient {
  /** What came after `data: `, record by record. */
  readonly frames: string[] = [];
  /** Records that were comments. */
  comments = 0;
  /** Everything that was read, as it came. */
  raw = '';
  /** How the answer ended: whole, or by a broken connection. */
  readonly ended: Promise<'whole' | 'broken'>;
  /** The status line and headers. */
  readonly answered: Promise<IncomingMessage>;
  #rest = '';
  readonly #request: ClientRequest;

  constructor({ url, key, body, headers, reads = true }: StreamClientOptions) {
    const text = JSON.stringify(body);
    this.#request = request(`${url}/v1/chat/completions`, {
      method: 'POST',
      agent: false,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...headers,
      },
    });
    this.answered = new Promise((resolve, reject) => {
      this.#request.once('response', resolve).once('error', reject);
    });
    this.answered.catch(() => undefined);
    this.ended = new Promise((resolve) => {
      this.#request.once('error', () => resolve('broken'));
      this.#request.once('response', (incoming) => {
        incoming.once('end', () => resolve('whole'));
        incoming.once('error', () => resolve('broken'));
      });
    });
    this.#request.end(text);
    if (reads) this.read();
  }

  get values(): Record<string, unknown>[] {
    return this.frames
      .filter((frame) => frame !== '[DONE]')
      .map((frame) => JSON.parse(frame) as Record<string, unknown>);
  }

  /** The text that all chunks add up to. */
  get text(): string {
    return this.values
      .flatMap((value) => (value['choices'] ?? []) as { delta?: { content?: string | null } }[])
      .map((choice) => choice.delta?.content ?? '')
      .join('');
  }

  get isDone(): boolean {
    return this.frames.at(-1) === '[DONE]';
  }

  /** Begins to read. */
  read(): void {
    this.answered.then(
      (incoming) => {
        incoming.setEncoding('utf8').on('data', (text: string) => this.#take(text));
      },
      () => undefined,
    );
  }

  /** Resolves when this many records have been seen. */
  async waitForFrames(count: number): Promise<void> {
    await waitUntil(() => this.frames.length >= count, `${count} records of a stream`);
  }

  /** Of this end of the connection; undefined before there is one. */
  get port(): number | undefined {
    return this.#request.socket?.localPort;
  }

  /** Closes the connection without waiting for anything. */
  leave(): void {
    this.#request.destroy();
  }

  #take(text: string): void {
    this.raw += text;
    const records = (this.#rest + text).split('\n\n');
    this.#rest = records.pop() ?? '';
    for (const record of records) {
      if (record.startsWith('data: ')) this.frames.push(record.slice('data: '.length));
      else if (record.startsWith(':')) this.comments += 1;
      else throw new Error(`a record that is neither data nor comment: ${record.slice(0, 100)}`);
    }
  }
}
