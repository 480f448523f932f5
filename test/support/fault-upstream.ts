import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { contentTypeOf, piecesOf, type FaultScript } from './fault-script.js';

/** What one request looked like, and how far its answer got. */
export interface RecordedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the body, when it is JSON that has one. */
  readonly model: string | undefined;
  /** The client closed the connection before the answer was whole. */
  readonly aborted: boolean;
  /** Body bytes that the socket took so far. */
  readonly bytesSent: number;
  /** Which connection it came on, counted from 0. */
  readonly connection: number;
}

export type FaultScriptSource = FaultScript | ((request: RecordedRequest) => FaultScript);

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const NO_SCRIPT: FaultScript = {
  status: 501,
  body: { error: { message: 'The fault upstream has no script', type: 'test', code: null } },
};

/**
 * A real HTTP server on 127.0.0.1 that answers as its scripts say, faults included. A request is
 * answered by the first of: the queue of `next`, a matching `when` (the newest wins), `always`.
 */
export class FaultUpstream {
  /** All requests in the order in which their bodies were read. */
  readonly requests: RecordedRequest[] = [];
  readonly #server: Server;
  readonly #queue: FaultScriptSource[] = [];
  readonly #rules: { matches: (request: RecordedRequest) => boolean; script: FaultScriptSource }[] =
    [];
  readonly #connections = new Map<Socket, number>();
  readonly #aborts = new Map<number, PromiseWithResolvers<void>>();
  readonly #arrivals = new Map<number, PromiseWithResolvers<RecordedRequest>>();
  readonly #closing = new AbortController();
  #connectionCount = 0;
  #default: FaultScriptSource = NO_SCRIPT;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    });
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('connection', (socket) => {
      this.#connections.set(socket, this.#connectionCount);
      this.#connectionCount += 1;
      socket.on('close', () => this.#connections.delete(socket));
      socket.on('error', () => undefined);
    });
  }

  static async start(): Promise<FaultUpstream> {
    const upstream = new FaultUpstream();
    upstream.#server.listen(0, '127.0.0.1');
    await once(upstream.#server, 'listening');
    return upstream;
  }

  /** Without trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections accepted since the start. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  get openConnections(): number {
    return this.#connections.size;
  }

  /** Queues a script for one request. */
  next(...scripts: FaultScriptSource[]): this {
    this.#queue.push(...scripts);
    return this;
  }

  /** Answers every request that nothing else answers. */
  always(script: FaultScriptSource): this {
    this.#default = script;
    return this;
  }

  /** Answers the requests that match. */
  when(matches: (request: RecordedRequest) => boolean, script: FaultScriptSource): this {
    this.#rules.unshift({ matches, script });
    return this;
  }

  /** Answers the requests whose body names this model. */
  forModel(model: string, script: FaultScriptSource): this {
    return this.when((request) => request.model === model, script);
  }

  /** Resolves when the request with this index, counted from 0, has arrived. */
  async waitForRequest(index: number): Promise<RecordedRequest> {
    return this.requests[index] ?? entry(this.#arrivals, index).promise;
  }

  /** Resolves when the client has closed the connection of this request before its answer was whole. */
  async waitForAbort(index: number): Promise<void> {
    return entry(this.#aborts, index).promise;
  }

  /** Cuts every connection and stops listening. */
  async close(): Promise<void> {
    this.#closing.abort();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await this.#record(message, response);
    const script = this.#scriptFor(request);
    await pause(script.delayMs, response, this.#closing.signal);
    if (response.destroyed) return;
    if (script.beforeHeaders) return interrupt(response, script.beforeHeaders);

    const pieces = await piecesOf(script);
    response.writeHead(script.status ?? 200, {
      'content-type': contentTypeOf(script),
      ...(script.gzip ? { 'content-encoding': 'gzip' } : {}),
      ...script.headers,
    });
    response.flushHeaders();
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await pause(script.dripMs, response, this.#closing.signal);
      if (index === pieces.length - 1) await script.gate;
      if (!(await send(response, piece))) return;
      request.bytesSent += piece.length;
    }
    if (script.ending === 'stall') return;
    if (script.ending === 'reset') return interrupt(response, 'reset');
    if (script.ending === 'truncate') return interrupt(response, 'close');
    response.end();
  }

  async #record(
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<Mutable<RecordedRequest>> {
    const body = await text(message);
    const request: Mutable<RecordedRequest> = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      body,
      model: modelOf(body),
      aborted: false,
      bytesSent: 0,
      connection: this.#connections.get(message.socket) ?? -1,
    };
    const index = this.requests.push(request) - 1;
    response.on('close', () => {
      if (response.writableFinished || this.#closing.signal.aborted || response.errored) return;
      if (interrupted.has(response)) return;
      request.aborted = true;
      entry(this.#aborts, index).resolve();
    });
    entry(this.#arrivals, index).resolve(request);
    return request;
  }

  #scriptFor(request: RecordedRequest): FaultScript {
    const source =
      this.#queue.shift() ??
      this.#rules.find((rule) => rule.matches(request))?.script ??
      this.#default;
    return typeof source === 'function' ? source(request) : source;
  }
}

/** Answers that the server itself cut, so that their end is not taken for the client's. */
const interrupted = new WeakSet<ServerResponse>();

function interrupt(response: ServerResponse, how: 'stall' | 'reset' | 'close'): void {
  if (how === 'stall') return;
  interrupted.add(response);
  if (how === 'reset') response.socket?.resetAndDestroy();
  else response.socket?.destroySoon();
}

/** Resolves when the socket took the bytes, with false when the client is gone. */
async function send(response: ServerResponse, piece: Buffer): Promise<boolean> {
  if (response.destroyed) return false;
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    response.once('close', gone);
    response.write(piece, (error) => {
      response.off('close', gone);
      resolve(!error);
    });
  });
}

/** Resolves early when the client leaves or the server closes. */
async function pause(
  milliseconds: number | undefined,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  if (!milliseconds || closing.aborted) return;
  await new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      response.off('close', finish);
      closing.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    response.once('close', finish);
    closing.addEventListener('abort', finish);
  });
}

function entry<T>(
  map: Map<number, PromiseWithResolvers<T>>,
  index: number,
): PromiseWithResolvers<T> {
  const existing = map.get(index);
  if (existing) return existing;
  const created = Promise.withResolvers<T>();
  map.set(index, created);
  return created;
}

function modelOf(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('model' in value)) return undefined;
    return typeof value.model === 'string' ? value.model : undefined;
  } catch {
    return undefined;
  }
}
