import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { waitUntil } from './wait-until.js';

/** One request at the steered upstream. Nothing is answered until the test says so. */
export class SteeredCall {
  /** The client closed the connection before the answer was whole. */
  isAborted = false;

  constructor(
    readonly body: string,
    readonly headers: IncomingHttpHeaders,
    private readonly response: ServerResponse,
    readonly path = '',
  ) {
    response.once('close', () => {
      this.isAborted = !response.writableFinished;
    });
  }

  /** Sends these records of a stream. Resolves when the socket took them, or is gone. */
  async send(...events: readonly object[]): Promise<void> {
    await this.write(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
  }

  /** Ends a stream as OpenAI does. */
  async done(): Promise<void> {
    await this.write('data: [DONE]\n\n');
    this.response.end();
  }

  /** Sends bytes of a stream as they are. */
  async write(bytes: string | Buffer): Promise<void> {
    const { response } = this;
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (response.destroyed) return;
    await new Promise<void>((resolve) => {
      const finish = () => {
        response.off('close', finish);
        resolve();
      };
      response.once('close', finish);
      response.write(bytes, finish);
    });
  }

  /** Ends the body, whatever has been sent. */
  end(): void {
    this.response.end();
  }

  /** Closes the connection without the end of the body. */
  cut(): void {
    this.response.socket?.destroySoon();
  }

  /** Answers with one JSON document. */
  json(value: object): void {
    if (this.response.headersSent) return;
    this.response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  }

  /** Answers with an error. */
  refuse(status: number, headers: Record<string, string> = {}): void {
    const body = JSON.stringify({ error: { message: 'Refused', type: 'server_error' } });
    this.response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }

  async waitForAbort(): Promise<void> {
    await waitUntil(() => this.isAborted, 'the upstream call to be aborted');
  }
}

/** A vendor that a test plays by hand, so that nothing depends on how fast anybody is. */
export class SteeredUpstream {
  /** In the order in which their bodies were read. */
  readonly calls: SteeredCall[] = [];
  /** Answers calls as they arrive, where a test does not want to. */
  reply: ((call: SteeredCall) => void) | undefined;
  readonly #server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = new SteeredCall(body, request.headers, response, request.url);
      this.calls.push(call);
      this.reply?.(call);
    });
  });

  static async start(): Promise<SteeredUpstream> {
    const upstream = new SteeredUpstream();
    upstream.#server.listen(0, '127.0.0.1');
    await once(upstream.#server, 'listening');
    return upstream;
  }

  /** Without trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves with the call of this index, counted from 0, when it has arrived. */
  waitForCall(index: number): Promise<SteeredCall> {
    return waitUntil(() => this.calls[index], `call ${index} to the upstream`);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
