import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

const BOUNDARY = 'form-client-boundary';

export interface FormAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A client that writes a form piece by piece, and may leave in the middle. */
export class FormClient {
  /** Rejects when the connection broke before the answer was whole. */
  readonly answered: Promise<FormAnswer>;
  readonly #request: ClientRequest;

  constructor(url: string, key: string, headers: Record<string, string | number> = {}) {
    this.#request = request(url, {
      method: 'POST',
      agent: false,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
        ...headers,
      },
    });
    this.#request.flushHeaders();
    this.answered = new Promise((resolve, reject) => {
      this.#request.once('error', reject);
      this.#request.once('response', (incoming) => {
        const { statusCode = 0, headers: got } = incoming;
        text(incoming).then((body) => resolve({ status: statusCode, headers: got, body }), reject);
      });
    });
    this.answered.catch(() => undefined);
  }

  field(name: string, value: string): this {
    return this.write(head(`name="${name}"`) + value + '\r\n');
  }

  /** Its content follows by `write`. */
  file(name = 'file'): this {
    return this.write(head(`name="${name}"; filename="a.mp3"`));
  }

  write(bytes: string | Buffer): this {
    this.#request.write(bytes);
    return this;
  }

  /** Writes so many bytes and waits for them to be taken. */
  async fill(bytes: number): Promise<this> {
    const piece = Buffer.alloc(64 * 1024, 'x');
    for (let left = bytes; left > 0; left -= piece.length) {
      await new Promise<void>((resolve) => {
        this.#request.write(piece.subarray(0, Math.min(piece.length, left)), () => resolve());
      });
    }
    return this;
  }

  endFile(): this {
    return this.write('\r\n');
  }

  end(): this {
    this.#request.end(`--${BOUNDARY}--\r\n`);
    return this;
  }

  /** Closes the connection without waiting for anything. */
  leave(): void {
    this.#request.destroy();
  }
}

function head(parameters: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; ${parameters}\r\n\r\n`;
}
