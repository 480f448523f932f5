import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitUntil } from './wait-until.js';

/** One request to it, from its first byte on. */
export interface RawCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Bytes of the body that were read so far. */
  received: number;
  /** Its connection is closed. */
  closed: boolean;
}

/** An upstream that is steered by hand while a body is still on its way to it. */
export class RawUpstream {
  readonly calls: RawCall[] = [];
  readonly #server: Server;

  /** @param serve may read the body; nobody else does */
  private constructor(serve: (call: RawCall) => void) {
    this.#server = createServer((request, response) => {
      const call = { request, response, received: 0, closed: false };
      request.on('error', () => undefined);
      response.on('error', () => undefined);
      response.on('close', () => {
        call.closed = true;
      });
      this.calls.push(call);
      serve(call);
    });
  }

  static async start(serve: (call: RawCall) => void): Promise<RawUpstream> {
    const upstream = new RawUpstream(serve);
    upstream.#server.listen(0, '127.0.0.1');
    await once(upstream.#server, 'listening');
    return upstream;
  }

  /** Without trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  waitForCall(index: number): Promise<RawCall> {
    return waitUntil(() => this.calls[index], `call ${index}`);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

/** Reads a body and forgets it. */
export function readAway(call: RawCall): void {
  call.request.on('data', (chunk: Buffer) => {
    call.received += chunk.length;
  });
}
